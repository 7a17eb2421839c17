import assert from "node:assert/strict";
import { Recovery } from "./recovery.ts";
import { seededRandom, VirtualClock } from "./testing/virtual_clock.ts";

const never = new AbortController().signal;

Deno.test("Recovery.wait() ends for everybody as soon as the server answers", async () => {
  const clock = new VirtualClock();
  let reachable = false;
  let asked = 0;
  const recovery = new Recovery(clock, seededRandom(1), () => {
    asked++;
    return Promise.resolve(reachable);
  });
  let recovered = 0;
  recovery.onRecovered(() => recovered++);
  let woken = 0;
  for (const ms of [30_000, 25_000]) void recovery.wait(ms, never).then(() => woken++);
  await clock.advance(10_000);
  assert.equal(woken, 0);
  assert.ok(asked >= 6 && asked <= 20, `asked ${asked} times in 10 s`);
  reachable = true;
  await clock.advance(1_500);
  assert.equal(woken, 2);
  assert.equal(recovered, 1);
});

Deno.test("Recovery.wait() asks nothing when nobody waits any more", async () => {
  const clock = new VirtualClock();
  let asked = 0;
  const recovery = new Recovery(clock, seededRandom(1), () => {
    asked++;
    return Promise.resolve(false);
  });
  const waited = recovery.wait(3_000, never);
  await clock.advance(5_000);
  await waited;
  const before = asked;
  await clock.advance(60_000);
  assert.equal(asked, before);
  assert.equal(clock.pending, 0);
});

Deno.test("Recovery.wait() ends at once on abort", async () => {
  const clock = new VirtualClock();
  const recovery = new Recovery(clock, seededRandom(1), () => Promise.resolve(false));
  const stop = new AbortController();
  const waited = recovery.wait(30_000, stop.signal);
  stop.abort();
  await waited;
  await clock.advance(2_000);
  assert.equal(clock.pending, 0);
});
