import assert from "node:assert/strict";
import type { SnapshotPolicy } from "../../../dittofs/snapshot_policies.ts";
import { testServer } from "../_fixture.ts";
import { policyDiffers, wantedPolicies } from "./snapshot_policies.ts";

const live: SnapshotPolicy = {
  enabled: true,
  intervalMs: 86_400_000,
  keepLast: 0,
  namePrefix: "",
  share: "archive",
  ttlMs: 0,
};

Deno.test("wantedPolicies() know a share by its name without a slash, and say what the spec says", () => {
  const { spec } = testServer({
    snapshotPolicies: [
      { share: "/archive", interval: "@daily", keepLast: 14 },
      { share: "scratch", interval: "6h", ttl: "720h", enabled: false, namePrefix: "nightly" },
    ],
  });
  assert.deepEqual(wantedPolicies(spec), [
    { share: "archive", policy: { interval: "@daily", keepLast: 14 } },
    {
      share: "scratch",
      policy: { interval: "6h", ttl: "720h", enabled: false, namePrefix: "nightly" },
    },
  ]);
  assert.deepEqual(wantedPolicies(testServer().spec), []);
});

Deno.test("policyDiffers() compares durations by their length, and what is not said with the default", () => {
  for (const interval of ["@daily", "24h", "1440m"]) {
    assert.equal(policyDiffers({ interval }, live), false, interval);
  }
  assert.equal(policyDiffers({ interval: "24h", ttl: "1h" }, { ...live, ttlMs: 3_600_000 }), false);
});

for (
  const [field, change] of Object.entries({
    interval: { intervalMs: 1 },
    keepLast: { keepLast: 3 },
    ttl: { ttlMs: 3 },
    enabled: { enabled: false },
    namePrefix: { namePrefix: "x" },
  })
) {
  Deno.test(`policyDiffers() sees another ${field}`, () => {
    assert.equal(policyDiffers({ interval: "@daily" }, { ...live, ...change }), true);
  });
}
