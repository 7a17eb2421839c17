import assert from "node:assert/strict";
import { atOnce, range } from "./at_once.ts";

Deno.test("atOnce does everything once and never more than its width at a time", async () => {
  const seen: number[] = [];
  let running = 0;
  let most = 0;
  await atOnce(3, range(10), async (i) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    seen.push(i);
    running--;
  });
  assert.deepEqual(seen.toSorted((a, b) => a - b), range(10));
  assert.equal(most, 3);
});

Deno.test("atOnce rejects with the first failure and starts nothing more", async () => {
  const started: number[] = [];
  const work = async (i: number) => {
    started.push(i);
    await Promise.resolve();
    if (i === 1) throw new RangeError("no");
  };
  await assert.rejects(atOnce(2, range(100), work), RangeError);
  // One turn of the event loop is all that the other worker would need to run on.
  await new Promise((resolve) => setTimeout(resolve));
  assert.ok(started.length < 6, `${started.length} were started`);
});
