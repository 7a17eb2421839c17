// Makes the stores of a share, and says how they are.

import type { Store, Stores as Endpoint } from "../../dittofs/stores.ts";
import { makeKey } from "../../kube/object.ts";
import { knownKey, readKey } from "./access_key.ts";
import { storeName } from "./names.ts";
import type { Share } from "./share.ts";
import { mayChange, type Pass, type Reached } from "./pass.ts";
import { type Placement, placementOf } from "./placement.ts";
import {
  bucketConfig,
  bucketStore,
  bucketStoreName,
  furtherStoreName,
  isAsWanted,
  isReachable,
  localStore,
  metadataStore,
  retired,
  successorIn,
  type WantedStore,
} from "./stores.ts";

/** The stores of a share as they are on the server. */
export interface ShareStores {
  readonly placement: Placement;
  readonly metadata: Store;
  readonly local: Store;
  /** Undefined for a share without a bucket. */
  readonly remote?: Store;
}

const ASPECT = "StoresReady";

/** The stores, made if need be; undefined if the share cannot be made with what there is. */
export async function makeStores(reached: Reached): Promise<ShareStores | undefined> {
  const { pass, share, client } = reached;
  const placement = placed(reached);
  if (!placement) return undefined;
  if (placement.tooSmall !== undefined) {
    pass.problems.push({
      ...{ aspect: ASPECT, reason: "NoRoom", message: placement.tooSmall, stalled: true },
    });
  }
  const [metadata, local, remote] = await Promise.all([
    pass.attempt(ASPECT, "its store of metadata", async () => {
      const name = await metadataName(reached);
      return await made(reached, client.metadataStores, metadataStore(share, name));
    }),
    pass.attempt(ASPECT, "its store of contents", async () => {
      return await made(reached, client.localStores, localStore(share, placement));
    }),
    pass.attempt(ASPECT, "its bucket", () => makeBucket(reached)),
  ]);
  if (!metadata || !local || (share.spec.storage.remote && !remote)) return undefined;
  return { placement, metadata, local, ...(remote && { remote }) };
}

/** Where the contents are to be; undefined while the server has no such volume. */
function placed({ pass, share, server, connection, context }: Reached): Placement | undefined {
  const noted = pass.noted.stores?.volume;
  const placement = placementOf(share, server, connection.resource.status, noted);
  const { namespace, names } = server;
  const { cache } = context.servers.statefulSets;
  const templates = cache.get(makeKey(namespace, names.statefulSet))?.spec?.volumeClaimTemplates;
  const there = templates?.some(({ metadata }) => metadata?.name === placement.volume);
  if (there) return placement;
  const message = `Waiting for the ${placement.volume} volume of DittoServer "${server.name}"`;
  pass.problems.push({ aspect: ASPECT, reason: "Waiting", message, stalled: false });
  return undefined;
}

/** What the store of metadata is called: the name that comes from the share's, unless used up. */
async function metadataName(reached: Reached): Promise<string> {
  const { pass, share, client: { metadataStores } } = reached;
  const noted = pass.noted.stores?.metadata;
  if (noted !== undefined) return noted;
  const usual = storeName(share.shareName);
  const row = await metadataStores.get(usual);
  const left = row && successorIn(row);
  if (!left) return usual;
  if (left.next !== undefined) return left.next;
  const next = furtherStoreName(share);
  await metadataStores.replace(usual, retired(next));
  return next;
}

/** The store of a name. One that exists and is not like ours is left alone. */
async function made(
  reached: Reached,
  endpoint: Endpoint,
  wanted: WantedStore,
): Promise<Store | undefined> {
  const { pass, share } = reached;
  const { name } = wanted;
  const live = await endpoint.get(name);
  if (!live) return await endpoint.create(wanted);
  if (isAsWanted(live, wanted)) return live;
  const { metadata, local, remote } = pass.noted.stores ?? {};
  if (![metadata, local, remote].includes(name)) {
    pass.problems.push({ aspect: ASPECT, ...strangeness(share, live, wanted), stalled: true });
    return undefined;
  }
  return mayChange(reached, ASPECT, [`store "${name}"`])
    ? await endpoint.replace(name, wanted)
    : live;
}

/** What is to be said of a store that is not like ours. */
function strangeness({ shareName }: Share, { config: live }: Store, { name, config }: WantedStore) {
  if (live.path === config.path && typeof live.contents === "string") {
    const message =
      `an earlier share "${shareName}" has left files whose contents are in ${live.contents}, and the spec says ${config.contents}`;
    return { reason: "ContentsElsewhere", message } as const;
  }
  const message =
    `store "${name}" is on the server and is not one that was made for share "${shareName}"`;
  return { reason: "NotOurs", message } as const;
}

/** The row of the bucket, seen with the access key of now. */
async function makeBucket(reached: Reached): Promise<Store | undefined> {
  const { pass, share, client: { remoteStores } } = reached;
  const config = bucketConfig(share);
  const ref = share.spec.storage.remote?.s3.credentialsSecretRef;
  if (!config || !ref) return undefined;
  const noted = pass.noted.stores?.remote;
  const key = await knownKey(reached);
  // Without a usable key the share goes on with the one that it has.
  if (!key) return noted === undefined ? undefined : await remoteStores.get(noted);
  const name = bucketStoreName(share, config, key.digests);
  const live = await remoteStores.get(name);
  if (live && isAsWanted(live, { type: "s3", config: { ...config } })) return live;
  return await made(reached, remoteStores, bucketStore(name, config, await readKey(reached, key)));
}

/** What the bucket says, where it stands in the way. Its next word wakes the share (buckets.ts). */
export function tellBucket({ pass }: { readonly pass: Pass }, { remote }: ShareStores): void {
  if (!remote) return;
  pass.context.buckets.saw(pass.resource, remote);
  if (isReachable(remote)) return;
  const { bucket, endpoint = "Amazon" } = remote.config;
  const said = remote.status.message === "" ? remote.status.status : remote.status.message;
  const message = `bucket "${bucket}" at ${endpoint}: ${said}`;
  pass.problems.push({ aspect: ASPECT, reason: "RemoteUnreachable", message, stalled: false });
}
