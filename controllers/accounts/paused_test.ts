// Users and groups of a server that is paused.

import assert from "node:assert/strict";
import { path, World } from "./_world.ts";

const alice = path.user("alice");
const engineering = path.group("engineering");

const ready = (world: World, at = alice) => {
  const { conditions = [] } = world.resource(at)?.status ?? {};
  const { status, reason } = conditions.find(({ type }) => type === "Ready") ?? {};
  return `${status} ${reason}`;
};

/** A server with a user and a group, which is then paused. */
async function pausedWorld(): Promise<World> {
  const world = await World.withServer();
  await world.user("alice", { uid: 1001 });
  await world.group("engineering");
  await world.serve({ paused: true });
  world.dfs.asked();
  return world;
}

Deno.test("a user on a paused server stays Ready, and says that nobody looks after them", async () => {
  await using world = await pausedWorld();
  for (const at of [alice, engineering]) {
    assert.deepEqual(world.said(at), ["Ready=AsWanted", "ServerReady=ServerPaused"]);
    assert.match(world.message(at, "ServerReady"), /DittoServer "files\/demo" is paused/);
  }
  world.dfs.byHand("users", "alice", { uid: 7 });
  const written = world.client.writes.length;
  await world.tell();
  assert.deepEqual(world.dfs.asked(), []);
  assert.equal(world.client.writes.length, written);
});

Deno.test("a change of a user waits for the pause to end, and is then made at once", async () => {
  await using world = await pausedWorld();
  await world.user("alice", { uid: 1002 }, { generation: 2 });
  await world.user("bob");
  assert.equal(ready(world), "False ServerPaused");
  assert.equal(ready(world, path.user("bob")), "False ServerPaused");
  assert.deepEqual(world.resource(path.user("bob"))?.metadata?.finalizers, undefined);
  assert.equal(world.resource(alice)?.status?.phase, "Pending");
  await world.tell();
  assert.equal(ready(world), "False ServerPaused");
  assert.deepEqual(world.dfs.asked(), []);
  await world.serve();
  assert.deepEqual([ready(world), ready(world, path.user("bob"))], [
    "True AsWanted",
    "True AsWanted",
  ]);
  assert.equal(world.dfs.users.get("alice")?.fields.uid, 1002);
  assert.deepEqual(world.drifts, []);
});

Deno.test("what stood in the way of a user before the pause goes on to be said", async () => {
  await using world = await World.withServer();
  await world.user("alice", { groups: ["nobody-has-made-it"] });
  await world.serve({ paused: true });
  assert.deepEqual(world.said(alice), [
    ...["Ready=ServerPaused", "ServerReady=ServerPaused", "AccountReady=GroupNotFound"],
  ]);
});

Deno.test("a user is removed from a paused server when the pause ends, or with the server", async () => {
  await using world = await pausedWorld();
  await world.delete(alice);
  await world.delete(engineering);
  for (const at of [alice, engineering]) {
    assert.deepEqual(world.said(at).slice(0, 2), ["Ready=Deleting", "ServerReady=ServerPaused"]);
    assert.match(world.message(at), /cannot be removed from the server yet: .* is paused/);
  }
  assert.deepEqual(world.dfs.asked(), []);
  await world.serve();
  assert.deepEqual([world.resource(alice), world.resource(engineering)], [undefined, undefined]);
  assert.deepEqual([...world.dfs.users.keys()], ["admin"]);
  await world.user("alice");
  await world.serve({ paused: true });
  await world.delete(alice);
  world.server.remove(path.server);
  await world.settle();
  assert.equal(world.resource(alice), undefined);
});
