// Delays between the attempts of one loop.

import assert from "node:assert/strict";
import { Backoff } from "./backoff.ts";
import { seededRandom, VirtualClock } from "./testing/virtual_clock.ts";

const highest = () => 1 - Number.EPSILON;

Deno.test("Backoff doubles its ceiling from 0.8 s to 30 s", () => {
  const backoff = new Backoff(new VirtualClock(), highest);
  const delays = Array.from({ length: 8 }, () => Math.round(backoff.next()));
  assert.deepEqual(delays, [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
});

Deno.test("Backoff draws from zero to the ceiling", () => {
  const backoff = new Backoff(new VirtualClock(), seededRandom(5), {
    firstMs: 1_000,
    maxMs: 1_000,
  });
  const delays = Array.from({ length: 1_000 }, () => backoff.next());
  assert.ok(Math.min(...delays) < 10);
  assert.ok(Math.max(...delays) > 990 && Math.max(...delays) <= 1_000);
});

Deno.test("Backoff takes the server's Retry-After at its word, however many failures there were", () => {
  const backoff = new Backoff(new VirtualClock(), () => 0.5);
  assert.equal(backoff.next(7), 10_500);
  for (let i = 0; i < 10; i++) backoff.next();
  assert.equal(backoff.next(0), 15_000);
  assert.equal(backoff.next(1), 1_500);
});

Deno.test("Backoff starts again only after two minutes without a failure", async () => {
  const clock = new VirtualClock();
  const backoff = new Backoff(clock, highest);
  for (let i = 0; i < 6; i++) await clock.advance(backoff.next());
  await clock.advance(119_999);
  assert.equal(Math.round(backoff.next()), 30_000);
  await clock.advance(30_000 + 120_000);
  assert.equal(Math.round(backoff.next()), 800);
});

Deno.test("Backoff does not count the wait itself as health", async () => {
  const clock = new VirtualClock();
  const backoff = new Backoff(clock, highest);
  assert.equal(Math.round(backoff.next(600)), 1_200_000);
  await clock.advance(1_200_000);
  assert.equal(Math.round(backoff.next()), 1_600);
});

Deno.test("Backoff takes other bounds", () => {
  const backoff = new Backoff(new VirtualClock(), highest, { firstMs: 10, maxMs: 15 });
  assert.deepEqual([1, 2, 3].map(() => Math.round(backoff.next())), [10, 15, 15]);
});
