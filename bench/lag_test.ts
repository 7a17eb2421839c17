import assert from "node:assert/strict";
import { boundOf, parseBuckets } from "./lag.ts";

const text = `# TYPE lag histogram
lag_bucket{le="0.01"} 90
lag_bucket{le="0.05"} 99
lag_bucket{le="+Inf"} 100
lag_sum 1.5
other_bucket{le="0.01"} 7
`;

Deno.test("parseBuckets reads one histogram among others", () => {
  const expected = new Map([[0.01, 90], [0.05, 99], [Infinity, 100]]);
  assert.deepEqual(parseBuckets(text, "lag"), expected);
});

Deno.test("parseBuckets says which histogram is missing", () => {
  assert.throws(() => parseBuckets(text, "delay"), /delay/);
});

Deno.test("boundOf gives the bound under which so many of the new values lie", () => {
  const before = new Map([[0.01, 90], [0.05, 90], [Infinity, 90]]);
  const after = parseBuckets(text, "lag");
  assert.equal(boundOf(before, after, 90), 0.05);
  assert.equal(boundOf(before, after, 99), Infinity);
  assert.equal(boundOf(new Map(), after, 90), 0.01);
});

Deno.test("boundOf nothing new is undefined", () => {
  const same = parseBuckets(text, "lag");
  assert.equal(boundOf(same, same, 99), undefined);
});
