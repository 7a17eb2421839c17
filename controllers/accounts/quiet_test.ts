// What a person is told of a user in events, and what only its conditions say.

import assert from "node:assert/strict";
import { answerWith } from "../../dittofs/testing/http_faults.ts";
import { path, World } from "./_world.ts";

const alice = path.user("alice");
const NOTHING_TO_SAY = ["Ready=AsWanted"];

Deno.test("the events of a user begin when there is something to know", async () => {
  await using world = new World();
  await world.user("alice");
  await world.clock.advance(30_000);
  world.dfs.down = true;
  await world.serve();
  await world.clock.advance(30_000);
  assert.equal(world.said(alice)[0], "Ready=Unreachable");
  world.dfs.down = false;
  await world.tell();
  assert.deepEqual(world.events(), ["Normal AsWanted"]);
  world.dfs.down = true;
  await world.tell();
  await world.clock.advance(170_000);
  assert.deepEqual(world.events(), []);
  await world.clock.advance(3_600_000);
  assert.deepEqual(world.events(), ["Warning Unreachable"]);
  assert.match(world.message(alice, "Reconciling"), /^For more than 3 minutes: .*does not answer/);
});

Deno.test("a conflict about a user is told when it lasts, and not before", async () => {
  await using world = await World.withServer();
  const { [Symbol.dispose]: end } = world.http.add({
    when: ({ method }) => method === "POST",
    then: answerWith(409),
    times: Infinity,
  });
  await world.user("alice");
  await world.clock.advance(3_000);
  assert.deepEqual(world.said(alice), []);
  await world.clock.advance(7_000);
  assert.deepEqual(world.said(alice).slice(0, 2), ["Ready=Failed", "AccountReady=Failed"]);
  assert.match(world.message(alice), /POST \/users: 409/);
  end();
  await world.clock.advance(60_000);
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  assert.deepEqual(world.events(), ["Normal AsWanted"]);
});

Deno.test("a conflict at the end of a user is told when it lasts, and not before", async () => {
  await using world = await World.withServer();
  await world.user("alice");
  world.http.add({
    when: ({ method }) => method === "DELETE",
    then: answerWith(409),
    times: Infinity,
  });
  await world.delete(alice);
  await world.clock.advance(3_000);
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
  await world.clock.advance(7_000);
  assert.equal(world.said(alice)[0], "Ready=Deleting");
  assert.match(world.message(alice), /cannot be removed from the server yet: .*409/);
});

Deno.test("the end of a user that takes too long is told", async () => {
  await using world = await World.withServer();
  await world.user("alice");
  world.dfs.down = true;
  world.events();
  await world.delete(alice);
  assert.deepEqual(world.events(), []);
  await world.clock.advance(200_000);
  assert.deepEqual(world.events(), ["Warning Deleting"]);
});

Deno.test("a user whose spec is not understood keeps all else that its status says", async () => {
  await using world = await World.withServer();
  await world.user("alice", { uid: 1001 });
  const aspects = () =>
    world.resource(alice)?.status?.conditions
      ?.filter(({ type }) => !["Ready", "Stalled"].includes(type));
  const account = () => world.resource(alice)?.status?.account;
  const before = [aspects(), account()];
  assert.equal(aspects()?.length, 3);
  world.dfs.asked();
  await world.user("alice", { uid: -1 });
  assert.equal(world.said(alice)[0], "Ready=InvalidSpec");
  assert.match(world.message(alice), /^spec.uid: /);
  assert.deepEqual([aspects(), account()], before);
  assert.deepEqual(world.dfs.asked(), []);
  await world.user("alice", { uid: 1001 });
  assert.deepEqual(world.said(alice), NOTHING_TO_SAY);
});
