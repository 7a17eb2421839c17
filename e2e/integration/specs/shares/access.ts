// Who may do what, and how much of it.

import { dataSize, duration, principalName } from "../_forms.ts";
import type { JsonObject } from "../_json.ts";
import { between, bounds, form, longest, most, oneOf, required, type Row } from "../_table.ts";
import { FULL, MINIMAL } from "./_full.ts";

const PERMISSIONS = ["none", "read", "read-write", "admin"] as const;

const principal = (path: string, what: "user" | "group", example: string) =>
  principalName(path, what, example, FULL);

function sid(path: string, example: string): Row[] {
  return [
    ...form(
      path,
      `a security identifier: S-1 and two or more numbers, such as ${example}`,
      {
        accepted: ["S-1-5-32", "S-1-5-21-4294967295-1-2-1107"],
        refused: ["", "S-1-5", "s-1-5-32", "S-1-5-", "S-2-5-32", "1107"],
      },
      FULL,
    ),
    ...longest(path, 100, {
      from: `S-1-5${"-1234567890".repeat(8)}-1234`,
      fill: "1",
      around: FULL,
    }),
  ];
}

const granted = (...grants: JsonObject[]): JsonObject => ({ ...MINIMAL, grants });
const alice = { user: "alice", permission: "read" };
const SID = "S-1-5-21-1-2-3-1107";

const ONE_GRANT =
  "must be for exactly one of user, group, userSID and groupSID; set one of them, and make another grant for each other";

export const grants: readonly Row[] = [
  ...oneOf("defaultPermission", PERMISSIONS, FULL),
  ...principal("owner", "user", "alice"),
  ...principal("grants[0].user", "user", "alice"),
  ...principal("grants[1].group", "group", "engineering"),
  ...sid("grants[2].userSID", "S-1-5-21-1004336348-1177238915-682003330-1107"),
  ...sid("grants[3].groupSID", "S-1-5-21-1004336348-1177238915-682003330-513"),
  ...required("grants[0].permission", FULL),
  ...oneOf("grants[0].permission", PERMISSIONS, FULL),
  ...most("grants", 256, (index) => ({ user: `u${index}`, permission: "read" }), FULL),
  ...between({
    field: "spec.grants[0]",
    message: ONE_GRANT,
    accepted: [granted(alice)],
    refused: [
      granted({ permission: "read" }),
      granted({ ...alice, group: "a" }),
      granted({ userSID: SID, groupSID: SID, permission: "read" }),
    ],
  }),
  ...between({
    field: "spec.grants",
    of: "array",
    message: "two grants are for the same user or group; leave one of them",
    accepted: [granted(alice, { ...alice, user: "Alice" }, { group: "alice", permission: "read" })],
    refused: [
      granted(alice, { ...alice, permission: "read-write" }),
      granted({ group: "a", permission: "read" }, alice, { group: "a", permission: "none" }),
    ],
  }),
  ...between({
    field: "spec.grants",
    of: "array",
    message: "two grants are for the same SID; leave one of them",
    accepted: [
      granted({ userSID: SID, permission: "read" }, { groupSID: `${SID}0`, permission: "read" }),
    ],
    refused: [
      granted({ userSID: SID, permission: "read" }, alice, { userSID: SID, permission: "none" }),
      granted({ userSID: SID, permission: "read" }, { groupSID: SID, permission: "read" }),
    ],
  }),
];

const QUOTA = "quotas[0]";

const limited = (...quotas: JsonObject[]): JsonObject => ({ ...MINIMAL, quotas });
const user = { user: "alice" };

/** A number that is not bounded by another. */
const alone = (field: string): JsonObject => limited({ ...user, [field]: 1 });

export const quotas: readonly Row[] = [
  ...dataSize("quota", "100Gi", FULL),
  ...principal(`${QUOTA}.user`, "user", "alice"),
  ...principal("quotas[1].group", "group", "engineering"),
  ...bounds("quotas[2].uid", 1, 4_294_967_294, FULL),
  ...bounds("quotas[3].gid", 1, 4_294_967_294, FULL),
  ...dataSize(`${QUOTA}.size`, "50Gi", limited({ ...user, files: 1 })),
  ...dataSize(`${QUOTA}.softSize`, "40Gi", limited({ ...user, files: 1 })),
  ...bounds(`${QUOTA}.files`, 1, 1_000_000_000_000, alone("files")),
  ...bounds(`${QUOTA}.softFiles`, 1, 1_000_000_000_000, alone("softFiles")),
  ...duration(`${QUOTA}.gracePeriod`, {
    ...{ from: "1s", to: "8760h", example: "168h", tooShort: "999ms", tooLong: "8761h" },
  }, FULL),
  ...most("quotas", 256, (index) => ({ uid: index + 1, files: 1 }), FULL),
  ...between({
    field: `spec.${QUOTA}`,
    message:
      "must be for exactly one of user, group, uid and gid; set one of them, and make another quota for each other",
    accepted: [limited({ gid: 7, files: 1 })],
    refused: [limited({ files: 1 }), limited({ ...user, uid: 1, files: 1 })],
  }),
  ...between({
    field: `spec.${QUOTA}`,
    message: "must limit something; set size, files, softSize or softFiles",
    accepted: [limited({ ...user, size: "1Gi" }), limited({ ...user, softFiles: 1 })],
    refused: [limited(user)],
  }),
  ...between({
    field: `spec.${QUOTA}.softSize`,
    message: "softSize must not be more than size; lower it",
    accepted: [limited({ ...user, size: "1Gi", softSize: "1024Mi" })],
    refused: [limited({ ...user, size: "1Gi", softSize: "1025Mi" })],
  }),
  ...between({
    field: `spec.${QUOTA}.softFiles`,
    message: "softFiles must not be more than files; lower it",
    accepted: [limited({ ...user, files: 2, softFiles: 2 })],
    refused: [limited({ ...user, files: 2, softFiles: 3 })],
  }),
  ...between({
    field: `spec.${QUOTA}.gracePeriod`,
    message: "gracePeriod is about softSize and softFiles; set one of them, or remove it",
    accepted: [
      limited({ ...user, softSize: "1Gi", gracePeriod: "1h" }),
      limited({ ...user, softFiles: 1, gracePeriod: "1h" }),
    ],
    refused: [limited({ ...user, size: "1Gi", gracePeriod: "1h" })],
  }),
  ...between({
    field: "spec.quotas",
    of: "array",
    message: "two quotas are for the same user or group; leave one of them",
    accepted: [limited({ uid: 7, files: 1 }, { gid: 7, files: 1 })],
    refused: [
      limited({ uid: 7, files: 1 }, { gid: 7, files: 1 }, { uid: 7, size: "1Gi" }),
      limited({ ...user, files: 1 }, { ...user, size: "1Gi" }),
      limited({ group: "a", files: 1 }, { group: "a", files: 2 }),
      limited({ gid: 1, files: 1 }, { gid: 1, files: 2 }),
    ],
  }),
];

/** What becomes of a share that is full or deleted. */
export const lifecycle: readonly Row[] = [
  ...bounds("trash.retentionDays", 0, 36_500, FULL),
  ...dataSize("trash.maxSize", "10Gi", FULL),
  ...most("trash.exclude", 64, (index) => `*.${index}`, FULL),
  ...form(
    "trash.exclude[0]",
    "the name of a file, in which * and ? may stand for others, without '/', '[', ']' and '\\', such as *.tmp",
    {
      accepted: ["a", "*.tmp", "~$*", "~WRL????.tmp", "two words"],
      refused: ["", "a/b", "[ab]", "a]", "a\\b"],
    },
    FULL,
  ),
  ...longest("trash.exclude[0]", 255, { around: FULL }),
  ...oneOf("reclaimPolicy", ["Retain", "Delete"], FULL),
];
