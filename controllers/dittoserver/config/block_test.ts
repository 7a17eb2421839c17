import assert from "node:assert/strict";
import { compact, unless } from "./block.ts";

Deno.test("compact() leaves out what says nothing, at any depth", () => {
  assert.deepEqual(compact({ a: 0, b: undefined, c: { d: undefined, e: {} }, f: { g: false } }), {
    a: 0,
    f: { g: false },
  });
  assert.equal(compact({ a: { b: {} } }), undefined);
});

Deno.test("unless() says a value only where it is not what the server takes anyway", () => {
  assert.equal(unless(false, false), undefined);
  assert.equal(unless(false, true), true);
  assert.equal(unless(true, undefined), undefined);
});
