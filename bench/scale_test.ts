import assert from "node:assert/strict";
import { linearScale } from "./scale.ts";

Deno.test("linearScale has round ticks from 0 to not below the largest value", () => {
  assert.deepEqual(linearScale(5000, 0, 1).ticks, [0, 1000, 2000, 3000, 4000, 5000]);
  assert.deepEqual(linearScale(93, 0, 1).ticks, [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(linearScale(0.31, 0, 1).ticks, [0, 0.1, 0.2, 0.3, 0.4]);
});

Deno.test("linearScale maps 0 and its last tick to the ends, also when the ends are swapped", () => {
  const scale = linearScale(93, 300, 20);
  assert.equal(scale.at(0), 300);
  assert.equal(scale.at(100), 20);
  assert.equal(scale.at(50), 160);
});

Deno.test("linearScale of nothing but zero is still a scale", () => {
  assert.deepEqual(linearScale(0, 0, 10).ticks, [0, 1]);
});
