// Makes one share on its server: stores, row, export, grants, quotas, snapshots.
//
// The export comes before the rest, because a new share is there for everybody at first. A share
// whose row takes half a minute to look at, because its bucket does not answer, gets its grants
// changed before that.

import type { DittoShareStatus } from "../../api/dittoshare.ts";
import type { Share as Row } from "../../dittofs/shares.ts";
import { canonicalQuantity } from "../quantity.ts";
import type { Connection } from "../connections/connections.ts";
import { makeGrants, makeQuotas } from "./access_step.ts";
import { makeExport } from "./export_step.ts";
import { claimUidOf } from "./fetch_step.ts";
import { isRemoteStoreOf } from "./names.ts";
import type { Pass, Reached } from "./pass.ts";
import { serverKeyOf } from "../rest/server_ref.ts";
import { report } from "./report.ts";
import { settleRestart } from "./restart.ts";
import { makeRow, tellRow } from "./row_step.ts";
import { serve } from "./served_step.ts";
import { isInServer } from "./snapshots.ts";
import { makeSnapshotPolicy } from "./snapshots_step.ts";
import { isReachable } from "./stores.ts";
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
  const isSlow = stores.remote !== undefined && !isReachable(stores.remote);
  // Looking at the row takes half a minute then; nobody waits so long for a grant to be taken back.
  if (isSlow && !making) await beforeSlowRow(reached);
  const made = await pass.attempt("Serving", "the share", () => makeRow(reached, stores));
  if (!made) return;
  const now = made.isNew ? { ...reached, making: true } : reached;
  if (!isSlow || making) await makeParts(now, made.isNew);
  if (made.isNew && isInServer(server, share.shareName)) {
    // The DittoServer's own policy for it could not be set before there was a share.
    context.hurryServer(serverKeyOf(pass.resource));
  }
  await open(now, stores, made.row);
}

/** What needs no look at the row, and the news that the look will take a while. */
async function beforeSlowRow(reached: Reached): Promise<void> {
  const { pass } = reached;
  await makeParts(reached, false);
  if (pass.wasInOrder("Serving")) return;
  const before = pass.resource.status?.conditions?.find(({ type }) => type === "Serving");
  pass.inOrder.Serving = { reason: before?.status === "True" ? before.reason : "Waiting" };
  await report(pass);
  delete pass.inOrder.Serving;
}

/** Makes the export, and who may do what. */
async function makeParts(reached: Reached, isNew: boolean): Promise<void> {
  const { pass } = reached;
  pass.looked = true;
  // First of all who may mount it: a new share is there for everybody since just now.
  await pass.attempt("Serving", "its NFS export", () => makeExport(reached, isNew));
  await Promise.all([
    pass.attempt("GrantsReady", "its grants", () => makeGrants(reached)),
    pass.attempt("QuotasReady", "its quotas", () => makeQuotas(reached)),
    pass.attempt("SnapshotPolicyReady", "its snapshots", () => makeSnapshotPolicy(reached)),
  ]);
}

/** Lets clients in, and notes what there is. */
async function open(reached: Reached, stores: ShareStores, found: Row): Promise<void> {
  const { pass } = reached;
  const row = await pass.attempt(
    "Serving",
    "letting clients in",
    () => serve(reached, stores, found),
  );
  if (!row) return;
  tellRow(reached, row);
  if (!pass.has("Serving")) pass.inOrder.Serving = { reason: "Healthy", ...aside(pass) };
  await pass.attempt("StoresReady", "its former bucket", () => forgetBuckets(reached, stores, row));
  note(reached, stores, row);
}

/** Other settings that wait for a restart keep nobody from anything. */
function aside({ noted }: Pass) {
  const fields = noted.restart?.fields ?? [];
  return fields.length === 0
    ? {}
    : { message: `From the next restart of the server on also: ${fields.join(", ")}` };
}

/**
 * When the share has another bucket, or the same one with another key: removes the rows of those
 * that it had, and of those that were tried.
 */
async function forgetBuckets(
  { pass, share, client }: Reached,
  { remote }: ShareStores,
  { remoteBlockStoreId }: Row,
): Promise<void> {
  if (!remote || remoteBlockStoreId !== remote.id) return;
  if (pass.noted.stores?.remote === remote.name) return;
  for (const { name } of await client.remoteStores.list()) {
    const isFormer = name !== remote.name && isRemoteStoreOf(share.shareName, name);
    if (isFormer) await client.remoteStores.delete(name);
  }
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
