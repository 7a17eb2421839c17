// The queue of keys: what each promise in its header means. queue_walk_test.ts walks at random.

import assert from "node:assert/strict";
import { type Lane, Queue, type QueueObserver, type QueueOptions } from "./queue.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";

const never = new AbortController().signal;

function setUp(options: QueueOptions = {}, observer: QueueObserver = {}) {
  const clock = new VirtualClock(0);
  return { clock, queue: new Queue<string>(clock, options, observer) };
}

/** Takes and ends everything that waits now, in order. */
async function drain(queue: Queue<string>): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) {
    const key = await queue.take(never);
    if (key === undefined) break;
    keys.push(key);
    queue.done(key);
  }
  return keys;
}

function addAll(queue: Queue<string>, lane: Lane, ...keys: string[]): void {
  for (const key of keys) queue.add(key, lane);
}

Deno.test("Queue gives keys in the order in which they came", async () => {
  const { queue } = setUp();
  addAll(queue, "background", "a", "b", "c");
  assert.deepEqual(await drain(queue), ["a", "b", "c"]);
});

Deno.test("Queue holds a key that is added again as one entry, at its first place", async () => {
  const { queue } = setUp();
  addAll(queue, "background", "a", "b", "a", "a");
  assert.equal(queue.depth, 2);
  assert.deepEqual(await drain(queue), ["a", "b"]);
});

Deno.test("Queue remembers one more look at a key that is being worked on, and gives it to nobody else", async () => {
  const { clock, queue } = setUp();
  queue.add("a", "background");
  assert.equal(await queue.take(never), "a");
  addAll(queue, "background", "a", "a", "a");
  const second = queue.take(never);
  let taken: string | undefined;
  second.then((key) => (taken = key));
  await clock.advance(60_000);
  assert.equal(taken, undefined);
  assert.equal(queue.depth, 0);
  queue.done("a");
  assert.equal(await second, "a");
  queue.done("a");
  assert.equal(queue.depth, 0);
});

Deno.test("Queue hands a key to a worker that waits, one key to each", async () => {
  const { queue } = setUp();
  const workers = [queue.take(never), queue.take(never)];
  addAll(queue, "background", "a", "b", "c");
  assert.deepEqual(await Promise.all(workers), ["a", "b"]);
  assert.equal(queue.depth, 1);
});

Deno.test("Queue lets what a user did overtake the background", async () => {
  const { queue } = setUp();
  addAll(queue, "background", "a", "b");
  addAll(queue, "user", "x", "b");
  assert.equal(queue.depth, 3);
  assert.deepEqual(await drain(queue), ["x", "b", "a"]);
});

Deno.test("Queue does not send a key back from the fast lane", async () => {
  const { queue } = setUp();
  queue.add("busy", "background");
  assert.equal(await queue.take(never), "busy");
  queue.add("busy", "user");
  queue.add("busy", "background");
  addAll(queue, "background", "a");
  addAll(queue, "user", "x");
  queue.add("x", "background");
  queue.done("busy");
  assert.deepEqual(await drain(queue), ["x", "busy", "a"]);
});

Deno.test("Queue gives the background one turn in eight, however much users do", async () => {
  const { queue } = setUp();
  const users = Array.from({ length: 40 }, (_, i) => `user-${i}`);
  addAll(queue, "background", "a", "b", "c", "d", "e");
  addAll(queue, "user", ...users);
  const order = await drain(queue);
  assert.deepEqual(["a", "b", "c", "d", "e"].map((key) => order.indexOf(key)), [7, 15, 23, 31, 39]);
});

Deno.test("Queue.addAfter() adds a key when its time has come", async () => {
  const { clock, queue } = setUp();
  queue.addAfter("a", 1_000);
  await clock.advance(999);
  assert.equal(queue.depth, 0);
  await clock.advance(1);
  assert.deepEqual(await drain(queue), ["a"]);
  assert.equal(clock.pending, 0);
});

Deno.test("Queue.addAfter() keeps the earlier of two times", async () => {
  for (const [first, second] of [[1_000, 5_000], [5_000, 1_000]] as const) {
    const { clock, queue } = setUp();
    queue.addAfter("a", first);
    queue.addAfter("a", second);
    assert.equal(clock.pending, 1);
    await clock.advance(1_000);
    assert.deepEqual(await drain(queue), ["a"]);
    await clock.advance(10_000);
    assert.equal(queue.depth, 0);
  }
});

Deno.test("Queue.retry() waits twice as long after each failure of that key alone", async () => {
  const { clock, queue } = setUp();
  const delays = Array.from({ length: 13 }, () => queue.retry("a"));
  assert.deepEqual(delays.slice(0, 4), [250, 500, 1_000, 2_000]);
  assert.deepEqual(delays.slice(-3), [256_000, 300_000, 300_000]);
  assert.equal(queue.retry("b"), 250);
  queue.forget("a");
  assert.equal(queue.retry("a"), 250);
  await clock.advance(249);
  assert.equal(queue.depth, 0);
  await clock.advance(1);
  assert.equal(queue.depth, 2);
});

Deno.test("Queue.retry() stays at its longest delay after a thousand failures", () => {
  const { queue } = setUp({ firstRetryMs: 10, maxRetryMs: 1_000 });
  for (let i = 0; i < 1_000; i++) queue.retry("a");
  assert.equal(queue.retry("a"), 1_000);
});

Deno.test("Queue.retry() waits at least as long as the server asked", () => {
  const { queue } = setUp();
  assert.equal(queue.retry("a", 7_000), 7_000);
  assert.equal(queue.retry("b", 10), 250);
});

Deno.test("Queue.hurry() lets what has failed be looked at now, and only that", async () => {
  const { clock, queue } = setUp();
  for (let i = 0; i < 8; i++) queue.retry("failed");
  queue.addAfter("planned", 60_000);
  queue.hurry();
  assert.deepEqual(await drain(queue), ["failed"]);
  assert.equal(queue.retry("failed"), 250);
  await clock.advance(60_000);
  assert.deepEqual(await drain(queue), ["failed", "planned"]);
});

Deno.test("Queue.hurryAll() leaves no timer behind and no key unseen", async () => {
  const { clock, queue } = setUp();
  queue.retry("failed");
  queue.addAfter("planned", 60_000);
  queue.hurryAll();
  assert.equal(clock.pending, 0);
  assert.deepEqual((await drain(queue)).sort(), ["failed", "planned"]);
});

Deno.test("Queue.take() gives up with its signal, and leaves what waits to the next", async () => {
  const { queue } = setUp();
  const term = new AbortController();
  const waiting = [queue.take(term.signal), queue.take(term.signal)];
  term.abort();
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
  queue.add("a", "user");
  assert.equal(await queue.take(term.signal), undefined);
  assert.equal(queue.depth, 1);
  assert.equal(await queue.take(never), "a");
});

Deno.test("Queue.take() loses no key when another taker gave up", async () => {
  const { queue } = setUp();
  const [first, second] = [new AbortController(), new AbortController()];
  const takes = [queue.take(first.signal), queue.take(second.signal)];
  first.abort();
  queue.add("a", "background");
  second.abort();
  assert.deepEqual(await Promise.all(takes), [undefined, "a"]);
});

Deno.test("Queue.take() that was served leaves the others in peace when its signal aborts", async () => {
  const { queue } = setUp();
  const served = new AbortController();
  queue.add("a", "background");
  assert.equal(await queue.take(served.signal), "a");
  const waiting = queue.take(never);
  served.abort();
  queue.add("b", "background");
  assert.equal(queue.depth, 0);
  assert.equal(await waiting, "b");
});

Deno.test("Queue.done() without a take changes nothing", () => {
  const { queue } = setUp();
  queue.add("a", "user");
  queue.done("a");
  queue.done("b");
  assert.equal(queue.depth, 1);
});

Deno.test("Queue measures its work for metrics", async () => {
  const told: string[] = [];
  const { clock, queue } = setUp({}, {
    added: () => told.push("added"),
    taken: (ms) => told.push(`taken after ${ms}`),
    done: (ms) => told.push(`done after ${ms}`),
    retried: () => told.push("retried"),
  });
  addAll(queue, "background", "a", "b");
  await clock.advance(40);
  queue.add("a", "user");
  await clock.advance(60);
  await queue.take(never);
  await clock.advance(50);
  await queue.take(never);
  await clock.advance(30);
  assert.equal(queue.longestRunningMs, 80);
  assert.equal(queue.unfinishedMs, 110);
  queue.done("a");
  assert.equal(queue.longestRunningMs, 30);
  queue.retry("a");
  assert.deepEqual(told, [
    "added",
    "added",
    "taken after 100",
    "taken after 150",
    "done after 80",
    "retried",
  ]);
});

Deno.test("Queue.take() of the user lane waits for edits alone, and gets them first", async () => {
  const queue = new Queue<string>(new VirtualClock());
  const reserved = queue.take(never, "user");
  queue.add("new", "background");
  const general = queue.take(never);
  assert.equal(await general, "new");
  const next = queue.take(never);
  queue.add("edited", "user");
  assert.equal(await reserved, "edited");
  queue.add("another", "user");
  assert.equal(await next, "another");
});
