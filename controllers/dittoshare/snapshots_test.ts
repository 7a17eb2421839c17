import assert from "node:assert/strict";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import type { SnapshotPolicy } from "../../dittofs/snapshot_policies.ts";
import { testServer } from "../dittoserver/_fixture.ts";
import { testShare } from "./_fixture.ts";
import { isInServer, isPolicy, policyOf } from "./snapshots.ts";

type Policy = NonNullable<DittoShareInput["snapshotPolicy"]>;

function wanted(policy: Policy) {
  const { snapshotPolicy } = testShare({ snapshotPolicy: policy }).spec;
  assert.ok(snapshotPolicy);
  return policyOf(snapshotPolicy);
}

const HOUR = 3_600_000;
const live: SnapshotPolicy = {
  ...{ share: "projects", intervalMs: 24 * HOUR, ttlMs: 0, enabled: true, keepLast: 0 },
  namePrefix: "",
};

Deno.test("isPolicy() knows an interval in whatever form the server shows it", () => {
  assert.ok(isPolicy(live, wanted({ interval: "@daily" })));
  assert.ok(isPolicy(live, wanted({ interval: "24h" })));
  assert.ok(isPolicy({ ...live, ttlMs: HOUR }, wanted({ interval: "@daily", ttl: "60m" })));
});

/** What somebody has made of a policy by hand. */
const others: Partial<SnapshotPolicy>[] = [
  ...[{ intervalMs: HOUR }, { ttlMs: HOUR }, { enabled: false }, { keepLast: 3 }],
  { namePrefix: "x" },
];
for (const other of others) {
  Deno.test(`isPolicy() sees a policy that has ${JSON.stringify(other)}`, () => {
    assert.equal(isPolicy({ ...live, ...other }, wanted({ interval: "@daily" })), false);
  });
}

Deno.test("isPolicy() sees that there is none", () => {
  assert.equal(isPolicy(undefined, wanted({ interval: "@daily" })), false);
});

Deno.test("isInServer() finds the share in the server's own spec, with a slash or without", () => {
  const server = testServer({
    snapshotPolicies: [{ share: "/projects", interval: "1h" }, { share: "other", interval: "1h" }],
  });
  assert.ok(isInServer(server, "projects"));
  assert.ok(isInServer(server, "other"));
  assert.equal(isInServer(server, "project"), false);
  assert.equal(isInServer(testServer(), "projects"), false);
});
