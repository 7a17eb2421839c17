// The table of groups, and what may become of one later.

import { principalName } from "../_forms.ts";
import type { JsonObject } from "../_json.ts";
import { becomes, cannotBecome, managed, ownName, stays } from "../_managed.ts";
import { accepted, bounds, longest, notEmpty, refused, type Row } from "../_table.ts";
import type { Change } from "../transitions.ts";

const MINIMAL: JsonObject = { serverRef: { name: "files" } };

const FULL: JsonObject = {
  serverRef: { name: "files", namespace: "storage" },
  groupName: "engineering",
  gid: 5000,
  description: "Everybody who builds things",
  adopt: true,
  management: "Report",
};

const RESERVED =
  "groupName must not be admins, operators or users, which are the server's own groups and always there; choose another one, and name them in spec.groups of a DittoUser";

const reserved = (row: Omit<Row, "cause" | "says">): Row => ({
  ...row,
  says: `the name ${row.name ?? JSON.stringify(row.spec)}`,
  cause: { field: "spec.groupName", message: `Invalid value: "object": ${RESERVED}` },
});

const named = (groupName: string): JsonObject => ({ ...MINIMAL, groupName });

const NUMBER =
  "must not be 999 or 1000, which are the server's own groups operators and users; choose another number";

/** The rows of each block. */
export const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  "the whole": [
    { says: "the smallest spec", spec: MINIMAL },
    { says: "a spec with every field", spec: FULL },
    { says: "no spec", spec: null, cause: { field: "spec", message: "Required value" } },
  ],
  "names and serverRef": [
    ...managed(FULL),
    ...ownName(MINIMAL),
    ...principalName("groupName", "group", "engineering", FULL),
    ...["admins", "operators", "users", "Users"].map((name) => reserved({ spec: named(name) })),
    ...["admins", "operators", "users"].map((name) => reserved({ name, spec: MINIMAL })),
    { says: "users by another name", name: "users", spec: named("people") },
  ],
  "gid and description": [
    ...bounds("gid", 1, 4_294_967_294, FULL),
    ...[998, 1001].map((gid) => accepted("gid", gid, FULL)),
    ...[999, 1000].map((gid) => refused("gid", gid, FULL, `Invalid value: "integer": ${NUMBER}`)),
    ...notEmpty("description", FULL),
    ...longest("description", 1024, { around: FULL }),
  ],
};

/** Every change of the table. */
export const GROUP_CHANGES: readonly Change[] = [
  ...stays("group", "DittoGroup", MINIMAL, "groupName"),
  cannotBecome(
    { ...MINIMAL, gid: 5000 },
    MINIMAL,
    "spec.gid",
    "gid cannot be taken away, because the server keeps the number of a group; restore it, or choose another number",
  ),
  becomes({ ...MINIMAL, gid: 5000 }, { ...MINIMAL, gid: 5001, description: "x" }),
];
