// Groups in the hands of their controller, in virtual time.

import assert from "node:assert/strict";
import { path, World } from "../accounts/_world.ts";

const engineering = path.group("engineering");
const fieldsOf = ({ dfs }: World) => dfs.groups.get("engineering")?.fields;

Deno.test("a group is made with everything that the spec has, under the name that it has there", async () => {
  await using world = await World.withServer();
  await world.group("builders", { groupName: "engineering", gid: 5000, description: "Builders" });
  assert.deepEqual(world.said(path.group("builders")), ["Ready=AsWanted"]);
  assert.deepEqual([fieldsOf(world)?.gid, fieldsOf(world)?.description], [5000, "Builders"]);
  assert.equal(world.resource(path.group("builders"))?.metadata?.finalizers?.length, 1);
  await world.delete(path.group("builders"));
  assert.equal(world.dfs.groups.has("engineering"), false);
});

Deno.test("a group without a description has none, and somebody may give it one", async () => {
  await using world = await World.withServer();
  await world.group("engineering");
  assert.equal(fieldsOf(world)?.description, "");
  world.dfs.byHand("groups", "engineering", { description: "By hand" });
  await world.tell();
  assert.equal(fieldsOf(world)?.description, "By hand");
  assert.deepEqual(world.drifts, []);
});

Deno.test("a group is put back where somebody changed it", async () => {
  await using world = await World.withServer();
  await world.group("engineering", { gid: 5000, description: "Builders" });
  world.dfs.byHand("groups", "engineering", { gid: 5001, description: "Mallory" });
  await world.tell();
  assert.deepEqual([fieldsOf(world)?.gid, fieldsOf(world)?.description], [5000, "Builders"]);
  assert.deepEqual(world.drifts, ["group"]);
});

Deno.test("a gid that another group has is told", async () => {
  await using world = await World.withServer();
  world.dfs.byHand("groups", "others", { gid: 5000 });
  await world.group("engineering", { gid: 5000 });
  assert.deepEqual(world.said(engineering).slice(0, 2), [
    ...["Ready=GIDTaken", "AccountReady=GIDTaken"],
  ]);
  assert.match(world.message(engineering), /cannot have gid 5000: group "others" has it/);
  assert.equal(world.dfs.groups.has("engineering"), false);
});

Deno.test("a group that goes is missed by the users that are to be in it", async () => {
  await using world = await World.withServer();
  await world.group("engineering");
  await world.user("alice", { groups: ["engineering"] });
  assert.deepEqual(world.said(path.user("alice")), ["Ready=AsWanted"]);
  await world.delete(engineering);
  assert.equal(world.said(path.user("alice"))[0], "Ready=GroupNotFound");
});
