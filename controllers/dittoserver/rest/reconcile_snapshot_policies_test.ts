// Snapshot policies of a server, seen to by both controllers together, in virtual time and with a
// server in memory. W05 is a weakness of the Go operator.

import assert from "node:assert/strict";
import { World } from "../_world.ts";
import { MINUTE, said, serving } from "./_serving.ts";

const archive = { share: "/archive", interval: "@daily", keepLast: 7 };

Deno.test("reconcileRest() (W05) sets snapshot policies, and notes whose they are before", async () => {
  await using world = await serving();
  world.dfs.shares.add("archive");
  let noted: unknown;
  world.dfs.fault = ({ method }) => {
    if (method === "PUT") noted = world.status().managed?.snapshotPolicies;
    return undefined;
  };
  await world.apply({ snapshotPolicies: [archive] });
  assert.deepEqual(noted, ["archive"]);
  assert.equal(world.dfs.policies.get("archive")?.interval, "@daily");
  assert.equal(said(world, "SnapshotPoliciesReady"), "True Applied");
});

Deno.test("reconcileRest() (W05) removes a policy that was the spec's, and no other", async () => {
  await using world = await serving();
  for (const share of ["archive", "scratch"]) world.dfs.shares.add(share);
  world.dfs.policies.set("scratch", {
    share: "/scratch",
    interval: "1h",
    enabled: true,
    keep_last: 0,
  });
  await world.apply({ snapshotPolicies: [archive] });
  await world.apply({});
  assert.deepEqual([...world.dfs.policies.keys()], ["scratch"]);
  assert.equal(world.status().managed, undefined);
  assert.equal(world.condition("SnapshotPoliciesReady"), undefined);
});

Deno.test("reconcileRest() waits for a share that is not there, and sets the other policies", async () => {
  await using world = await serving();
  world.dfs.shares.add("archive");
  await world.apply({ snapshotPolicies: [archive, { share: "later", interval: "1h" }] });
  assert.equal(said(world, "SnapshotPoliciesReady"), "False ShareNotFound");
  assert.deepEqual([...world.dfs.policies.keys()], ["archive"]);
  assert.equal(said(world, "Ready"), "True Serving");
  world.dfs.shares.add("later");
  await world.clock.advance(6 * MINUTE);
  assert.equal(said(world, "SnapshotPoliciesReady"), "True Applied");
});

Deno.test("reconcileRest() leaves a policy to the DittoShare that has one", async () => {
  await using world = new World({ hasPolicyOfItsOwn: (_, share) => share === "archive" });
  world.dfs.shares.add("archive");
  await world.apply({ snapshotPolicies: [archive] });
  await world.serve();
  assert.equal(said(world, "SnapshotPoliciesReady"), "False NameTaken");
  assert.deepEqual([...world.dfs.policies.keys()], []);
});
