import assert from "node:assert/strict";
import { percentile, summarise } from "./percentile.ts";

const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

Deno.test("percentile is a measured value by nearest rank, whatever the order", () => {
  assert.equal(percentile(hundred, 50), 50);
  assert.equal(percentile(hundred, 99), 99);
  assert.equal(percentile([3, 1, 2], 50), 2);
  assert.equal(percentile([7], 99), 7);
});

Deno.test("percentile of no values is refused", () => {
  assert.throws(() => percentile([], 50), RangeError);
});

Deno.test("summarise gives count, median, tail and maximum", () => {
  assert.deepEqual(summarise(hundred), { count: 100, p50: 50, p99: 99, max: 100 });
});
