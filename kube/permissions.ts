// What a controller may do, derived from what it declares to do.
//
// The same declaration makes the watches and types the writes (tracked.ts), so that RBAC has no
// verb that the code does not use, and lacks none that it does.

import type { Related } from "./relations.ts";
import { qualifiedName, type ResourceName } from "./resource.ts";
import type { AnyTracked, Use } from "./tracked.ts";

/** Verbs on a resource or one of its subresources. */
export interface Permission {
  readonly resource: ResourceName;
  readonly subresource?: string;
  readonly verbs: readonly string[];
}

/** All verbs, in the order in which RBAC prints them. */
const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete"];

const inOrder = (a: string, b: string) => VERBS.indexOf(a) - VERBS.indexOf(b);

const WATCHED = ["list", "watch"];

/** The verbs for each use of a kind. */
const VERBS_FOR: Readonly<Record<Use, readonly string[]>> = {
  watch: WATCHED,
  read: ["get", ...WATCHED],
  // `get` shows whose the object is that stands in the way of a new one; a patch labels it.
  create: ["get", ...WATCHED, "create", "patch"],
  // An apply that creates is asked for both permissions.
  apply: ["get", ...WATCHED, "create", "patch"],
  // A patch is decided from the cache.
  patch: [...WATCHED, "patch"],
};

/** What the controller of `primary` needs for itself, for what it owns and what it looks at. */
export function permissionsOf(
  primary: AnyTracked,
  owned: readonly AnyTracked[],
  related: readonly Related[] = [],
): readonly Permission[] {
  const { resource } = primary;
  return joined([
    permissionFor(primary),
    { resource, subresource: "status", verbs: ["patch"] },
    // Some clusters let only those who may finalize an object name it as a blocking owner.
    { resource, subresource: "finalizers", verbs: ["update"] },
    ...[...owned, ...related.map(({ tracked }) => tracked)].map(permissionFor),
  ]);
}

/** The same permissions with one entry for each resource, where its first one was. */
export function joined(permissions: readonly Permission[]): readonly Permission[] {
  const byName = new Map<string, Permission>();
  for (const permission of permissions) {
    const name = `${qualifiedName(permission.resource)}/${permission.subresource ?? ""}`;
    const all = new Set([...byName.get(name)?.verbs ?? [], ...permission.verbs]);
    byName.set(name, { ...permission, verbs: [...all].sort(inOrder) });
  }
  return [...byName.values()];
}

function permissionFor({ resource, use, deletes }: AnyTracked): Permission {
  return { resource, verbs: [...VERBS_FOR[use], ...(deletes ? ["delete"] : [])] };
}
