import assert from "node:assert/strict";
import { lanesFor } from "./_lanes.ts";

const GB = 1024 ** 3;

Deno.test("lanesFor() gives one lane more than cores, up to what a long file makes useless", () => {
  assert.equal(lanesFor(2, 20 * GB), 3);
  assert.equal(lanesFor(64, 500 * GB), 6);
});

Deno.test("lanesFor() gives fewer lanes where memory is short, but one", () => {
  assert.equal(lanesFor(2, 3 * GB), 2);
  assert.equal(lanesFor(8, 0.5 * GB), 1);
});
