// Whom a change concerns: from an object of any kind to the primary resources that look at it.
//
// A reconcile reads many objects that its resource does not own: claims and pods that a
// controller of the cluster made, Secrets that it names, storage classes. Each such kind is a
// relation, which only says whose key to look at again. Both sides of a change count: who no
// longer has something must look again too.

import { controllerOf, type Key, type KubernetesObject, type Live, makeKey } from "./object.ts";
import type { Lane } from "./queue.ts";
import type { ResourceName } from "./resource.ts";
import type { AnyTracked } from "./tracked.ts";

/** Is told a key to look at, and whether somebody waits for it. */
export type Look = (key: Key, lane: Lane) => void;

/** A kind whose changes concern primary resources. */
export interface Related {
  /** What it watches, from which permissions are derived. */
  readonly tracked: AnyTracked;
  /** From now on tells of each key that a change concerns. */
  readonly listen: (look: Look) => void;
}

/**
 * Relates a kind to primary resources. `keysOf` gives the keys that an object concerns and may
 * read caches. With `lane: "user"` its changes are somebody's edits, as the rotation of a Secret
 * is; what is there at the start is background in any case.
 */
export function related<S extends KubernetesObject>(
  tracked: AnyTracked<S>,
  keysOf: (object: Live<S>) => Iterable<Key>,
  lane: Lane = "background",
): Related {
  return {
    tracked,
    listen: (look) =>
      tracked.cache.onChange(({ old, now, initial }) => {
        const keys = new Set<Key>(old && keysOf(old));
        for (const key of now ? keysOf(now) : []) keys.add(key);
        for (const key of keys) look(key, initial ? "background" : lane);
      }),
  };
}

/** Relates a kind to the primary resource that is its controller owner. */
export function ownedBy({ group, kind }: ResourceName, tracked: AnyTracked): Related {
  const keysOf = (object: KubernetesObject): Key[] => {
    const owner = controllerOf(object);
    if (owner?.kind !== kind || groupOf(owner.apiVersion) !== group) return [];
    return [makeKey(object.metadata?.namespace, owner.name)];
  };
  return related(tracked, keysOf);
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
