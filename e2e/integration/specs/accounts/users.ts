// The table of users, and what may become of one later.

import { objectName, principalName, secretKey } from "../_forms.ts";
import type { JsonObject } from "../_json.ts";
import { becomes, cannotBecome, managed, ownName, stays } from "../_managed.ts";
import { bounds, longest, most, notEmpty, refused, required, type Row } from "../_table.ts";
import type { Change } from "../transitions.ts";

const MINIMAL: JsonObject = { serverRef: { name: "files" } };

const FULL: JsonObject = {
  serverRef: { name: "files", namespace: "storage" },
  username: "alice",
  passwordSecretRef: { name: "alice", key: "password" },
  uid: 1001,
  gid: 1001,
  groups: ["engineering", "users"],
  enabled: true,
  displayName: "Alice Example",
  email: "alice@example.com",
  adopt: true,
  management: "Report",
};

const RESERVED =
  "username must not be admin, which is the server's first administrator (spec.identity.admin of the DittoServer), nor dittofs-operator, which is the operator itself; choose another one";

const reserved = (row: Omit<Row, "cause" | "says">): Row => ({
  ...row,
  says: `the name ${row.name ?? JSON.stringify(row.spec)}`,
  cause: { field: "spec.username", message: `Invalid value: "object": ${RESERVED}` },
});

const named = (username: string): JsonObject => ({ ...MINIMAL, username });

/** The rows of each block. */
export const USERS: Readonly<Record<string, readonly Row[]>> = {
  "the whole": [
    { says: "the smallest spec", spec: MINIMAL },
    { says: "a spec with every field", spec: FULL },
    { says: "no spec", spec: null, cause: { field: "spec", message: "Required value" } },
  ],
  "names and serverRef": [
    ...managed(FULL),
    ...ownName(MINIMAL),
    ...principalName("username", "user", "alice", FULL),
    ...["admin", "Admin", "dittofs-operator"].map((name) => reserved({ spec: named(name) })),
    ...["admin", "dittofs-operator"].map((name) => reserved({ name, spec: MINIMAL })),
    { says: "an administrator by another name", name: "admin", spec: named("alice") },
    { says: "another administrator", spec: named("administrator") },
  ],
  passwordSecretRef: [
    ...required("passwordSecretRef.name", FULL),
    ...objectName("passwordSecretRef.name", "alice", FULL),
    ...secretKey("passwordSecretRef.key", "password", FULL),
  ],
  "uid, gid and groups": [
    ...bounds("uid", 1, 4_294_967_294, FULL),
    ...bounds("gid", 1, 4_294_967_294, FULL),
    ...principalName("groups[0]", "group", "engineering", FULL),
    ...most("groups", 64, (index) => `g${index}`, FULL),
    {
      ...refused("groups", ["a", "a"], FULL, ""),
      cause: { field: "spec.groups[1]", message: `Duplicate value: "a"` },
    },
  ],
  "displayName and email": [
    ...notEmpty("displayName", FULL),
    ...longest("displayName", 255, { around: FULL }),
    ...notEmpty("email", FULL),
    ...longest("email", 254, { around: FULL }),
  ],
};

const kept = (field: "uid" | "gid") =>
  cannotBecome(
    { ...MINIMAL, [field]: 1001 },
    MINIMAL,
    `spec.${field}`,
    `${field} cannot be taken away, because the server keeps the number of a user; restore it, or choose another number`,
  );

/** Every change of the table. */
export const USER_CHANGES: readonly Change[] = [
  ...stays("user", "DittoUser", MINIMAL, "username"),
  kept("uid"),
  kept("gid"),
  becomes({ ...MINIMAL, uid: 1001, gid: 1001 }, { ...MINIMAL, uid: 1002, gid: 1002 }),
  becomes({ ...MINIMAL, username: "alice" }, { ...FULL, serverRef: { name: "files" } }),
];
