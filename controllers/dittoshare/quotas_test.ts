import assert from "node:assert/strict";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import type { Quota } from "../../dittofs/quotas.ts";
import { testShare } from "./_fixture.ts";
import { namesIn, quotaChanges } from "./quotas.ts";

type Quotas = NonNullable<DittoShareInput["quotas"]>;

const MIB = 1024 ** 2;
const numbers = {
  uids: new Map([["alice", 1001]]),
  gids: new Map([["engineering", 5000]]),
};
const NOTHING = { limitBytes: 0, limitFiles: 0, softBytes: 0, softFiles: 0, graceSeconds: 0 };
const live = (scope: string, identityId: number | undefined, more: Partial<Quota> = {}): Quota => ({
  ...{ scope, usedBytes: 5, usedFiles: 1, ...NOTHING, ...more },
  ...(identityId !== undefined && { identityId }),
});

function changes(found: readonly Quota[], quotas: Quotas, changed = false) {
  return quotaChanges(found, testShare({ quotas }).spec.quotas ?? [], numbers, changed);
}

Deno.test("quotaChanges() sets limits by number, and nothing where the spec says nothing", () => {
  const { set } = changes([], [
    {
      ...{ user: "alice", size: "1Gi", softSize: "512Mi", gracePeriod: "1h", files: 10 },
      softFiles: 5,
    },
    { group: "engineering", files: 7 },
    { uid: 7, size: "1Mi" },
    { gid: 8, size: "1Mi" },
  ]);
  assert.deepEqual(set.map(({ owner, whom }) => [owner, whom]), [
    [{ uid: 1001 }, 'user "alice"'],
    [{ gid: 5000 }, 'group "engineering"'],
    [{ uid: 7 }, "user 7"],
    [{ gid: 8 }, "group 8"],
  ]);
  assert.deepEqual(set[0]?.limits, {
    ...{ limitBytes: 1024 * MIB, softBytes: 512 * MIB, limitFiles: 10, softFiles: 5 },
    graceSeconds: 3600,
  });
  assert.deepEqual(set[1]?.limits, { ...NOTHING, limitFiles: 7 });
});

Deno.test("quotaChanges() does nothing where all is as wanted", () => {
  const found = [
    live("user", 1001, { limitBytes: MIB, limitFiles: 3, graceSeconds: 60 }),
    live("group", 5000, { softBytes: MIB, softFiles: 4 }),
  ];
  const quotas: Quotas = [
    { user: "alice", size: "1Mi", files: 3, gracePeriod: "60s" },
    { group: "engineering", softSize: "1Mi", softFiles: 4 },
  ];
  assert.deepEqual(changes(found, quotas), { set: [], remove: [], missing: [], twice: [] });
});

for (
  const more of [
    ...[{ limitBytes: 2 * MIB }, { softBytes: 1 }, { limitFiles: 1 }, { softFiles: 1 }],
    { graceSeconds: 1 },
  ]
) {
  Deno.test(`quotaChanges() sets a quota again that has ${JSON.stringify(more)} by hand`, () => {
    const found = live("user", 1001, { limitBytes: MIB, ...more });
    assert.equal(changes([found], [{ user: "alice", size: "1Mi" }]).set.length, 1);
  });
}

Deno.test("quotaChanges() takes a size that reads alike for equal, unless the spec was just changed", () => {
  // The server shows hundredths of a unit: 1.00GiB.
  const found = [live("user", 1001, { limitBytes: 1024 * MIB })];
  const quotas: Quotas = [{ user: "alice", size: "1025Mi" }];
  assert.equal(changes(found, quotas).set.length, 0);
  assert.equal(changes(found, quotas, true).set.length, 1);
});

Deno.test("quotaChanges() removes what the spec does not have, and never the quota of everybody", () => {
  const found = [live("user", 1001), live("group", 1001), live("default-user", undefined)];
  const { set, remove } = changes(found, [{ gid: 1001, files: 1 }]);
  assert.deepEqual(set.map(({ owner }) => owner), [{ gid: 1001 }]);
  assert.deepEqual(remove, [{ uid: 1001 }]);
});

Deno.test("quotaChanges() names those who have no number, and takes no quota for theirs", () => {
  const { set, missing, remove } = changes([live("user", 1)], [
    { user: "bob", files: 1 },
    { group: "sales", files: 1 },
  ]);
  assert.deepEqual([set, missing, remove], [
    ...[[], ['user "bob"', 'group "sales"'], [{ uid: 1 }]],
  ]);
});

Deno.test("quotaChanges() has the quota by name count where another is by the same number", () => {
  const { set, twice } = changes([], [{ uid: 1001, files: 1 }, { user: "alice", files: 2 }]);
  assert.deepEqual(set.map(({ limits }) => limits.limitFiles), [2]);
  assert.deepEqual(twice, ["user 1001"]);
});

Deno.test("namesIn() has numbers looked up only for those who are named", () => {
  const named = (quotas: Quotas) => namesIn(testShare({ quotas }).spec.quotas ?? []);
  assert.deepEqual(named([{ uid: 1, files: 1 }]), { users: false, groups: false });
  assert.deepEqual(named([{ user: "a", files: 1 }]), { users: true, groups: false });
  assert.deepEqual(named([{ group: "a", files: 1 }]), { users: false, groups: true });
});
