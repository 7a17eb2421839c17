// A server whose stored spec is not understood, as after a change of the operator's version.

import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { World } from "./_world.ts";

/** What the API server would refuse today. */
const INVALID = { storage: { metadataSize: "much" } } as Partial<DittoServerInput>;

/** What a status says besides of whether the spec is understood. */
function rest(world: World) {
  const { observedGeneration: _, phase: __, conditions = [], ...others } = world.status();
  const kstatus = ["Ready", "Reconciling", "Stalled"];
  const aspects = conditions.filter(({ type }) => !kstatus.includes(type));
  return {
    ...others,
    // Looked at all the same.
    available: aspects.find(({ type }) => type === "Available")?.status,
    aspects: aspects.filter(({ type }) => type !== "Available"),
  };
}

Deno.test("a server that runs stays as it is and as its status says when its spec is not understood", async () => {
  await using world = new World();
  await world.apply({ logging: { level: "DEBUG" } });
  await world.serve();
  const before = rest(world);
  assert.ok(before.nfsEndpoint && before.volumes?.length && before.aspects.length > 5);
  const template = world.template();
  await world.apply(INVALID);
  await world.clock.advance(3_600_000);
  assert.deepEqual(rest(world), before);
  assert.deepEqual(world.template(), template);
  assert.equal(world.status().phase, "Failed");
  assert.equal(world.status().observedGeneration, 2);
  assert.match(world.condition("Ready")?.message ?? "", /^spec.storage.metadataSize: /);
  assert.equal(world.condition("Stalled")?.reason, "InvalidSpec");
  await world.apply({ logging: { level: "DEBUG" } });
  await world.clock.advance(2_000);
  assert.equal(world.condition("Ready")?.reason, "Serving");
  assert.equal(world.condition("Stalled"), undefined);
});

Deno.test("a server whose spec is not understood says so of a spec that never was", async () => {
  await using world = new World();
  await world.apply(INVALID);
  const { replicas, phase, conditions } = world.status();
  assert.deepEqual([replicas, phase], [0, "Failed"]);
  assert.deepEqual(conditions?.map(({ type }) => type), ["Ready", "Stalled", "Available"]);
});

Deno.test("a server whose spec is not understood goes on to say whether its pod is ready", async () => {
  await using world = new World();
  await world.apply({});
  await world.serve();
  await world.apply(INVALID);
  world.server.put("/apis/apps/v1/namespaces/files/statefulsets/demo", { status: { replicas: 1 } });
  await world.settle();
  assert.equal(world.condition("Available")?.status, "False");
  assert.equal(world.status().readyReplicas, 0);
});
