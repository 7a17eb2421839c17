// Durations in the forms of Go and of snapshot policies.

import assert from "node:assert/strict";
import { millisecondsOf } from "./duration.ts";

Deno.test("millisecondsOf() reads what the server takes and what it makes of it", () => {
  const durations = {
    "0": 0,
    "0s": 0,
    "250ms": 250,
    "1h": 3600e3,
    "1h0m0s": 3600e3,
    "24h0m0s": 24 * 3600e3,
    "1.5s": 1500,
    "@hourly": 3600e3,
    "@daily": 24 * 3600e3,
    "@weekly": 168 * 3600e3,
  };
  for (const [text, ms] of Object.entries(durations)) assert.equal(millisecondsOf(text), ms, text);
});

Deno.test("millisecondsOf() refuses what is no duration", () => {
  for (const text of ["", "1", "1d", "-1h", "1h 2m", "@yearly", "1h;"]) {
    assert.throws(() => millisecondsOf(text), RangeError, text);
  }
});
