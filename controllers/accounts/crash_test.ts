// The program dies just before or just after each call that it makes, to the API server or to the
// DittoFS server, is started again, and must end where it would have ended without. The same with
// the real servers is e2e/integration/account_crash_points_test.ts.

import assert from "node:assert/strict";
import * as restFaults from "../../dittofs/testing/http_faults.ts";
import * as kubeFaults from "../../kube/testing/faults.ts";
import { path, World } from "./_world.ts";

const alice = path.user("alice");
const WHOLE = {
  ...{ uid: 1001, groups: ["engineering"], displayName: "Alice Example" },
  passwordSecretRef: { name: "alice" },
};

/** A change, and how the world is brought to where it begins. */
interface Scenario {
  readonly name: string;
  readonly before: (world: World) => Promise<void>;
  readonly change: (world: World) => Promise<void>;
}

const made = async (world: World) => {
  await world.secret("alice", { password: "first-password" });
  await world.group("engineering", { gid: 5000 });
  await world.user("alice", WHOLE);
};

const scenarios: readonly Scenario[] = [
  {
    name: "create",
    before: (world) => world.secret("alice", { password: "first-password" }),
    change: made,
  },
  {
    name: "create disabled",
    before: (world) => world.secret("alice", { password: "first-password" }),
    change: (world) =>
      world.user("alice", { enabled: false, passwordSecretRef: { name: "alice" } }),
  },
  {
    name: "take over",
    before: async (world) => {
      await world.secret("alice", { password: "first-password" });
      world.dfs.byHand("users", "alice", { uid: 7 });
    },
    change: (world) => world.user("alice", { ...WHOLE, groups: [], adopt: true }),
  },
  {
    name: "edit",
    before: made,
    change: (world) => world.user("alice", { ...WHOLE, uid: 1002, groups: ["users"] }),
  },
  {
    name: "rotate",
    before: made,
    change: (world) => world.secret("alice", { password: "second-password" }),
  },
  { name: "delete", before: made, change: (world) => world.delete(alice) },
  {
    name: "delete group",
    before: made,
    change: (world) => world.delete(path.group("engineering")),
  },
  {
    name: "lose the database",
    before: made,
    change: async (world) => {
      world.dfs.loseDatabase();
      await world.tell();
    },
  },
];

/** Everything that there is in the end, without what is new in each run. */
function endOf(world: World): string {
  const { users, groups } = world.dfs;
  const rows = [...users.values(), ...groups.values()].map((row) => ({ ...row, id: "*" }));
  const resources = [alice, path.group("engineering")].map((at) => world.resource(at));
  const volatile = /^(id|resourceVersion|creationTimestamp|lastTransitionTime|generation)$/;
  const all = { rows: rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)), resources };
  return JSON.stringify(all, (key, value) => volatile.test(key) ? "*" : inOrder(value), 1)
    .replaceAll(/"uid-\d+"/g, '"*"').replaceAll(/id-\d+/g, "*");
}

/** The same with the fields of an object in an order that does not depend on who wrote first. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function begin(scenario: Scenario): Promise<World> {
  const world = await World.withServer();
  await scenario.before(world);
  await world.clock.advance(30_000);
  return world;
}

/** Where the program may die: the k-th call to one of the two since the change. */
interface Point {
  readonly to: "kubernetes" | "dittofs";
  readonly k: number;
  readonly when: "before" | "after";
}

/** Counts the calls to both since now, and may die at one. Watches are no calls. */
function watchCalls(world: World, point?: Point) {
  const counts = { kubernetes: 0, dittofs: 0 };
  const strikes = (to: Point["to"]) => ++counts[to] === point?.k && point.to === to;
  const before = point?.when === "before";
  world.client.add({
    when: ({ isWatch }) => !isWatch && strikes("kubernetes"),
    then: before ? kubeFaults.crashBefore : kubeFaults.crashAfter,
  });
  world.http.add({
    when: () => strikes("dittofs"),
    then: before ? restFaults.crashBefore : restFaults.crashAfter,
  });
  world.client.crashed.then(({ message }) => world.http.kill(message));
  let crashed = false;
  world.http.crashed.then(({ message }) => {
    world.client.endStreams();
    world.client.kill(message);
    crashed = true;
  });
  return { counts, hasCrashed: () => crashed };
}

async function pointsOf(scenario: Scenario) {
  await using world = await begin(scenario);
  const { counts } = watchCalls(world);
  await scenario.change(world);
  await world.clock.advance(30_000);
  const points = (["kubernetes", "dittofs"] as const).flatMap((to) =>
    Array.from({ length: counts[to] }, (_, i) => i + 1).flatMap((k): Point[] => [
      { to, k, when: "before" },
      { to, k, when: "after" },
    ])
  );
  return { points, end: endOf(world) };
}

for (const scenario of scenarios) {
  Deno.test(`users and groups end where they should after a crash at every call of: ${scenario.name}`, async () => {
    const { points, end } = await pointsOf(scenario);
    assert.ok(points.length >= 4, `${points.length} points`);
    for (const point of points) {
      const world = await begin(scenario);
      const { hasCrashed } = watchCalls(world, point);
      await scenario.change(world);
      await world.clock.advance(30_000);
      const where = JSON.stringify(point);
      assert.ok(hasCrashed(), where);
      await using next = await world.restart();
      await next.clock.advance(30_000);
      assert.equal(endOf(next), end, where);
    }
  });
}

Deno.test("a user that somebody makes while the program is dead stays theirs, wherever it died", async () => {
  const [scenario] = scenarios;
  assert.ok(scenario);
  const { points } = await pointsOf(scenario);
  let theirs = 0;
  for (const point of points) {
    const world = await begin(scenario);
    watchCalls(world, point);
    await scenario.change(world);
    await world.clock.advance(30_000);
    const ours = world.dfs.users.has("alice");
    const row = ours ? undefined : world.dfs.byHand("users", "alice", { uid: 7 });
    await using next = await world.restart();
    await next.clock.advance(30_000);
    const where = JSON.stringify(point);
    assert.equal(next.said(alice)[0], ours ? "Ready=AsWanted" : "Ready=NotOurs", where);
    if (!row) continue;
    theirs++;
    assert.deepEqual(next.dfs.users.get("alice"), row, where);
    await next.delete(alice);
    assert.deepEqual(next.dfs.users.get("alice"), row, where);
  }
  assert.ok(theirs > 4, `${theirs} were theirs`);
});

Deno.test("a user that is deleted while the program is dead leaves nothing on the server", async () => {
  const [scenario] = scenarios;
  assert.ok(scenario);
  const { points } = await pointsOf(scenario);
  for (const point of points) {
    const world = await begin(scenario);
    watchCalls(world, point);
    await scenario.change(world);
    await world.clock.advance(30_000);
    await world.delete(alice);
    await using next = await world.restart();
    await next.clock.advance(30_000);
    const where = JSON.stringify(point);
    assert.equal(next.resource(alice), undefined, where);
    assert.deepEqual([...next.dfs.users.keys()], ["admin"], where);
  }
});
