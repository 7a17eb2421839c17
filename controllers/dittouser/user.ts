// A user of the server: as the server has them, as the spec wants them, and what differs.

import type { DittoUser, DittoUserSpec } from "../../api/dittouser.ts";
import type { User, UserFields } from "../../dittofs/users.ts";
import type { Row } from "../accounts/mark.ts";

/** A user of the server; their display name may be the mark. */
export type UserRow = User & Row;

export const userRow = (user: User): UserRow => ({
  ...{ ...user, name: user.username, number: user.uid, text: user.displayName },
});

/** Name of a resource's user on the server. */
export const userNameOf = ({ metadata, spec }: DittoUser): string =>
  spec.username ?? metadata?.name ?? "";

/** The number that a resource's user is to have. */
export const userNumberOf = ({ spec }: DittoUser): number | undefined => spec.uid;

/**
 * What of a user has to be changed, but for groups. What the spec does not say is nobody's
 * business.
 */
export function userChanges(row: UserRow, spec: DittoUserSpec, mark: string): UserFields {
  // The mark has had its time; nobody wants it to stay.
  const displayName = spec.displayName ?? (row.displayName === mark ? "" : undefined);
  const { email, enabled, gid, uid } = spec;
  return {
    ...(displayName !== undefined && displayName !== row.displayName && { displayName }),
    ...(email !== undefined && email !== row.email && { email }),
    ...(enabled !== row.enabled && { enabled }),
    ...(gid !== undefined && gid !== row.gid && { gid }),
    ...(uid !== undefined && uid !== row.uid && { uid }),
  };
}

/** The groups of a user: those that there are, and those that the server has not. */
export interface Membership {
  readonly there: readonly string[];
  readonly missing: readonly string[];
}

/** Which groups a user can be in. */
export function membershipOf(
  spec: Pick<DittoUserSpec, "groups">,
  groups: { byName(name: string): unknown },
): Membership {
  const wanted = [...new Set(spec.groups)].toSorted();
  return {
    there: wanted.filter((name) => groups.byName(name) !== undefined),
    missing: wanted.filter((name) => groups.byName(name) === undefined),
  };
}

/** All groups that a user has to be in, if they are not in exactly those. */
export function groupChange(
  row: Pick<UserRow, "groups">,
  { there }: Membership,
): Pick<UserFields, "groups"> {
  const now = row.groups.toSorted();
  const same = now.length === there.length && now.every((name, i) => name === there[i]);
  return same ? {} : { groups: there };
}
