// Users and groups as the server knows them, and what they may do.

import * as z from "zod";
import { text } from "./fields.ts";

/** The name of a user of the server, or of a directory behind it. */
export function userName(...examples: string[]) {
  return text(
    /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/,
    64,
    "the name of a user: letters, digits, '.', '_', '@' and '-', beginning with a letter, digit or '_'",
    ...examples,
  );
}

/** The name of a group of the server. */
export function groupName(...examples: string[]) {
  return text(
    /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/,
    64,
    "the name of a group: letters, digits, '.', '_', '@' and '-', beginning with a letter, digit or '_'",
    ...examples,
  );
}

/** A user or group of a Windows domain. None in use has more than nine numbers. */
export function sid(...examples: string[]) {
  return text(
    /^S-1-[0-9]{1,15}(-[0-9]{1,10}){1,15}$/,
    100,
    "a security identifier: S-1 and two or more numbers",
    ...examples,
  );
}

/** A number by which NFS knows a user or a group; 0 is root, and the largest is no number. */
export function unixId(from: 0 | 1, ...examples: number[]) {
  return z.int().min(from).max(4_294_967_294).meta({ examples });
}

/** What somebody may do in a share. */
export const permission = z.enum(["none", "read", "read-write", "admin"]);
