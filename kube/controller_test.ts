// A controller in virtual time: what wakes it, what it looks at first, and what becomes of failures.
// Rule numbers are those of the watch loop.

import assert from "node:assert/strict";
import { done, type Outcome, specConcerns } from "./controller.ts";
import type { Look } from "./relations.ts";
import { del, put, sync } from "./testing/cache_feed.ts";
import { ControllerRun } from "./testing/controller_run.ts";
import { busy, failure, rejection } from "./testing/statuses.ts";
import { thing } from "./testing/things.ts";

const HOUR = 3_600_000;

const edited = (name: string, version: number, generation: number) =>
  thing(name, version, { metadata: { generation } });

const ownedBy = (
  name: string,
  version: number,
  owner: Partial<{ kind: string; name: string; apiVersion: string }>,
) =>
  thing(name, version, {
    metadata: {
      ownerReferences: [
        {
          apiVersion: "test.example/v1",
          kind: "Thing",
          name: "x",
          uid: "u",
          controller: true,
          ...owner,
        },
      ],
    },
  });

Deno.test("Controller looks at each object once when it starts", async () => {
  const run = new ControllerRun();
  await run.primary.feed(sync(10, thing("a", 1), thing("b", 2)));
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "b"]);
  await run.clock.advance(HOUR);
  assert.equal(run.visits.length, 2);
  await run.stop();
});

Deno.test("Controller [rule 11] is told a key and nothing else, however many events there were", async () => {
  const run = new ControllerRun();
  const gate = Promise.withResolvers<Outcome>();
  run.outcomes.push(() => gate.promise);
  const events = Array.from({ length: 100 }, (_, i) => put(edited("a", 11 + i, i)));
  await run.primary.feed(sync(10), ...events, del(thing("a", 200)));
  gate.resolve(done);
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "a"]);
  await run.stop();
});

Deno.test("Controller looks at the owner of what changes, if it is of its kind", async () => {
  const run = new ControllerRun();
  await run.owned.feed(
    sync(10, ownedBy("child", 1, { name: "mine" })),
    put(ownedBy("other-kind", 11, { kind: "Pod" })),
    put(ownedBy("other-group", 12, { apiVersion: "apps/v1" })),
    put(ownedBy("core-group", 13, { apiVersion: "v1" })),
    put(thing("nobody's", 14)),
    del(ownedBy("gone", 15, { name: "unknown to us" })),
  );
  await run.owned.feed(put(ownedBy("gone", 16, { name: "his" })), del(ownedBy("gone", 17, {})));
  await run.clock.settle();
  assert.deepEqual(new Set(run.visits), new Set(["mine", "his"]));
  await run.stop();
});

Deno.test("Controller looks at a resource again for what concerns it, and not for its status", async () => {
  const run = new ControllerRun({ concerns: specConcerns });
  await run.primary.feed(sync(10, edited("a", 1, 1)));
  await run.clock.settle();
  await run.primary.feed(put(thing("a", 11, { metadata: { generation: 1 }, status: { x: 1 } })));
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a"]);
  await run.primary.feed(put(edited("a", 12, 2)));
  await run.clock.settle();
  await run.primary.feed(
    put(thing("a", 13, { metadata: { generation: 2, deletionTimestamp: "2030-01-01T00:00:00Z" } })),
  );
  await run.clock.settle();
  await run.primary.feed(del(edited("a", 14, 2)));
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "a", "a", "a"]);
  await run.stop();
});

Deno.test("Controller looks at a key that a trigger names, in the lane that it names", async () => {
  let look: Look = () => assert.fail("nobody listens");
  const run = new ControllerRun({ triggers: [{ listen: (to) => void (look = to) }] });
  const gate = Promise.withResolvers<Outcome>();
  run.outcomes.push(() => gate.promise);
  look("default/a", "background");
  await run.clock.settle();
  look("default/b", "background");
  look("default/c", "user");
  gate.resolve(done);
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "c", "b"]);
  await run.stop();
});

Deno.test("Controller lets what a user edits overtake what nobody waits for", async () => {
  const run = new ControllerRun();
  const gate = Promise.withResolvers<Outcome>();
  run.outcomes.push(() => gate.promise);
  const all = ["a", "b", "c", "d"].map((name, i) => edited(name, i + 1, 1));
  await run.primary.feed(sync(10, ...all));
  await run.clock.settle();
  await run.primary.feed(
    put(edited("c", 11, 1)),
    put(edited("d", 12, 2)),
    put(edited("new", 13, 1)),
  );
  gate.resolve(done);
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "d", "b", "c", "new"]);
  await run.stop();
});

Deno.test("Controller looks again after the time that a reconcile asked for", async () => {
  const run = new ControllerRun();
  run.outcomes.push(() => ({ result: "wait", afterMs: 5_000, reason: "a volume is growing" }));
  run.outcomes.push(() => ({ result: "stalled", reason: "shrink" }));
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(4_999);
  assert.equal(run.visits.length, 1);
  await run.clock.advance(1);
  assert.equal(run.visits.length, 2);
  await run.clock.advance(HOUR);
  assert.equal(run.visits.length, 2);
  assert.deepEqual(run.told, ["requeue_after", "success"]);
  await run.stop();
});

Deno.test("Controller lets everything that waits have its turn before what has yielded", async () => {
  const run = new ControllerRun();
  run.outcomes.push(() => ({ result: "yield" }));
  await run.primary.feed(sync(10, thing("a", 1), thing("b", 2), thing("c", 3)));
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "b", "c", "a"]);
  assert.equal(run.told[0], "requeue");
  await run.stop();
});

Deno.test("Controller tries again after a failure, later each time, until it succeeds", async () => {
  const run = new ControllerRun();
  for (let i = 0; i < 3; i++) run.outcomes.push(() => Promise.reject(rejection(failure(500))));
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(250 + 500 + 1_000);
  assert.equal(run.visits.length, 4);
  assert.deepEqual(run.told, [...Array(3).fill("error transient"), "success"]);
  run.outcomes.push(() => Promise.reject(rejection(failure(500))));
  await run.primary.feed(put(thing("a", 11)));
  await run.clock.advance(250);
  assert.equal(run.visits.length, 6, "a success makes the next delay short again");
  await run.stop();
});

Deno.test("Controller leaves a server alone for as long as it asked", async () => {
  const run = new ControllerRun();
  run.outcomes.push(() => Promise.reject(rejection(busy(429, 7))));
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(6_999);
  assert.equal(run.visits.length, 1);
  await run.clock.advance(1);
  assert.equal(run.visits.length, 2);
  await run.stop();
});

Deno.test("Controller takes a conflict for nobody's mistake unless it lasts, and everything else for one", async () => {
  const levels = async (...errors: unknown[]) => {
    const run = new ControllerRun();
    run.outcomes.push(...errors.map((error) => () => Promise.reject(error)));
    await run.primary.feed(sync(10, thing("a", 1)));
    await run.clock.advance(HOUR);
    await run.stop();
    return run.log.map(({ level }) => level);
  };
  assert.deepEqual(await levels(rejection(failure(409))), ["debug"]);
  const six = Array.from({ length: 6 }, () => rejection(failure(409)));
  assert.deepEqual(await levels(...six), [...Array(5).fill("debug"), "error"]);
  assert.deepEqual(await levels(rejection(failure(422))), ["error"]);
  assert.deepEqual(await levels(new TypeError("our own")), ["error", "debug"]);
});

Deno.test("Controller ends when its work in hand is done, and takes up what waited when it runs again", async () => {
  const run = new ControllerRun();
  const gate = Promise.withResolvers<Outcome>();
  run.outcomes.push(() => gate.promise);
  await run.primary.feed(sync(10, thing("a", 1), thing("b", 2)));
  await run.clock.settle();
  let ended = false;
  const ending = run.end().then(() => (ended = true));
  await run.clock.settle();
  assert.equal(ended, false);
  gate.resolve(done);
  await ending;
  assert.deepEqual(run.visits, ["a"]);
  const term = new AbortController();
  const again = run.controller.run(term.signal);
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "b"]);
  term.abort();
  await again;
});

/** When a controller looks at an object again that nothing happens to, in hours. */
async function recheckHours(random: number): Promise<number> {
  const run = new ControllerRun({ random: () => random });
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.settle();
  while (run.visits.length < 2) await run.clock.advance(HOUR / 10);
  await run.stop();
  assert.equal(run.clock.pending, 0);
  return Math.round(run.clock.now() / HOUR);
}

Deno.test("Controller [rule 15] looks at each object again in 5 to 15 hours", async () => {
  assert.deepEqual(await Promise.all([0, 0.5, 0.999_999].map(recheckHours)), [5, 10, 15]);
});

Deno.test("Controller [rule 15] counts the hours from the last look, with one timer for each object", async () => {
  const run = new ControllerRun();
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(9 * HOUR);
  await run.primary.feed(put(thing("a", 11)));
  await run.clock.settle();
  assert.equal(run.clock.pending, 1);
  await run.clock.advance(9.9 * HOUR);
  assert.equal(run.visits.length, 2);
  await run.clock.advance(0.2 * HOUR);
  assert.equal(run.visits.length, 3);
  await run.stop();
});

Deno.test("Controller [rule 15] says so if a re-check finds what no watch has told of", async () => {
  const run = new ControllerRun();
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(HOUR);
  run.outcomes.push(() => ({ result: "done", writes: 0 }), () => ({ result: "done", writes: 2 }));
  await run.clock.advance(10 * HOUR);
  assert.ok(!run.told.includes("missed"));
  await run.clock.advance(10 * HOUR);
  assert.equal(run.visits.length, 3);
  assert.deepEqual(run.told.filter((what) => what === "missed"), ["missed"]);
  assert.equal(run.log.at(-1)?.level, "error");
  await run.stop();
});

Deno.test("Controller [rule 15] does not count work that an event asked for", async () => {
  const run = new ControllerRun();
  const writes = () => ({ result: "done", writes: 2 }) as const;
  run.outcomes.push(writes, writes, writes);
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(HOUR);
  await run.primary.feed(put(thing("a", 11)));
  await run.clock.advance(HOUR);
  assert.deepEqual(run.told, ["success", "success"]);
  await run.stop();
});

Deno.test("Controller [rule 15] does not count work that an event asked for while the re-check waited", async () => {
  const run = new ControllerRun();
  const gate = Promise.withResolvers<Outcome>();
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(9 * HOUR);
  run.outcomes.push(() => gate.promise, () => ({ result: "done", writes: 2 }));
  await run.primary.feed(put(thing("busy", 11)));
  await run.clock.advance(2 * HOUR);
  await run.primary.feed(put(thing("a", 12)));
  gate.resolve(done);
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "busy", "a"]);
  assert.ok(!run.told.includes("missed"));
  await run.stop();
});

Deno.test("Controller [rule 15] forgets the re-check of an object that is gone", async () => {
  const run = new ControllerRun();
  await run.primary.feed(sync(10, thing("a", 1)));
  await run.clock.advance(HOUR);
  await run.primary.feed(del(thing("a", 11)));
  await run.clock.advance(100 * HOUR);
  assert.deepEqual(run.visits, ["a", "a"]);
  assert.equal(run.clock.pending, 0);
  await run.stop();
});
