import assert from "node:assert/strict";
import { VirtualClock } from "../../../kube/testing/virtual_clock.ts";
import { Looks } from "./looks.ts";

const MINUTES = 60_000;

function looks(random = 0.5) {
  const clock = new VirtualClock(0);
  return { clock, looks: new Looks(clock, () => random) };
}

Deno.test("Looks are due at once, then when the time has come or something else decides", async () => {
  const { clock, looks: all } = looks();
  assert.equal(all.dueInMs("a", "1"), 0);
  assert.equal(all.settled("a", "1", 5 * MINUTES), 5 * MINUTES);
  await clock.advance(MINUTES);
  assert.equal(all.dueInMs("a", "1"), 4 * MINUTES);
  assert.equal(all.dueInMs("a", "2"), 0);
  assert.equal(all.dueInMs("b", "1"), 0);
  await clock.advance(4 * MINUTES);
  assert.equal(all.dueInMs("a", "1"), 0);
});

Deno.test("Looks of many servers do not come at one time", () => {
  const [early, late] = [looks(0), looks(1)].map(({ looks }) => looks.settled("a", "1", 1000));
  assert.deepEqual([early, late], [900, 1100]);
});

Deno.test("Looks follow each other less and less while something is on its way", () => {
  const { looks: all } = looks();
  const waits = Array.from({ length: 9 }, () => all.unsettled("a", "1", 5 * MINUTES));
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => 1000 * s));
  assert.equal(all.unsettled("a", "2", 5 * MINUTES), 1_000);
});

Deno.test("Looks know how long something has been on its way", async () => {
  const { clock, looks: all } = looks();
  assert.equal(all.unsettledForMs("a", "1"), 0);
  all.unsettled("a", "1", MINUTES);
  await clock.advance(7_000);
  all.unsettled("a", "1", MINUTES);
  assert.equal(all.unsettledForMs("a", "1"), 7_000);
  assert.equal(all.unsettledForMs("a", "2"), 0);
  all.settled("a", "1", MINUTES);
  assert.equal(all.unsettledForMs("a", "1"), 0);
});

Deno.test("Looks are slow checks where nothing was on its way and nothing has changed", () => {
  const { looks: all } = looks();
  assert.equal(all.isSlowCheck("a", "1"), false);
  all.settled("a", "1", MINUTES);
  assert.deepEqual([all.isSlowCheck("a", "1"), all.isSlowCheck("a", "2")], [true, false]);
  all.unsettled("a", "1", MINUTES);
  assert.equal(all.isSlowCheck("a", "1"), false);
  all.settled("a", "1", MINUTES);
  all.hurry("a");
  assert.equal(all.isSlowCheck("a", "1"), false);
  assert.equal(all.dueInMs("a", "1"), 0);
});

Deno.test("Looks that were under way when something changed are followed by another at once", async () => {
  const { clock, looks: all } = looks();
  all.begin("a");
  all.hurry("a");
  assert.equal(all.settled("a", "1", MINUTES), 0);
  assert.equal(all.dueInMs("a", "1"), 0);
  assert.equal(all.after("a", "1", MINUTES), 0);
  all.begin("a");
  assert.equal(all.settled("a", "1", MINUTES), MINUTES);
  await clock.advance(1_000);
  assert.equal(all.dueInMs("a", "1"), MINUTES - 1_000);
});
