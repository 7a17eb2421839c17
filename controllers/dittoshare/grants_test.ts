import assert from "node:assert/strict";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import type { Permission } from "../../dittofs/permissions.ts";
import { testShare } from "./_fixture.ts";
import { grantChanges } from "./grants.ts";

type Grants = NonNullable<DittoShareInput["grants"]>;

const user = (name: string, level = "read"): Permission => ({
  ...{ type: "user", name, level, isGroup: false },
});
const group = (name: string, level = "read"): Permission => ({
  ...{ type: "group", name, level, isGroup: false },
});
const sid = (sid: string, name: string, level = "read", isGroup = false): Permission => ({
  ...{ type: "sid", name, sid, level, isGroup },
});

/** What would be done, for people. */
function changes(live: readonly Permission[], grants: Grants): string[] {
  const { set, remove } = grantChanges(live, testShare({ grants }).spec.grants ?? []);
  return [
    ...set.map(({ whom, level }) => `${level} for ${whom}`),
    ...remove.map(({ whom }) => `nothing for ${whom}`),
  ];
}

const S = "S-1-5-21-1-2-3-1107";

/** What is so, what there is, what is wanted, and what is done about it. */
const cases: [string, Permission[], Grants, string[]][] = [
  ["makes what is not there", [], [
    { user: "alice", permission: "read" },
    { group: "engineering", permission: "read-write" },
    { userSID: S, permission: "admin" },
    { groupSID: `${S}1`, permission: "none" },
  ], [
    'read for user "alice"',
    'read-write for group "engineering"',
    `admin for user ${S}`,
    `none for group ${S}1`,
  ]],
  ["does nothing where all is as wanted", [
    ...[user("alice"), group("engineering"), sid(S, "bob"), sid(`${S}1`, "staff", "read", true)],
  ], [
    { user: "alice", permission: "read" },
    { group: "engineering", permission: "read" },
    { userSID: S, permission: "read" },
    { groupSID: `${S}1`, permission: "read" },
  ], []],
  [
    "changes a level, and takes back what the spec does not have",
    [
      ...[user("alice", "admin"), user("mallory"), group("alice"), sid(S, "eve", "admin", true)],
    ],
    [{ user: "alice", permission: "read" }],
    [
      ...['read for user "alice"', 'nothing for user "mallory"', 'nothing for group "alice"'],
      `nothing for group ${S}`,
    ],
  ],
  ["takes back everything for an empty list", [user("alice")], [], ['nothing for user "alice"']],
  ["puts right a level that is none of the server's", [user("alice", "readwrite")], [
    { user: "alice", permission: "read-write" },
  ], ['read-write for user "alice"']],
  ["knows a user of a directory by the name beside the SID", [sid(S, "alice")], [
    { user: "alice@EXAMPLE.COM", permission: "read" },
  ], []],
  ["does not take a group of a directory for a user of the name", [sid(S, "alice", "read", true)], [
    { user: "alice", permission: "read" },
  ], ['read for user "alice"', `nothing for group ${S}`]],
  ["tells a user and a group of one SID apart", [sid(S, "x", "read", true)], [
    { userSID: S, permission: "read" },
  ], [`read for user ${S}`, `nothing for group ${S}`]],
  ["does not take the grant of a SID for that of a user of the same name", [
    ...[sid(S, "alice", "admin"), user("alice")],
  ], [
    { user: "alice", permission: "read" },
    { userSID: S, permission: "admin" },
  ], []],
  ["makes the grant of a user whose name is that of a SID with one of its own", [
    sid(S, "alice"),
  ], [
    { user: "alice", permission: "read" },
    { userSID: S, permission: "read" },
  ], ['read for user "alice"']],
];
for (const [what, live, grants, expected] of cases) {
  Deno.test(`grantChanges() ${what}`, () => assert.deepEqual(changes(live, grants), expected));
}
