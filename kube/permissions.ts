// What a controller may do, derived from what it declares to do.
//
// The same declaration makes the watches and types the writes (tracked.ts), so that RBAC has no
// verb that the code does not use, and lacks none that it does.

import type { ResourceName } from "./resource.ts";
import type { AnyTracked } from "./tracked.ts";

/** Verbs on a resource or one of its subresources. */
export interface Permission {
  readonly resource: ResourceName;
  readonly subresource?: string;
  readonly verbs: readonly string[];
}

const WATCHED = ["list", "watch"];

/** The verbs for each use of a kind, in the order in which RBAC prints them. */
const VERBS = {
  watch: WATCHED,
  // `get` shows whose the object is that stands in the way of a new one.
  create: ["get", ...WATCHED, "create"],
  // An apply that creates is asked for both permissions.
  apply: ["get", ...WATCHED, "create", "patch"],
} as const;

/** What the controller of `primary` needs for itself and for the kinds that it owns. */
export function permissionsOf(
  primary: AnyTracked,
  owned: readonly AnyTracked[],
): readonly Permission[] {
  const { resource } = primary;
  return [
    { resource, verbs: VERBS[primary.use] },
    { resource, subresource: "status", verbs: ["patch"] },
    // Some clusters let only those who may finalize an object name it as a blocking owner.
    { resource, subresource: "finalizers", verbs: ["update"] },
    ...owned.map((tracked) => ({ resource: tracked.resource, verbs: VERBS[tracked.use] })),
  ];
}
