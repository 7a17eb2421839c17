// A kind that is watched, and what is done with its objects.
//
// One declaration per kind: it makes the watch (program.ts), types the writes (apply.ts) and
// gives the permissions (permissions.ts).

import type { Cache } from "./cache.ts";
import type { KubernetesObject } from "./object.ts";
import type { Resource, ResourceName } from "./resource.ts";

/** What is done with the objects of a kind: only watched, created once, or applied. */
export type Use = "watch" | "create" | "apply";

/** A kind that is watched: its name in the API and what we know of its objects. */
export interface Tracked<T extends KubernetesObject, S extends KubernetesObject = T> {
  readonly resource: Resource<T>;
  readonly cache: Cache<T, S>;
  readonly use: Use;
}

/** A kind whose objects are created and then left alone. */
export interface CreatedOnce<T extends KubernetesObject, S extends KubernetesObject = T>
  extends Tracked<T, S> {
  readonly use: "create";
}

/** A kind whose objects are kept as they should be. */
export interface Applied<T extends KubernetesObject, S extends KubernetesObject = T>
  extends Tracked<T, S> {
  readonly use: "apply";
}

/** A tracked kind, whatever its objects: it can be followed and observed, but not read. */
export interface AnyTracked {
  readonly resource: ResourceName;
  readonly cache: Pick<Cache<KubernetesObject>, "isSynced" | "synced" | "onChange" | "follow">;
  readonly use: Use;
}
