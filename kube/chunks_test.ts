import assert from "node:assert/strict";
import { type Chunks, chunksOf } from "./chunks.ts";
import { ByteFeed } from "./testing/byte_feed.ts";

const KINDS = { "of bytes": true, "of ready chunks": false };

for (const [kind, bytes] of Object.entries(KINDS)) {
  Deno.test(`Chunks give what a stream ${kind} gives, and then its end`, async () => {
    const feed = new ByteFeed({ bytes });
    const chunks = chunksOf(feed.stream);
    for (const text of ["one", "two", "x".repeat(100_000)]) {
      feed.text(text);
      assert.equal(await textOf(chunks, text.length), text);
    }
    feed.end();
    for (const _ of ["once", "again"]) assert.equal(await chunks.next(), undefined);
  });

  Deno.test(`Chunks of a stream ${kind} are given up in the middle of a read`, async () => {
    const feed = new ByteFeed({ bytes, stubborn: true });
    const chunks = chunksOf(feed.stream);
    const next = chunks.next();
    chunks.cancel();
    assert.equal(await next, undefined);
    assert.ok(feed.cancelled);
  });

  Deno.test(`Chunks of a stream ${kind} fail as it does`, async () => {
    const feed = new ByteFeed({ bytes });
    const next = chunksOf(feed.stream).next();
    feed.fail(new TypeError("connection reset"));
    await assert.rejects(next, /connection reset/);
  });
}

Deno.test("Chunks of a stream of bytes need one buffer, however many they are", async () => {
  let most = 0;
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { byobRequest } = controller;
      const view = byobRequest?.view;
      // Without a buffer of its reader's the runtime makes one, and `view` would be as large as that.
      assert.ok(byobRequest && view, "the reader brings a buffer");
      most = Math.max(most, view.byteLength);
      byobRequest.respond(1);
    },
  });
  const chunks = chunksOf(stream);
  for (let i = 0; i < 100; i++) assert.equal((await chunks.next())?.length, 1);
  assert.equal(most, 16 * 1024);
});

Deno.test("Chunks of a stream that somebody else reads are refused", () => {
  const { stream } = new ByteFeed();
  stream.getReader();
  assert.throws(() => chunksOf(stream), /locked/);
});

/** The next `length` characters, of as many chunks as they come in. */
async function textOf(chunks: Chunks, length: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < length) text += decoder.decode(await chunks.next(), { stream: true });
  return text;
}
