import assert from "node:assert/strict";
import { testServer } from "./_fixture.ts";
import { gracePeriodSeconds, startupSeconds } from "./timing.ts";

type Spec = Parameters<typeof testServer>[0];

const graces: [Spec, number][] = [
  [{}, 105],
  [{ shutdownTimeout: "1m" }, 195],
  [{ shutdownTimeout: "1500ms" }, 20],
  [{ shutdownTimeout: "1m", terminationGracePeriodSeconds: 40 }, 40],
];
for (const [spec, seconds] of graces) {
  Deno.test(`gracePeriodSeconds() of ${JSON.stringify(spec)} is ${seconds} (W21)`, () => {
    assert.equal(gracePeriodSeconds(testServer(spec).spec), seconds);
  });
}

const starts: [Spec, number][] = [
  [{}, 600],
  [{ startupTimeout: "1h30m" }, 5400],
  [{ startupTimeout: "90.5s" }, 91],
];
for (const [spec, seconds] of starts) {
  Deno.test(`startupSeconds() of ${JSON.stringify(spec)} is ${seconds} (W20)`, () => {
    assert.equal(startupSeconds(testServer(spec).spec), seconds);
  });
}
