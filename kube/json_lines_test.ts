// Lines however the network cuts them.

import assert from "node:assert/strict";
import { ProtocolError } from "./errors.ts";
import { JsonLines, LineSplitter } from "./json_lines.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

const VALUES = [{ name: "naïve" }, ["日本語", "🦕🦕"], "a\nb", 7, null, { deep: [{ er: true }] }];
const STREAM = bytesOf(VALUES.map((value) => `${JSON.stringify(value)}\n`).join(""));

function parse(...chunks: readonly Uint8Array[]): unknown[] {
  const splitter = new LineSplitter();
  const values = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
  splitter.end();
  return values;
}

Deno.test("LineSplitter gives the same values wherever the stream is cut in two", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    assert.deepEqual(parse(STREAM.subarray(0, at), STREAM.subarray(at)), VALUES, `at byte ${at}`);
  }
});

Deno.test("LineSplitter gives the same values byte by byte", () => {
  assert.deepEqual(parse(...[...STREAM].map((byte) => Uint8Array.of(byte))), VALUES);
});

Deno.test("LineSplitter gives a value as soon as its line is complete", () => {
  const splitter = new LineSplitter();
  assert.deepEqual([...splitter.push(bytesOf("1\n2\n3"))], [1, 2]);
  assert.deepEqual([...splitter.push(bytesOf("4\n"))], [34]);
});

Deno.test("LineSplitter ignores blank lines, and takes carriage returns for blanks", () => {
  assert.deepEqual(parse(bytesOf("\n  \n1\r\n\r\n2\n")), [1, 2]);
});

Deno.test("LineSplitter copies a line of 2 MB in small chunks once, not once per chunk", () => {
  const value = { data: "ü".repeat(1_000_000) };
  const line = bytesOf(`${JSON.stringify(value)}\n`);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < line.length; at += 1_000) chunks.push(line.subarray(at, at + 1_000));
  const began = performance.now();
  assert.deepEqual(parse(...chunks), [value]);
  const ms = performance.now() - began;
  // Some 20 ms; joining what there is at every chunk takes seconds.
  assert.ok(ms < 1_000, `${ms} ms`);
});

Deno.test("LineSplitter refuses a line that is not JSON, and shows where it begins", () => {
  const garbage: [string, RegExp][] = [
    ["{broken\n", /not JSON: \{broken/],
    ["<html>\n", /<html>/],
    ["1 2\n", /1 2/],
    [`${"x".repeat(1_000)}\n`, /: x{80}…$/],
  ];
  for (const [text, message] of garbage) {
    assert.throws(() => parse(bytesOf(`1\n${text}`)), (error: unknown) => {
      return error instanceof ProtocolError && message.test(error.message);
    });
  }
});

Deno.test("LineSplitter refuses bytes that are not UTF-8", () => {
  for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]]) {
    assert.throws(() => parse(Uint8Array.of(...bytes, 0x0a)), /not valid UTF-8/);
  }
});

Deno.test("LineSplitter refuses to end within a line or a character", () => {
  assert.throws(() => parse(bytesOf('1\n{"a":')), /ended within a line: \{"a":/);
  assert.throws(() => parse(bytesOf('{"a":1}')), ProtocolError);
  assert.throws(() => parse(bytesOf('"ü').subarray(0, 2)), ProtocolError);
});

Deno.test("JsonLines does the same as a stream", async () => {
  const source = ReadableStream.from([STREAM.subarray(0, 11), STREAM.subarray(11)]);
  assert.deepEqual(await Array.fromAsync(source.pipeThrough(new JsonLines())), VALUES);
});

Deno.test("JsonLines breaks the stream at a fault", async () => {
  for (const text of ["1\n{broken\n", "1\n2"]) {
    const values: unknown[] = [];
    const lines = ReadableStream.from([bytesOf(text)]).pipeThrough(new JsonLines());
    await assert.rejects(async () => {
      for await (const value of lines) values.push(value);
    }, ProtocolError);
    assert.deepEqual(values.filter((value) => value !== 1), []);
  }
});
