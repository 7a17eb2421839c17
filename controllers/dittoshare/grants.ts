// Who may do what in a share, beyond what everybody may.
//
// With `spec.grants` the list is ours as a whole: a grant that somebody adds by hand goes, for who
// reads the spec must know who comes in. Without it grants are nobody's business but theirs who
// make them; that of a share whose `grants` were removed from the spec are removed once.
//
// The server keeps the grant of a user of a directory under their SID, with their name beside it.

import type { Grantee, Permission, PermissionLevel } from "../../dittofs/permissions.ts";
import type { DittoShareSpec } from "../../api/dittoshare.ts";

type Grant = NonNullable<DittoShareSpec["grants"]>[number];

/** One grant to be made or changed. */
export interface GrantToSet {
  readonly grantee: Grantee;
  readonly level: PermissionLevel;
  /** Who it is for, for people: `user "alice"`. */
  readonly whom: string;
}

/** One grant to be taken back. */
export type GrantToRemove = Omit<GrantToSet, "level">;

/** What has to be done so that the grants are exactly these. */
export interface GrantChanges {
  readonly set: readonly GrantToSet[];
  readonly remove: readonly GrantToRemove[];
}

export function grantChanges(
  live: readonly Permission[],
  grants: readonly Grant[],
): GrantChanges {
  const matched = new Set<Permission>();
  const set: GrantToSet[] = [];
  for (const grant of grants) {
    const found = live.find((permission) => isFor(permission, grant));
    if (found) matched.add(found);
    if (found?.level !== grant.permission) {
      set.push({ ...whomOf(grant), level: grant.permission });
    }
  }
  const remove = live.filter((permission) => !matched.has(permission)).map(liveGrantee);
  return { set, remove };
}

function isFor(permission: Permission, { user, group, userSID, groupSID }: Grant): boolean {
  const { type, name, sid } = permission;
  if (userSID !== undefined || groupSID !== undefined) {
    return type === "sid" && sid === (userSID ?? groupSID) &&
      permission.isGroup === (groupSID !== undefined);
  }
  const isGroup = group !== undefined;
  const wanted = user ?? group ?? "";
  return type === "sid"
    ? permission.isGroup === isGroup && name === accountName(wanted)
    : type === (isGroup ? "group" : "user") && name === wanted;
}

/** What a directory calls an account of which only the name is kept: without `@REALM`. */
function accountName(name: string): string {
  return name.replace(/(?<=.)@.*$/, "");
}

function whomOf({ user, group, userSID, groupSID }: Grant): GrantToRemove {
  if (user !== undefined) return { grantee: { user }, whom: `user "${user}"` };
  if (group !== undefined) return { grantee: { group }, whom: `group "${group}"` };
  const sid = userSID ?? groupSID ?? "";
  const isGroup = groupSID !== undefined;
  return { grantee: { sid, isGroup }, whom: `${isGroup ? "group" : "user"} ${sid}` };
}

function liveGrantee({ type, name, sid, isGroup }: Permission): GrantToRemove {
  if (type === "sid") {
    const who = isGroup ? "group" : "user";
    return { grantee: { sid: sid ?? name, isGroup }, whom: `${who} ${sid ?? name}` };
  }
  return type === "group"
    ? { grantee: { group: name }, whom: `group "${name}"` }
    : { grantee: { user: name }, whom: `user "${name}"` };
}
