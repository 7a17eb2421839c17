// Makes one share on its server: stores, row, export, grants, quotas, snapshots.
//
// What needs the row waits for it; nothing else waits for anything. A share whose row cannot be
// looked at, because its bucket does not answer, still gets its grants changed.

import type { DittoShareStatus } from "../../api/dittoshare.ts";
import type { Share as Row } from "../../dittofs/shares.ts";
import { canonicalQuantity } from "../quantity.ts";
import type { Connection } from "../connections/connections.ts";
import { makeGrants, makeQuotas } from "./access_step.ts";
import { makeExport } from "./export_step.ts";
import { claimUidOf } from "./fetch_step.ts";
import type { Pass, Reached } from "./pass.ts";
import { settleRestart } from "./restart.ts";
import { type MadeRow, makeRow, tellRow } from "./row_step.ts";
import { serve } from "./served_step.ts";
import { makeSnapshotPolicy } from "./snapshots_step.ts";
import { makeStores, type ShareStores, tellBucket } from "./stores_step.ts";

/** Makes the share through a connection. What is not in order becomes a problem of the pass. */
export async function makeShare(pass: Pass, connection: Connection): Promise<void> {
  const { share, context } = pass;
  const { client, server } = connection;
  const making = pass.noted.stores === undefined;
  const reached: Reached = { pass, share, context, client, server, connection, making };
  pass.inOrder.ServerReady = { reason: "Connected" };
  await pass.attempt("Serving", "when the server has started", () => settleRestart(reached));
  const stores = await makeStores(reached);
  if (!stores) return;
  pass.inOrder.StoresReady = { reason: "Made" };
  tellBucket(reached, stores);
  const made = await pass.attempt("Serving", "the share", () => makeRow(reached, stores));
  // Without its row nothing about a share can be said; unless it is only not looked at now.
  if (!made && !pass.wasInOrder("Serving")) return;
  const now = made?.isNew ? { ...reached, making: true } : reached;
  await makeParts(now, stores, made);
}

async function makeParts(
  reached: Reached,
  stores: ShareStores,
  made: MadeRow | undefined,
): Promise<void> {
  const { pass } = reached;
  pass.looked = true;
  // First of all who may mount it: the share is there for everybody since just now.
  await pass.attempt(
    "Serving",
    "its NFS export",
    () => makeExport(reached, made?.isNew ?? false),
  );
  const [row] = await Promise.all([
    made && pass.attempt("Serving", "letting clients in", () => serve(reached, stores, made.row)),
    pass.attempt("GrantsReady", "its grants", () => makeGrants(reached)),
    pass.attempt("QuotasReady", "its quotas", () => makeQuotas(reached)),
    pass.attempt("SnapshotPolicyReady", "its snapshots", () => makeSnapshotPolicy(reached)),
  ]);
  if (!row) return;
  tellRow(reached, row);
  if (!pass.has("Serving")) pass.inOrder.Serving = { reason: "Healthy", ...aside(pass) };
  await pass.attempt("StoresReady", "its former bucket", () => forgetBucket(reached, stores, row));
  note(reached, stores, row);
}

/** Other settings that wait for a restart keep nobody from anything. */
function aside({ noted }: Pass) {
  const fields = noted.restart?.fields ?? [];
  return fields.length === 0
    ? {}
    : { message: `From the next restart of the server on also: ${fields.join(", ")}` };
}

/** Removes the row of the bucket as it was seen before, when the share has another one. */
async function forgetBucket(
  { pass, client }: Reached,
  { remote }: ShareStores,
  { remoteBlockStoreId }: Row,
): Promise<void> {
  const before = pass.noted.stores?.remote;
  if (!remote || remoteBlockStoreId !== remote.id) return;
  if (before !== undefined && before !== remote.name) await client.remoteStores.delete(before);
}

/** Notes in the status what is there. What is there without having been finished is not noted. */
function note(reached: Reached, stores: ShareStores, row: Row): void {
  const { pass, making, share } = reached;
  const failed = pass.problems.some(({ error }) => error !== undefined);
  if (making && failed && share.spec.management === "Report") return;
  const { metadata, local, remote, placement } = stores;
  const before = pass.noted.stores;
  // While contents are missing it stays the former one, by which it is seen that they are.
  const isMissing = pass.problems.some(({ reason }) => reason === "Warming");
  const claimUID = isMissing ? before?.claimUID : claimUidOf(reached, stores) ?? before?.claimUID;
  const bound = remote && row.remoteBlockStoreId === remote.id ? remote.name : before?.remote;
  pass.noted = {
    ...pass.noted,
    stores: {
      metadata: metadata.name,
      local: local.name,
      ...(bound !== undefined && { remote: bound }),
      volume: placement.volume,
      localSize: canonicalQuantity(`${Math.round(placement.localSize / MIB)}Mi`),
      ...(claimUID !== undefined && { claimUID }),
    },
    usage: usageOf(row),
  };
}

/** In whole mebibytes, so that not every byte is a write. */
function usageOf({ usedBytes, quotaBytes }: Row): NonNullable<DittoShareStatus["usage"]> {
  const percent = Math.min(1000, Math.floor(usedBytes * 100 / quotaBytes));
  return {
    usedBytes: Math.floor(usedBytes / MIB) * MIB,
    ...(quotaBytes > 0 && { quotaBytes, percent }),
  };
}

const MIB = 1024 ** 2;
