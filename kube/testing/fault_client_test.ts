// Faults strike the requests that a rule names, and nothing else.

import assert from "node:assert/strict";
import { ApiError, ConnectionError } from "../errors.ts";
import type { RequestOptions, RestClient } from "../rest_client.ts";
import { ByteFeed } from "./byte_feed.ts";
import { CrashError, FaultClient, type Rule } from "./fault_client.ts";
import {
  crashAfter,
  crashBefore,
  delay,
  failAfter,
  failInStream,
  failResolved,
  failWith,
  goSilent,
  listOf,
  loseAnswer,
  refuse,
  watchOf,
  write,
} from "./faults.ts";
import { busy, failure } from "./statuses.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** A server that does what it is asked and remembers it. */
class Server implements RestClient {
  readonly done: string[] = [];
  readonly feeds: ByteFeed[] = [];
  performRequest({ method, path, expectStream }: RequestOptions): Promise<unknown> {
    this.done.push(`${method} ${path}`);
    if (!expectStream) return Promise.resolve({ path });
    const feed = new ByteFeed();
    this.feeds.push(feed);
    return Promise.resolve(feed.stream);
  }
}

const get = (path: string): RequestOptions => ({ method: "GET", path, expectJson: true });
const patch = (path: string): RequestOptions => ({ method: "PATCH", path, expectJson: true });
const watching = (path: string): RequestOptions => ({ method: "GET", path, expectStream: true });

function setUp(...rules: Rule[]) {
  const server = new Server();
  return { server, client: new FaultClient(server, { rules }) };
}

async function open(client: RestClient, path: string): Promise<ReadableStream<Uint8Array>> {
  const stream = await client.performRequest(watching(path));
  assert.ok(stream instanceof ReadableStream);
  return stream;
}

Deno.test("FaultClient counts and keeps writes, and lets everything pass without rules", async () => {
  const { server, client } = setUp();
  await client.performRequest(patch("/a"));
  assert.deepEqual(await client.performRequest(get("/b")), { path: "/b" });
  await client.performRequest({ method: "DELETE", path: "/c" });
  assert.deepEqual(client.writes.map((w) => [w.write, w.index, w.method, w.path]), [
    [1, 1, "PATCH", "/a"],
    [2, 3, "DELETE", "/c"],
  ]);
  assert.equal(client.requests.length, 3);
  assert.equal(server.done.length, 3);
});

Deno.test("FaultClient may count only the writes that a test asks for", async () => {
  const isWrite = ({ method, path }: RequestOptions) => method !== "GET" && path !== "/lease";
  const client = new FaultClient(new Server(), { isWrite });
  await client.performRequest(patch("/lease"));
  await client.performRequest(patch("/a"));
  assert.deepEqual(client.writes.map(({ path }) => path), ["/a"]);
});

Deno.test("FaultClient that crashed before a write has not done it and does nothing more", async () => {
  const { server, client } = setUp({ when: write(2), then: crashBefore });
  await client.performRequest(patch("/a"));
  await assert.rejects(client.performRequest(patch("/b")), CrashError);
  await assert.rejects(client.performRequest(get("/c")), CrashError);
  assert.deepEqual(server.done, ["PATCH /a"]);
  assert.match((await client.crashed).message, /PATCH \/b/);
});

Deno.test("FaultClient that crashed after a write has done it and does nothing more", async () => {
  const { server, client } = setUp({ when: write(1), then: crashAfter });
  await assert.rejects(client.performRequest(patch("/a")), CrashError);
  await assert.rejects(client.performRequest(patch("/b")), CrashError);
  assert.deepEqual(server.done, ["PATCH /a"]);
});

Deno.test("FaultClient takes open streams and requests along when it crashes", async () => {
  const { server, client } = setUp({ when: write(1), then: crashBefore });
  const reader = (await open(client, "/things")).getReader();
  const pending = reader.read();
  await assert.rejects(client.performRequest(patch("/a")), CrashError);
  await assert.rejects(pending, CrashError);
  assert.equal(server.feeds[0]?.cancelled, true);
});

Deno.test("FaultClient strikes as often as the rule says", async () => {
  const { client } = setUp({ when: listOf("things"), then: refuse, times: 2 });
  await assert.rejects(client.performRequest(get("/api/v1/things")), ConnectionError);
  await assert.rejects(client.performRequest(get("/api/v1/things")), ConnectionError);
  await client.performRequest(get("/api/v1/things"));
});

Deno.test("FaultClient.add() gives back a way to end the rule", async () => {
  const { client } = setUp();
  {
    using _outage = client.add({ when: () => true, then: refuse, times: Infinity });
    await assert.rejects(client.performRequest(get("/a")), ConnectionError);
  }
  await client.performRequest(get("/a"));
});

Deno.test("FaultClient.endStreams() ends the streams that match", async () => {
  const { client } = setUp();
  const things = (await open(client, "/api/v1/things")).getReader();
  await open(client, "/api/v1/others");
  assert.equal(client.endStreams(watchOf("things")), 1);
  assert.equal((await things.read()).done, true);
  assert.equal(client.endStreams(), 1);
  assert.equal(client.endStreams(), 0);
});

Deno.test("loseAnswer performs the write and fails the connection", async () => {
  const { server, client } = setUp({ when: write(1), then: loseAnswer });
  await assert.rejects(client.performRequest(patch("/a")), ConnectionError);
  assert.deepEqual(server.done, ["PATCH /a"]);
});

Deno.test("failWith() refuses and failAfter() reports a failure of what was done", async () => {
  const { server, client } = setUp(
    { when: write(1), then: failWith(busy(429, 7)) },
    { when: write(2), then: failAfter(failure(504)) },
  );
  await assert.rejects(client.performRequest(patch("/a")), (error: unknown) => {
    return error instanceof ApiError && error.httpCode === 429 && error.retryAfterSeconds === 7;
  });
  await assert.rejects(client.performRequest(patch("/b")), /Timeout/);
  assert.deepEqual(server.done, ["PATCH /b"]);
});

Deno.test("failResolved() answers with the Status, a watch with a stream of it", async () => {
  const always = { when: () => true, then: failResolved(failure(410)), times: 2 };
  const { client } = setUp(always);
  assert.deepEqual(await client.performRequest(get("/a")), failure(410));
  const text = await new Response(await open(client, "/a")).text();
  assert.deepEqual(JSON.parse(text), failure(410));
});

Deno.test("failInStream() answers a watch with an ERROR event", async () => {
  const { client } = setUp({ when: watchOf("things"), then: failInStream(failure(410)) });
  const text = await new Response(await open(client, "/things")).text();
  assert.deepEqual(JSON.parse(text), { type: "ERROR", object: failure(410) });
});

Deno.test("delay() sends the request when its time has come", async () => {
  const clock = new VirtualClock(0);
  const { server, client } = setUp({ when: write(1), then: delay(clock, 5_000) });
  const answer = client.performRequest(patch("/a"));
  await clock.advance(4_999);
  assert.deepEqual(server.done, []);
  await clock.runUntil(answer);
  assert.deepEqual(server.done, ["PATCH /a"]);
});

Deno.test("goSilent() ends with the abort of the request, unless it is deaf", async () => {
  const clock = new VirtualClock();
  const ask = async (deaf: boolean) => {
    const { client } = setUp({ when: () => true, then: goSilent({ deaf }) });
    const abort = new AbortController();
    const answer = client.performRequest({ ...get("/a"), abortSignal: abort.signal });
    let outcome = "none";
    answer.catch(() => (outcome = "aborted"));
    abort.abort();
    await clock.settle();
    return outcome;
  };
  assert.equal(await ask(false), "aborted");
  assert.equal(await ask(true), "none");
});

Deno.test("FaultClient.kill ends it from outside, open requests and streams included", async () => {
  const { server, client } = setUp({ when: () => true, then: goSilent({ deaf: true }) });
  const waiting = client.performRequest(get("/a"));
  const stream = await open(client, "/b");
  client.kill("died at a database");
  await assert.rejects(waiting, /died at a database/);
  await assert.rejects(stream.getReader().read(), CrashError);
  await assert.rejects(client.performRequest(get("/c")), CrashError);
  assert.deepEqual(server.done, ["GET /b"]);
});
