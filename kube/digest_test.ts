import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { digestOf, sha256 } from "./digest.ts";

Deno.test("sha256() is SHA-256, as stored in annotations by every version before", () => {
  for (let length = 0; length < 200; length++) {
    const text = "ä€x".repeat(length).slice(0, length);
    const expected = createHash("sha256").update(text).digest("hex");
    assert.equal(sha256(text), expected, `${length}`);
    assert.equal(sha256(new TextEncoder().encode(text)), expected, `${length}`);
  }
});

Deno.test("digestOf() does not depend on the order of fields, and on all else", () => {
  const digest = digestOf({ a: 1, b: { c: [1, 2], d: null } });
  assert.equal(digestOf({ b: { d: null, c: [1, 2] }, a: 1 }), digest);
  assert.equal(digestOf({ a: 1, b: { c: [1, 2], d: null, e: undefined } }), digest);
  assert.notEqual(digestOf({ a: 1, b: { c: [2, 1], d: null } }), digest);
  assert.notEqual(digestOf({ a: "1", b: { c: [1, 2], d: null } }), digest);
});
