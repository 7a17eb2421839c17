// A kind that is watched, and what is done with its objects.
//
// One declaration per kind: it makes the watch (program.ts), types the writes (apply.ts) and
// gives the permissions (permissions.ts).

import type { Cache } from "./cache.ts";
import type { KubernetesObject } from "./object.ts";
import type { Resource, ResourceName } from "./resource.ts";

/**
 * What is done with the objects of a kind, beside watching them all:
 *
 * - `watch`: nothing
 * - `read`: a single one is read whole, where the watch brings less (references.ts)
 * - `create`: they are created once, and then left alone
 * - `apply`: they are kept as they should be
 * - `patch`: somebody else made them, and a field is changed
 */
export type Use = "watch" | "read" | "create" | "apply" | "patch";

/** A kind that is watched: its name in the API and what we know of its objects. */
export interface Tracked<T extends KubernetesObject, S extends KubernetesObject = T> {
  readonly resource: Resource<T>;
  readonly cache: Cache<T, S>;
  readonly use: Use;
  /** Whether they are deleted too. */
  readonly deletes?: true;
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

/** A kind whose objects may be patched. */
export interface Patchable<T extends KubernetesObject, S extends KubernetesObject = T>
  extends Tracked<T, S> {
  readonly use: "patch" | "apply";
}

/** A kind whose objects may be deleted. */
export interface Deletable<T extends KubernetesObject, S extends KubernetesObject = T>
  extends Tracked<T, S> {
  readonly deletes: true;
}

/** A tracked kind, whatever the API has: it can be fed, and what is kept be observed. */
export interface AnyTracked<S extends KubernetesObject = KubernetesObject> {
  readonly resource: ResourceName;
  readonly cache: Pick<
    Cache<KubernetesObject, S>,
    "isSynced" | "synced" | "onChange" | "follow" | "clear"
  >;
  readonly use: Use;
  readonly deletes?: true;
}
