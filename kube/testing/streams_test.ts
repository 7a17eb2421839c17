// Faults of streams: cut, held, and played back from the past.

import assert from "node:assert/strict";
import { ConnectionError } from "../errors.ts";
import type { RequestOptions } from "../rest_client.ts";
import { ByteFeed, relay } from "./byte_feed.ts";
import { type Fault, FaultClient } from "./fault_client.ts";
import { cutAfter, cutInCharacter, cutInLine, listOf, watchOf } from "./faults.ts";
import { ScriptedClient } from "./scripted_client.ts";
import { Gate, hold, Recording } from "./stale.ts";
import { VirtualClock } from "./virtual_clock.ts";

const list: RequestOptions = { method: "GET", path: "/api/v1/things", expectJson: true };
const watch: RequestOptions = { method: "GET", path: "/api/v1/things", expectStream: true };

/** A watch of `things` that a fault strikes, and what feeds it. */
async function struckWatch(fault: Fault) {
  const feed = new ByteFeed();
  const rules = [{ when: watchOf("things"), then: fault }];
  const client = new FaultClient(new ScriptedClient(() => feed.stream), { rules });
  const stream = await client.performRequest(watch);
  assert.ok(stream instanceof ReadableStream);
  return { feed, reader: (stream as ReadableStream<Uint8Array>).getReader() };
}

/** Everything that a reader gives until it ends, and how it ends. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>) {
  const bytes: number[] = [];
  try {
    for (let read; !(read = await reader.read()).done;) bytes.push(...read.value);
    return { bytes, ended: "complete" };
  } catch (error) {
    return { bytes, ended: error instanceof ConnectionError ? "reset" : String(error) };
  }
}

const textOf = (bytes: readonly number[]) => new TextDecoder().decode(new Uint8Array(bytes));

Deno.test("relay() gives up the source when its reader does", async () => {
  const feed = new ByteFeed();
  const reader = relay(feed.stream, {}).getReader();
  const pending = reader.read();
  await reader.cancel();
  assert.equal((await pending).done, true);
  assert.equal(feed.cancelled, true);
});

Deno.test("relay() passes the failure of the source on", async () => {
  const feed = new ByteFeed();
  const reader = relay(feed.stream, {}).getReader();
  feed.fail(new ConnectionError("gone"));
  await assert.rejects(reader.read(), ConnectionError);
});

Deno.test("ByteFeed that is stubborn ends for its reader, though its source never does", async () => {
  const feed = new ByteFeed({ stubborn: true });
  const reader = feed.stream.getReader();
  const pending = reader.read();
  let cancelled = false;
  reader.cancel().then(() => (cancelled = true));
  assert.equal((await pending).done, true);
  await new VirtualClock().settle();
  assert.equal(cancelled, false);
});

Deno.test("cutAfter() cuts at the byte, across chunks, as complete or as reset", async () => {
  for (const end of ["complete", "reset"] as const) {
    const { feed, reader } = await struckWatch(cutAfter(5, end));
    feed.text("abc").text("defgh");
    const { bytes, ended } = await drain(reader);
    assert.equal(textOf(bytes), "abcde");
    assert.equal(ended, end);
    assert.equal(feed.cancelled, true);
  }
});

Deno.test("cutInLine() cuts in the middle of the line that it is told", async () => {
  const first = await struckWatch(cutInLine(1));
  first.feed.text("12345678\n");
  assert.equal(textOf((await drain(first.reader)).bytes), "1234");

  const third = await struckWatch(cutInLine(3));
  third.feed.text("a\nb").text("b\n").text("12345678\n");
  assert.equal(textOf((await drain(third.reader)).bytes), "a\nbb\n1234");
});

Deno.test("cutInCharacter() leaves half a character", async () => {
  const { feed, reader } = await struckWatch(cutInCharacter());
  feed.text("plain\n").text("naïve\n");
  const { bytes } = await drain(reader);
  assert.deepEqual(bytes, [...new TextEncoder().encode("plain\nna"), 0xc3]);
});

Deno.test("hold() keeps the events of one watch back while its gate is closed", async () => {
  const clock = new VirtualClock();
  const gate = new Gate();
  const { feed, reader } = await struckWatch(hold(gate));
  const seen: string[] = [];
  const reading = (async () => {
    for (let read; !(read = await reader.read()).done;) seen.push(textOf([...read.value]));
  })();
  feed.text("1");
  await clock.settle();
  gate.close();
  feed.text("2").text("3");
  await clock.settle();
  assert.deepEqual(seen, ["1"]);
  gate.open();
  await clock.settle();
  assert.deepEqual(seen, ["1", "2", "3"]);
  feed.end();
  await reading;
});

Deno.test("Recording answers lists and watches as they once were", async () => {
  const clock = new VirtualClock();
  const feed = new ByteFeed();
  const live = new ScriptedClient(() => ({ items: ["old"] }), () => feed.stream, () => "new");
  const recording = new Recording();
  const client = new FaultClient(live);
  const things = () => true;
  const readAll = async () => {
    const stream = await client.performRequest(watch);
    assert.ok(stream instanceof ReadableStream);
    const reader = (stream as ReadableStream<Uint8Array>).getReader();
    return { text: textOf([...((await reader.read()).value ?? [])]), reader };
  };
  {
    using _recording = client.add({ when: things, then: recording.record, times: Infinity });
    await client.performRequest(list);
    feed.text("old event\n");
    const { reader } = await readAll();
    await reader.cancel();
  }
  {
    using _replay = client.add({ when: things, then: recording.replay, times: Infinity });
    assert.deepEqual(await client.performRequest(list), { items: ["old"] });
    const { text, reader } = await readAll();
    assert.equal(text, "old event\n");
    const pending = reader.read();
    await clock.settle();
    assert.equal(client.endStreams(), 1);
    assert.equal((await pending).done, true);
    await assert.rejects(client.performRequest({ ...list, path: "/other" }), /no recording/);
  }
  assert.equal(await client.performRequest(list), "new");
});

Deno.test("listOf() tells further pages from the first", () => {
  const request = (query: string) => {
    const options = { ...list, querystring: new URLSearchParams(query) };
    const { method, path } = options;
    return {
      method,
      path,
      query: options.querystring,
      isWatch: false,
      index: 1,
      write: 0,
      options,
    };
  };
  assert.equal(listOf("things")(request("limit=500")), true);
  assert.equal(listOf("things", { next: true })(request("limit=500")), false);
  assert.equal(listOf("things", { next: true })(request("continue=abc")), true);
});
