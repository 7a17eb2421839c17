// Who may do what on a share, beside its default permission.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { segment, shareSegment } from "./segment.ts";
import { wireList, wireObject } from "./wire.ts";

/** What somebody may do on a share. */
export type PermissionLevel = "none" | "read" | "read-write" | "admin";

/** Whom a permission is for. */
export type Grantee =
  | { readonly user: string }
  | { readonly group: string }
  /** A user or group of a Windows domain, whom the server need not know. */
  | { readonly sid: string; readonly isGroup: boolean };

const permission = wireObject({
  /** Said of type sid alone. */
  isGroup: z.boolean().default(false),
  level: z.string(),
  name: z.string(),
  sid: z.string().optional(),
  type: z.string(),
});

const list = wireList(permission);

/** A permission as the server has it; `type` is user, group or sid. Any level may stand there. */
export type Permission = z.output<typeof permission>;

/** `/shares/NAME/permissions` */
export class Permissions {
  constructor(private readonly requests: Requests) {}

  /** Undefined when there is no such share. */
  list(share: string, options: CallOptions = {}): Promise<Permission[] | undefined> {
    return this.requests.find(list, { ...options, method: "GET", path: pathOf(share) });
  }

  /** Throws a `ServerError` of 404 when the share, the user or the group does not exist. */
  set(
    share: string,
    grantee: Grantee,
    level: PermissionLevel,
    options: CallOptions = {},
  ): Promise<void> {
    const path = `${pathOf(share)}/${granteePath(grantee)}`;
    const body = { level, ...("sid" in grantee && { is_group: grantee.isGroup }) };
    return this.requests.tell({ ...options, body, method: "PUT", path });
  }

  delete(share: string, grantee: Grantee, options: CallOptions = {}): Promise<boolean> {
    return this.requests.remove(`${pathOf(share)}/${granteePath(grantee)}`, options);
  }
}

function pathOf(share: string): string {
  return `/shares/${shareSegment(share)}/permissions`;
}

function granteePath(grantee: Grantee): string {
  if ("user" in grantee) return `users/${segment(grantee.user)}`;
  return "group" in grantee ? `groups/${segment(grantee.group)}` : `sids/${segment(grantee.sid)}`;
}
