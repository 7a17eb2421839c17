// What happens before a pod goes, seen with both controllers in virtual time.

import assert from "node:assert/strict";
import { ServerUnreachableError } from "../../../dittofs/errors.ts";
import type { HttpAnswer } from "../../../dittofs/http.ts";
import { json, problem } from "../../connections/_pretend_dfs.ts";
import { World } from "../_world.ts";

const MINUTE = 60_000;

/** A server that serves, whose uploads end when the test says so. */
async function uploading() {
  const world = new World();
  await world.apply({});
  await world.serve();
  const uploads = Promise.withResolvers<HttpAnswer>();
  world.dfs.drain = () => uploads.promise;
  const before = world.template();
  const replicas = () => world.statefulSet()?.spec?.replicas;
  return { world, uploads, before, replicas };
}

Deno.test("Departures let a pod upload what it has before it is replaced, and say so", async () => {
  const { world, uploads, before } = await uploading();
  await using _world = world;
  await world.apply({ image: "dittofs:v2" });
  await world.clock.advance(MINUTE);
  assert.deepEqual(world.template(), before);
  assert.equal(world.status().rollout?.state, "Draining");
  assert.deepEqual(world.status().rollout?.uploads, { state: "Draining" });
  uploads.resolve(json({ status: "drained" }));
  await world.settle();
  assert.notDeepEqual(world.template(), before);
  const { state, uploads: end } = world.status().rollout ?? {};
  assert.deepEqual([state, end], ["Running", { state: "Drained" }]);
});

Deno.test("Departures let a pod upload what it has before it is stopped", async () => {
  const { world, uploads, replicas } = await uploading();
  await using _world = world;
  await world.apply({ replicas: 0 });
  await world.clock.advance(MINUTE);
  assert.equal(replicas(), 1);
  assert.equal(world.status().rollout?.state, "Draining");
  uploads.resolve(json({ status: "drained" }));
  await world.settle();
  assert.equal(replicas(), 0);
});

Deno.test("Departures wait no longer than spec.maintenance.drainTimeout, and tell that it took too long", async () => {
  const { world, before } = await uploading();
  await using _world = world;
  await world.apply({ image: "dittofs:v2", maintenance: { drainTimeout: "3m" } });
  await world.clock.advance(2.9 * MINUTE);
  assert.deepEqual(world.template(), before);
  await world.clock.advance(0.2 * MINUTE);
  assert.notDeepEqual(world.template(), before);
  assert.equal(world.status().rollout?.uploads?.state, "Stalled");
});

Deno.test("Departures tell that uploads have come to a stop, in the server's words", async () => {
  const { world, uploads, before } = await uploading();
  await using _world = world;
  await world.apply({ image: "dittofs:v2" });
  uploads.resolve(problem(504, "Gateway Timeout", "no upload progress within 5m0s"));
  await world.clock.advance(2_000);
  assert.notDeepEqual(world.template(), before);
  assert.equal(world.status().rollout?.uploads?.state, "Stalled");
  assert.match(world.status().rollout?.uploads?.message ?? "", /no upload progress within 5m0s/);
});

for (
  const [why, end] of Object.entries({
    "does not answer": () => Promise.reject(new ServerUnreachableError("refused", "nobody there")),
    "fails": () => Promise.resolve(problem(500, "Internal Server Error", "runtime gone")),
  })
) {
  Deno.test(`Departures keep no pod whose server ${why}`, async () => {
    const { world, before } = await uploading();
    await using _world = world;
    world.dfs.drain = end;
    await world.apply({ image: "dittofs:v2" });
    await world.clock.advance(2_000);
    assert.notDeepEqual(world.template(), before);
    assert.equal(world.status().rollout?.uploads?.state, "Skipped");
  });
}

Deno.test("Departures ask for no uploads where the spec leaves no time for them", async () => {
  const { world, before } = await uploading();
  await using _world = world;
  await world.apply({ image: "dittofs:v2", maintenance: { drainTimeout: "0s" } });
  await world.clock.advance(2_000);
  assert.notDeepEqual(world.template(), before);
  assert.ok(!world.dfs.asked().includes("POST /system/drain-uploads"));
});

Deno.test("Departures count who is connected and name the first of them, also while a window is waited for", async () => {
  const { world } = await uploading();
  await using _world = world;
  const client = (protocol: string, address: string) => ({
    ...{ client_id: address, protocol, address, user: "" },
  });
  world.dfs.clients = [
    client("smb", "10.0.0.2:50123"),
    client("nfs", "10.0.0.1:700"),
    client("nfs", "10.0.0.1:701"),
  ];
  const day = new Date(world.clock.now() + 36 * 60 * MINUTE).toISOString().slice(11, 16);
  const maintenance = { windows: [{ start: day, duration: "1h" }] };
  await world.apply({ image: "dittofs:v2", maintenance });
  assert.deepEqual(world.status().rollout?.clients, {
    count: 3,
    names: ["nfs 10.0.0.1", "smb 10.0.0.2"],
  });
  assert.equal(world.status().rollout?.state, "Held");
  assert.ok(!world.dfs.asked().includes("POST /system/drain-uploads"));
});

Deno.test("Departures forget a pod that may stay", async () => {
  const { world, before } = await uploading();
  await using _world = world;
  let gaveUp = false;
  world.dfs.fault = ({ url, signal }) => {
    if (url.endsWith("/drain-uploads")) signal.addEventListener("abort", () => gaveUp = true);
    return undefined;
  };
  await world.apply({ image: "dittofs:v2" });
  await world.clock.advance(MINUTE);
  await world.apply({});
  await world.clock.advance(MINUTE);
  assert.deepEqual(world.template(), before);
  assert.ok(gaveUp, "the server waits for uploads that nobody waits for");
  assert.equal(world.status().rollout, undefined);
  assert.equal(world.condition("Ready")?.reason, "Serving");
});
