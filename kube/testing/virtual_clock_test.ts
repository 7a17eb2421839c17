// Virtual time is itself under test: every other test of kube/ leans on it.

import assert from "node:assert/strict";
import { sleep } from "../clock.ts";
import { seededRandom, VirtualClock } from "./virtual_clock.ts";

Deno.test("VirtualClock runs timers in the order in which they come due", async () => {
  const clock = new VirtualClock(0);
  const seen: string[] = [];
  clock.timer(30, () => seen.push(`c at ${clock.now()}`));
  clock.timer(10, () => seen.push(`a at ${clock.now()}`));
  clock.timer(10, () => seen.push(`b at ${clock.now()}`));
  clock.timer(31, () => seen.push("too late"));
  await clock.advance(30);
  assert.deepEqual(seen, ["a at 10", "b at 10", "c at 30"]);
  assert.equal(clock.pending, 1);
});

Deno.test("VirtualClock lets promises settle between two timers", async () => {
  const clock = new VirtualClock(0);
  const never = new AbortController().signal;
  const wakes: number[] = [];
  const work = (async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(clock, 100, never);
      for (let deep = 0; deep < 50; deep++) await Promise.resolve();
      wakes.push(clock.now());
    }
  })();
  await clock.advance(300);
  assert.deepEqual(wakes, [100, 200, 300]);
  await work;
});

Deno.test("VirtualClock forgets a timer that was disposed", async () => {
  const clock = new VirtualClock();
  clock.timer(1, () => assert.fail("it fired"))[Symbol.dispose]();
  await clock.advance(10);
});

Deno.test("VirtualClock.runUntil() moves only as far as the promise needs", async () => {
  const clock = new VirtualClock(0);
  const never = new AbortController().signal;
  clock.timer(10_000, () => {});
  await clock.runUntil(sleep(clock, 5_000, never));
  assert.equal(clock.now(), 5_000);
});

Deno.test("VirtualClock.runUntil() passes a rejection on", async () => {
  const clock = new VirtualClock();
  await assert.rejects(clock.runUntil(Promise.reject(new Error("mine"))), /mine/);
});

Deno.test("VirtualClock.runUntil() refuses to wait for what cannot come", async () => {
  const clock = new VirtualClock();
  const { promise } = Promise.withResolvers<void>();
  await assert.rejects(clock.runUntil(promise), /no timer is set/);
  clock.timer(2_000, () => {});
  await assert.rejects(clock.runUntil(promise, 1_000), /within 1000 ms/);
});

Deno.test("seededRandom() repeats itself for one seed and differs between seeds", () => {
  const draw = (seed: number) => Array.from({ length: 1000 }, seededRandom(seed));
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.ok(draw(7).every((value) => value >= 0 && value < 1));
  const mean = draw(7).reduce((sum, value) => sum + value, 0) / 1000;
  assert.ok(Math.abs(mean - 0.5) < 0.05, String(mean));
});
