// Takes a share off its server.
//
// First nobody comes in any more, then what is written goes to the bucket, then the rows go. The
// files stay where they are unless the spec says otherwise: a share of the same name has them
// again. So does the row of their store of metadata, which the server has open for as long as it
// runs; see stores.ts.

import { ServerError, ServerUnreachableError } from "../../dittofs/errors.ts";
import type { DittofsClient } from "../../dittofs/client.ts";
import { messageOf } from "../../kube/errors.ts";
import type { Connection } from "../connections/connections.ts";
import { dittoShares } from "../kinds.ts";
import { isRemoteStoreOf, storeName } from "./names.ts";
import type { Pass } from "./pass.ts";
import { reclaim } from "./reclaim_step.ts";
import { isAsWanted, isLocalStore, metadataStore, successorIn } from "./stores.ts";

/** How long uploads may take at the end, in milliseconds. What is not done then stays on the volume. */
const DRAIN_MS = 60_000;

/** Removes the share. What is waited for becomes a problem of the pass. */
export async function unmakeShare(pass: Pass, connection: Connection): Promise<void> {
  const { share: { shareName, spec } } = pass;
  const { client } = connection;
  const metadata = await metadataOf(pass, client);
  const row = await client.shares.get(shareName);
  if (row && metadata && row.metadataStoreId === metadata.id) {
    if (row.enabled) await client.shares.disable(shareName);
    const keeps = spec.reclaimPolicy === "Retain";
    if (keeps && row.remoteBlockStoreId !== undefined) await upload(pass, client);
    // They would be those of the next share of the name.
    for (const { scope, identityId } of await client.shares.quotas.list(shareName)) {
      if (identityId === undefined) continue;
      const owner = scope === "group" ? { gid: identityId } : { uid: identityId };
      await client.shares.quotas.delete(shareName, owner);
    }
    await client.shares.delete(shareName);
  }
  const isOthers = row !== undefined && row.metadataStoreId !== metadata?.id;
  if (!isOthers) await removeStores(pass, client);
  if (spec.reclaimPolicy === "Delete" && !isOthers) await reclaim(pass, connection);
}

/**
 * The store of metadata that is ours: the one that is noted, or one that has the name that it must
 * have and looks like ours. We may have died before we noted it, or never have made it because
 * somebody else has one of the name.
 */
async function metadataOf({ share, noted }: Pass, { metadataStores }: DittofsClient) {
  if (noted.stores) return await metadataStores.get(noted.stores.metadata);
  const usual = await metadataStores.get(storeName(share.shareName));
  const next = usual && successorIn(usual)?.next;
  const store = next === undefined ? usual : await metadataStores.get(next);
  return store && isAsWanted(store, metadataStore(share, store.name)) ? store : undefined;
}

/** Waits until what was written is in the bucket, for as long as that is bearable. */
async function upload(
  { context, resource, share: { shareName } }: Pass,
  { shares, system }: DittofsClient,
): Promise<void> {
  const before = await shares.blocks.stats(shareName);
  if (!before || before.unsyncedBytes + before.pendingUploads === 0) return;
  try {
    await system.drainUploads(DRAIN_MS);
  } catch (error) {
    if (!(error instanceof ServerError || error instanceof ServerUnreachableError)) throw error;
    const left = await shares.blocks.stats(shareName);
    if (!left || left.unsyncedBytes === 0) return;
    await context.events.publish(dittoShares, resource, {
      ...{ type: "Warning", reason: "NotUploaded", action: "Delete" },
      note:
        `${left.unsyncedBytes} bytes of share "${shareName}" are not in the bucket and stay on the server's volume: ${
          messageOf(error)
        }`,
    });
  }
}

/** Removes the rows of the netgroup and of the stores of contents, which a new share makes again. */
async function removeStores({ share: { shareName, spec }, noted }: Pass, client: DittofsClient) {
  const name = storeName(shareName);
  await client.netgroups.delete(name);
  const local = await client.localStores.get(noted.stores?.local ?? name);
  if (local && (noted.stores || isLocalStore(local))) await client.localStores.delete(local.name);
  if (!spec.storage.remote) return;
  const remotes = (await client.remoteStores.list()).map(({ name }) => name);
  for (const remote of remotes.filter((other) => isRemoteStoreOf(shareName, other))) {
    await client.remoteStores.delete(remote);
  }
}
