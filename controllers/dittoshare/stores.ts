// The stores of a share.
//
// Each share has stores of its own: the server counts usage and quotas for each store of metadata,
// and not for each share. Their names and paths follow from the share's name alone, so that after
// the loss of the server's database the same stores are made over the same data.
//
// A store cannot be changed while the server runs, and there are two ways out:
//
// - The name of a store of metadata is used up when its data was removed: under the same name
//   the running server would silently go on with the old one. So its row stays, as one of type
//   memory, and the next share of the name finds in it what its own store is called.
// - A bucket is seen through a row for each set of parameters, whose digest is in its name, the
//   access key's included: another key is another row, to which the share is bound at once.

import type { NewStore, Store } from "../../dittofs/stores.ts";
import type { JsonObject } from "../../dittofs/wire.ts";
import { same } from "../../kube/covers.ts";
import { digestOf } from "../../kube/digest.ts";
import { METADATA_DIRECTORY } from "../dittoserver/volumes.ts";
import { remoteStoreName, storeName } from "./names.ts";
import { directoryOf, type Placement } from "./placement.ts";
import type { Share } from "./share.ts";

/** A store as it has to be. */
export type WantedStore = Required<NewStore>;

/**
 * The store of names and attributes that is called `name`. It also says where the contents are,
 * which the server ignores: a later share of the name must look for them there.
 */
export function metadataStore(share: Share, name: string): WantedStore {
  const { type } = share.spec.storage.metadata;
  // The server makes the parents of a badger directory, and not those of a sqlite file.
  const path = type === "badger"
    ? `${METADATA_DIRECTORY}/shares/${name}`
    : `${METADATA_DIRECTORY}/${name}.db`;
  return { name, type, config: { path, contents: contentsOf(share) } };
}

/** Where the contents of a share are for good. */
function contentsOf(share: Share): string {
  const config = bucketConfig(share);
  return config ? `s3://${config.bucket}/${config.prefix}` : "volume";
}

/** The store of contents on the server's volume. The server puts each share below it. */
export function localStore({ shareName }: Share, { directory }: Placement): WantedStore {
  return { name: storeName(shareName), type: "fs", config: { path: directory } };
}

/** Whether a store of contents is where one of ours can be. */
export function isLocalStore({ type, config }: Store): boolean {
  const paths = (["content", "metadata"] as const).map(directoryOf);
  return type === "fs" && paths.some((path) => path === config.path);
}

/** The access key of a bucket. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Digests of its two values. */
export type AccessKeyDigests = Readonly<Record<keyof AccessKey, string>>;

/** What of a bucket may be seen by everybody; undefined for a share without one. */
export function bucketConfig(
  { namespace, name, spec: { storage } }: Share,
): JsonObject | undefined {
  const { s3 } = storage.remote ?? {};
  if (!s3) return undefined;
  const prefix = s3.prefix ?? `${namespace}/${name}`;
  return {
    bucket: s3.bucket,
    // The server puts it before the names of objects as it is.
    prefix: prefix.endsWith("/") ? prefix : `${prefix}/`,
    region: s3.region,
    allow_private_endpoint: s3.allowPrivateEndpoint,
    ...(s3.endpoint !== undefined && { endpoint: s3.endpoint }),
    ...(s3.forcePathStyle !== undefined && { force_path_style: s3.forcePathStyle }),
    ...(s3.compression !== undefined && { compression: { algo: s3.compression } }),
    ...(s3.parallelUploads !== undefined && { parallel_uploads: s3.parallelUploads }),
  };
}

/** The name of the row for a bucket that is seen with an access key. */
export function bucketStoreName(share: Share, config: JsonObject, key: AccessKeyDigests): string {
  return remoteStoreName(share.shareName, digestOf({ config, key }).slice(0, 12));
}

/** The row itself. */
export function bucketStore(name: string, config: JsonObject, key: AccessKey): WantedStore {
  return {
    name,
    type: "s3",
    config: { ...config, access_key_id: key.id, secret_access_key: key.secret },
  };
}

/** What stands in a configuration where the server hides a secret. */
const HIDDEN = { access_key_id: null, secret_access_key: null } as const;

/** Whether a store is the wanted one, as far as can be seen. */
export function isAsWanted(store: Store, { type, config }: Omit<WantedStore, "name">): boolean {
  return store.type === type && same({ ...store.config, ...HIDDEN }, { ...config, ...HIDDEN });
}

/** Whether the server reached the bucket just now with what the row has. */
export function isReachable({ status: { status } }: Pick<Store, "status">): boolean {
  return status === "healthy" || status === "degraded";
}

/** The row that is left of a store of metadata whose data is gone. `next` is its successor. */
export function retired(next?: string): Omit<WantedStore, "name"> {
  return { type: "memory", config: { retired: true, ...(next !== undefined && { next }) } };
}

/** Whether a row is one that is left, and what its successor is called if it has one. */
export function successorIn({ type, config }: Store): { readonly next?: string } | undefined {
  if (type !== "memory" || config.retired !== true) return undefined;
  return typeof config.next === "string" ? { next: config.next } : {};
}

/** The name of a store of metadata where that which comes from the share's name is used up. */
export function furtherStoreName({ shareName, uid }: Share): string {
  return `${storeName(shareName)}-${uid.slice(0, 8)}`;
}
