// The connection of a watch: how long it may be silent, what ends it, when the next one begins.
// Rule numbers are those of the watch loop; watch_sync_test.ts has the rules of the whole state.

import assert from "node:assert/strict";
import { ApiError, ConnectionError, ProtocolError } from "./errors.ts";
import { ByteFeed } from "./testing/byte_feed.ts";
import type { Answer } from "./testing/scripted_client.ts";
import { silence } from "./testing/silence.ts";
import { busy, errorEvent, failure, foreignRejection, rejection } from "./testing/statuses.ts";
import { added, bookmark, deleted, initialEnd, modified, thing } from "./testing/things.ts";
import { seededRandom } from "./testing/virtual_clock.ts";
import { fails, open, stream, WatchRun } from "./testing/watch_run.ts";

/** The state is known at version 10, and the connection that told it has ended. */
const synced = stream(added(thing("a", 5)), initialEnd(10));
const refused: Answer = () => Promise.reject(new ConnectionError("connection refused"));
const almostOne = () => 0.999_999;

Deno.test("watch() [rule 1] ends for nothing but its abort signal", async () => {
  const broken = new ByteFeed().fail(new TypeError("error reading a body from connection"));
  const run = new WatchRun([
    synced,
    ...[400, 401, 403, 404, 409, 422, 429, 500, 503, 504].map(fails),
    refused,
    () => Promise.reject("not even an error"),
    () => Promise.reject(undefined),
    () => null,
    () => ({ kind: "Status", status: "Success" }),
    () => broken.stream,
    stream(),
    stream(null),
    stream(7),
    stream({ type: "ADDED" }),
    stream({ type: "SOMETHING", object: thing("x", 11) }),
    stream(errorEvent(failure(500))),
    () => new ByteFeed().text("{").end().stream,
    open(added(thing("b", 11))),
  ]);
  await run.clock.advance(3_600_000);
  const silent = run.failures.findIndex(({ error }) => /went silent/.test(String(error)));
  assert.equal(silent, 23, "each fault is reported once");
  assert.deepEqual(run.seen, ["sync 10: a@5", "put b@11"]);
  await run.stop();
});

Deno.test("watch() [rule 1] ends at once in whatever it is doing", async () => {
  const states: Record<string, readonly Answer[]> = {
    "waiting for the first answer": [],
    "waiting for a list": [fails(422)],
    "waiting after a failure": [synced, fails(503)],
    "reading a stream": [synced, open()],
    "reading a stream that is deaf": [synced, () => new ByteFeed({ stubborn: true }).stream],
    "waiting for an answer that is deaf": [synced, () => silence()],
  };
  for (const [state, answers] of Object.entries(states)) {
    const run = new WatchRun(answers, { random: almostOne });
    await run.clock.advance(state === "waiting for a list" ? 1_000 : 0);
    await run.stop().catch((error) => assert.fail(`${state}: ${error}`));
  }
});

Deno.test("watch() [rule 1] gives no event any more after its signal aborted", async () => {
  const feed = new ByteFeed();
  const run = new WatchRun([synced, () => feed.stream]);
  await run.clock.settle();
  const stopped = run.stop();
  feed.lines(added(thing("b", 11)));
  await stopped;
  assert.deepEqual(run.seen, ["sync 10: a@5"]);
});

Deno.test("watch() [rule 3] asks the server to end each stream after 150 to 200 seconds", async () => {
  const one = stream(added(thing("a", 11)));
  const run = new WatchRun([synced, ...Array(1_000).fill(one)], { random: seededRandom(3) });
  await run.clock.settle();
  const asked = run.query("timeoutSeconds").map(Number);
  assert.ok(asked.length > 1_000);
  assert.equal(Math.min(...asked), 150);
  assert.equal(Math.max(...asked), 200);
  await run.stop();
});

Deno.test("watch() [rule 3] notices within 205 s a stream that is dead to cancel and abort", async () => {
  const dead = new ByteFeed({ stubborn: true }).lines(added(thing("b", 11)));
  const next = open(added(thing("c", 12)));
  const run = new WatchRun([synced, () => dead.stream, next], { random: almostOne });
  await run.clock.advance(205_000);
  assert.deepEqual(run.failures.map(({ at }) => at), [205_000]);
  assert.ok(dead.cancelled);
  assert.ok(run.client.requests[1]?.abortSignal?.aborted);
  await run.clock.advance(800);
  assert.deepEqual(run.seen, ["sync 10: a@5", "put b@11", "put c@12"]);
  await run.stop();
});

Deno.test("watch() [rule 3] notices within 205 s a request that is never answered", async () => {
  const run = new WatchRun([synced, () => silence(), open(added(thing("b", 11)))], {
    random: almostOne,
  });
  await run.clock.advance(205_000);
  assert.deepEqual(run.failures.map(({ at }) => at), [205_000]);
  await run.clock.advance(800);
  assert.deepEqual(run.seen.at(-1), "put b@11");
  await run.stop();
});

Deno.test("watch() [rule 3] lets go of an answer that comes when nobody waits for it", async () => {
  const late = Promise.withResolvers<unknown>();
  const feed = new ByteFeed();
  const run = new WatchRun([synced, () => late.promise, open()]);
  await run.clock.advance(205_000);
  late.resolve(feed.stream);
  await run.clock.settle();
  assert.equal(feed.cancelled, true);
  await run.stop();
});

Deno.test("watch() [rule 4] begins to count the silence anew with each byte", async () => {
  const feed = new ByteFeed();
  const run = new WatchRun([synced, () => feed.stream]);
  for (let i = 0; i < 10; i++) {
    await run.clock.advance(179_000);
    feed.text(" ");
  }
  feed.lines(added(thing("b", 11)));
  await run.clock.advance(179_000);
  assert.deepEqual(run.failures, []);
  assert.equal(run.seen.at(-1), "put b@11");
  await run.clock.advance(1_000);
  assert.equal(run.failures.length, 1);
  await run.stop();
});

Deno.test("watch() [rule 4] tells its observer of everything that it hears", async () => {
  const feed = new ByteFeed();
  let heard = 0;
  const run = new WatchRun([synced, () => feed.stream], { observer: { heard: () => heard++ } });
  await run.clock.settle();
  heard = 0;
  feed.lines(bookmark(11));
  await run.clock.settle();
  feed.text("{");
  await run.clock.settle();
  assert.equal(heard, 2);
  await run.stop();
});

Deno.test("watch() [rule 5] asks for bookmarks, and goes on from the version of any event", async () => {
  const run = new WatchRun([
    synced,
    stream(added(thing("b", 11)), bookmark(15)),
    stream(modified(thing("b", 17))),
    stream(deleted(thing("b", 20))),
    open(),
  ]);
  await run.clock.settle();
  const versions = run.query("resourceVersion");
  assert.deepEqual(versions, [null, "10", "15", "17", "20"]);
  assert.deepEqual(new Set(run.query("allowWatchBookmarks")), new Set(["true"]));
  assert.deepEqual(run.seen, ["sync 10: a@5", "put b@11", "put b@17", "delete b@20"]);
  await run.stop();
});

Deno.test("watch() [rule 5] reconnects at once after a regular end, without a list", async () => {
  const feed = new ByteFeed();
  const run = new WatchRun([synced, () => feed.stream, open()]);
  await run.clock.advance(150_000);
  feed.end();
  await run.clock.settle();
  assert.deepEqual(run.requests.slice(1), ["watch resourceVersion=10", "watch resourceVersion=10"]);
  assert.deepEqual(run.times, [0, 0, 150_000]);
  assert.deepEqual([run.failures.length, run.syncs.length], [0, 1]);
  await run.stop();
});

Deno.test("watch() [rule 5] takes a stream that ends at once and says nothing for a failure", async () => {
  for (const short of [stream(), stream(bookmark(11))]) {
    const run = new WatchRun([synced, ...Array(1_000).fill(short)]);
    await run.clock.advance(60_000);
    const attempts = run.client.requests.length;
    assert.ok(attempts > 4 && attempts < 15, `${attempts} attempts in a minute`);
    assert.equal(run.syncs.length, 1);
    await run.stop();
  }
});

Deno.test("watch() [rule 7] honours Retry-After of 429 and 503, keeps its version, does not list", async () => {
  for (const code of [429, 503] as const) {
    for (const error of [rejection(busy(code, 7)), foreignRejection(busy(code, 7))]) {
      const run = new WatchRun([synced, () => Promise.reject(error), open()]);
      await run.clock.advance(6_999);
      assert.equal(run.requests.length, 2);
      await run.clock.advance(1);
      assert.equal(run.requests.at(-1), "watch resourceVersion=10");
      assert.equal(run.syncs.length, 1);
      await run.stop();
    }
  }
});

Deno.test("watch() [rule 7] waits longer after each failure, from 0.8 s to 30 s", async () => {
  const run = new WatchRun([synced, ...Array(8).fill(refused)], { random: () => 0.5 });
  await run.clock.advance(60_000);
  const delays = run.failures.map(({ delayMs }) => delayMs);
  assert.deepEqual(delays, [400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
  assert.deepEqual(new Set(run.requests.slice(1)), new Set(["watch resourceVersion=10"]));
  await run.stop();
});

Deno.test("watch() [rule 7] starts the delays anew after two healthy minutes, not before", async () => {
  for (const [healthyMs, delayMs] of [[119_000, 1_600], [121_000, 400]]) {
    const feed = new ByteFeed();
    const run = new WatchRun([synced, refused, refused, () => feed.stream, open()]);
    await run.clock.advance(1_200);
    await run.clock.advance(healthyMs ?? 0);
    feed.fail(new ConnectionError("connection reset"));
    await run.clock.settle();
    assert.equal(run.failures.at(-1)?.delayMs, delayMs, `after ${healthyMs} ms`);
    await run.stop();
  }
});

Deno.test("watch() reports a connection that breaks as one, whatever its client calls it", async () => {
  const feed = new ByteFeed().fail(new TypeError("error reading a body from connection"));
  const run = new WatchRun([synced, () => feed.stream]);
  await run.clock.settle();
  assert.ok(run.failures[0]?.error instanceof ConnectionError);
  await run.stop();
});

Deno.test("watch() understands a failure in each shape in which a client brings it", async () => {
  const shapes: Record<string, Answer> = {
    "a rejection": fails(503),
    "a rejection of another client": () => Promise.reject(foreignRejection(failure(503))),
    "a resolved Status": () => failure(503),
    "a stream of a Status": stream(failure(503)),
    "an ERROR event": stream(errorEvent(failure(503))),
  };
  for (const [shape, answer] of Object.entries(shapes)) {
    const run = new WatchRun([synced, answer, open()]);
    await run.clock.settle();
    const error = run.failures[0]?.error;
    assert.ok(error instanceof ApiError && error.httpCode === 503, shape);
    await run.stop();
  }
});

Deno.test("watch() [rule 12] drops the connection for a line that does not parse, and keeps the version", async () => {
  const lines = [
    "{broken\n",
    "\u0000\n",
    JSON.stringify({ type: "SOMETHING", object: thing("x", 99) }) + "\n",
    JSON.stringify({ type: "ADDED", object: { metadata: { name: "no version" } } }) + "\n",
  ];
  for (const line of lines) {
    const feed = new ByteFeed().lines(added(thing("b", 11))).text(line);
    feed.lines(added(thing("c", 12)));
    const run = new WatchRun([synced, () => feed.stream, open()]);
    await run.clock.settle();
    assert.ok(run.failures[0]?.error instanceof ProtocolError, line);
    assert.ok(feed.cancelled);
    await run.clock.advance(800);
    assert.equal(run.requests.at(-1), "watch resourceVersion=11", line);
    assert.ok(!run.seen.includes("put c@12"));
    await run.stop();
  }
});

Deno.test("watch() [rule 12] drops a connection that ends within a line or a character", async () => {
  const event = new TextEncoder().encode(JSON.stringify(added(thing("ü", 12))));
  const half = event.subarray(0, event.indexOf(0xc3) + 1);
  for (const cut of [event.subarray(0, 20), event, half]) {
    const feed = new ByteFeed().lines(added(thing("b", 11))).bytes(cut).end();
    const run = new WatchRun([synced, () => feed.stream, open()]);
    await run.clock.advance(800);
    assert.ok(run.failures[0]?.error instanceof ProtocolError);
    assert.equal(run.requests.at(-1), "watch resourceVersion=11");
    await run.stop();
  }
});
