import assert from "node:assert/strict";
import { nanosecondsOf, secondsOf } from "./duration.ts";

const durations: [string, number][] = [
  ["30s", 30],
  ["1m30s", 90],
  ["1.5h", 5400],
  ["250ms", 0.25],
  ["168h", 604_800],
  ["0s", 0],
];
for (const [duration, seconds] of durations) {
  Deno.test(`secondsOf() of ${duration} is ${seconds}`, () => {
    assert.equal(secondsOf(duration), seconds);
  });
}

Deno.test("nanosecondsOf() counts what the server counts in", () => {
  assert.equal(nanosecondsOf("1ms"), 1_000_000);
  assert.equal(nanosecondsOf("1.5us3ns"), 1503);
});

for (const wrong of ["", "30", "s", "1d", "1m 30s", "-1s"]) {
  Deno.test(`secondsOf() refuses ${JSON.stringify(wrong)}`, () => {
    assert.throws(() => secondsOf(wrong), RangeError);
  });
}
