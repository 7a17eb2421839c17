// What a person is told of a server in events, and what only its conditions say.

import assert from "node:assert/strict";
import type { Event } from "../../kube/events.ts";
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
