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
  const matched = new Map<Grant, Permission>();
  const taken = new Set<Permission>();
  // The surest first: a name may also stand beside the SID of somebody else's grant.
  for (const isFor of [isForSid, isForName, isForNameOfSid]) {
    for (const grant of grants.filter((grant) => !matched.has(grant))) {
      const found = live.find((each) => !taken.has(each) && isFor(each, grant));
      if (!found) continue;
      matched.set(grant, found);
      taken.add(found);
    }
  }
  const set = grants.filter((grant) => matched.get(grant)?.level !== grant.permission)
    .map((grant): GrantToSet => ({ ...whomOf(grant), level: grant.permission }));
  const remove = live.filter((permission) => !taken.has(permission)).map(liveGrantee);
  return { set, remove };
}

function isForSid({ type, sid, isGroup }: Permission, { userSID, groupSID }: Grant): boolean {
  const wanted = userSID ?? groupSID;
  return wanted !== undefined && type === "sid" && sid === wanted &&
    isGroup === (groupSID !== undefined);
}

function isForName({ type, name }: Permission, { user, group }: Grant): boolean {
  return (type === "user" && name === user) || (type === "group" && name === group);
}

function isForNameOfSid({ type, name, isGroup }: Permission, { user, group }: Grant): boolean {
  const wanted = user ?? group;
  return wanted !== undefined && type === "sid" && isGroup === (group !== undefined) &&
    name === accountName(wanted);
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
