// What a person is told of a server in events, and what only its conditions say.

import assert from "node:assert/strict";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { Event } from "../../kube/events.ts";
import { failWith } from "../../kube/testing/faults.ts";
import { failure } from "../../kube/testing/statuses.ts";
import { CONTAINER } from "./names.ts";
import { path, World } from "./_world.ts";

/** The events so far, as `Type Reason`. */
const events = ({ client }: World) =>
  client.requests.filter(({ path, method }) => method === "POST" && path.endsWith("/events"))
    .map(({ options }) => {
      const { type, reason } = options.bodyJson as Event;
      return `${type} ${reason}`;
    });

Deno.test("reconcileServer() tells in no event that a pod is waited for, unless it takes too long", async () => {
  await using world = new World();
  await world.apply({});
  await world.clock.advance(179_000);
  assert.deepEqual(events(world), []);
  await world.clock.advance(3_600_000);
  assert.deepEqual(events(world), ["Warning WaitingForPod"]);
  assert.match(world.condition("Reconciling")?.message ?? "", /^For more than 3 minutes: Waiting/);
  assert.equal(world.condition("Ready")?.reason, "WaitingForPod");
  assert.equal(world.status().phase, "Pending");
  await world.serve();
  assert.deepEqual(events(world), ["Warning WaitingForPod", "Normal Serving"]);
});

Deno.test("reconcileServer() does not tell again after a restart of the operator what takes too long", async () => {
  await using world = new World();
  await world.apply({});
  await world.clock.advance(200_000);
  await world.restart();
  await world.clock.advance(3_600_000);
  assert.deepEqual(events(world), []);
});

Deno.test("reconcileServer() tells at once of a pod that cannot start", async () => {
  await using world = new World();
  await world.apply({});
  const labels = { app: "dittofs-server", instance: "demo" };
  const waiting = { reason: "ImagePullBackOff", message: "no such image" };
  world.server.put(path.pod, {
    metadata: { name: "demo-0", namespace: "files", labels },
    status: { containerStatuses: [{ name: CONTAINER, state: { waiting } }] },
  });
  await world.settle();
  assert.deepEqual(events(world), ["Warning PodFailing"]);
});

/** Applies of a server's ConfigMap are in conflict, so many times. */
const conflicts = ({ client }: World, times: number) =>
  client.add({
    when: ({ method, path: at }) =>
      method === "PATCH" && at === path.core("configmaps", "demo-config"),
    then: failWith(failure(409)),
    times,
  });

/** Every status of the server that was written, as the reasons of its conditions. */
const reasons = ({ client }: World) =>
  client.writes.filter(({ path }) => path.endsWith("/status")).map(({ options }) => {
    const { status } = options.bodyJson as DittoServer;
    return status?.conditions?.map(({ reason }) => reason) ?? [];
  });

Deno.test("reconcileServer() shows no conflict that the next pass mends", async () => {
  await using world = new World();
  conflicts(world, 3);
  await world.apply({});
  assert.deepEqual(reasons(world), []);
  await world.clock.advance(2_000);
  assert.equal(world.condition("ConfigReady")?.reason, "Applied");
  await world.serve();
  conflicts(world, 3);
  await world.apply({ logging: { level: "DEBUG" } });
  await world.clock.advance(60_000);
  await world.rollOut();
  assert.equal(world.condition("Ready")?.reason, "Serving");
  assert.ok(reasons(world).length > 2);
  assert.ok(!reasons(world).flat().includes("ApplyFailed"));
  assert.deepEqual(events(world).filter((event) => event.includes("ApplyFailed")), []);
});

Deno.test("reconcileServer() tells of a conflict that lasts, and of its end", async () => {
  await using world = new World();
  const fault = conflicts(world, Infinity);
  await world.apply({});
  await world.clock.advance(10_000);
  assert.equal(world.condition("Ready")?.reason, "ApplyFailed");
  assert.match(world.condition("ConfigReady")?.message ?? "", /ConfigMap "demo-config": Conflict/);
  await world.clock.advance(600_000);
  assert.deepEqual(events(world), ["Warning ApplyFailed"]);
  fault[Symbol.dispose]();
  await world.clock.advance(300_000);
  assert.equal(world.condition("ConfigReady")?.reason, "Applied");
});

Deno.test("reconcileServer() tells of a pod that no node takes when that takes too long", async () => {
  await using world = new World();
  await world.apply({});
  const labels = { app: "dittofs-server", instance: "demo" };
  const scheduled = {
    ...{ type: "PodScheduled", status: "False", reason: "Unschedulable" },
    message: "pod has unbound immediate PersistentVolumeClaims",
  };
  world.server.put(path.pod, {
    metadata: { name: "demo-0", namespace: "files", labels },
    status: { conditions: [scheduled] },
  });
  await world.settle();
  assert.match(world.condition("Ready")?.message ?? "", /Unschedulable: pod has unbound immediate/);
  assert.deepEqual([world.status().phase, events(world)], ["Pending", []]);
  await world.clock.advance(3_600_000);
  assert.deepEqual(events(world), ["Warning WaitingForPod"]);
});
