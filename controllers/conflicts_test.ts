import assert from "node:assert/strict";
import { failure, rejection } from "../kube/testing/statuses.ts";
import { VirtualClock } from "../kube/testing/virtual_clock.ts";
import { Conflicts } from "./conflicts.ts";

const conflict = rejection(failure(409));
const other = rejection(failure(503));

/** What becomes of passes with these errors, each so many milliseconds after the one before. */
async function passes(...all: readonly [ms: number, ...errors: unknown[]][]): Promise<string[]> {
  const clock = new VirtualClock();
  const conflicts = new Conflicts(clock);
  const outcomes: string[] = [];
  for (const [ms, ...errors] of all) {
    await clock.advance(ms);
    try {
      conflicts.settle("files/demo", errors);
      outcomes.push("told");
    } catch (error) {
      assert.equal(error, conflict);
      outcomes.push("again");
    }
  }
  return outcomes;
}

Deno.test("Conflicts end a pass with one, whatever else went wrong, and no other pass", async () => {
  assert.deepEqual(await passes([0, other, conflict]), ["again"]);
  assert.deepEqual(await passes([0, other, undefined], [0]), ["told", "told"]);
});

Deno.test("Conflicts are told when they have come back over seconds, and not for being many", async () => {
  const quick = Array.from({ length: 9 }, () => [500, conflict] as [number, unknown]);
  assert.deepEqual(await passes(...quick), Array(9).fill("again"));
  assert.deepEqual(await passes(...quick, [1_000, conflict], [1, conflict]), [
    ...Array(9).fill("again"),
    ...["told", "told"],
  ]);
});

Deno.test("Conflicts are not told for being far apart", async () => {
  const slow = [60_000, conflict] as [number, unknown];
  assert.deepEqual(await passes(slow, slow, slow), ["again", "again", "told"]);
  assert.deepEqual(await passes(slow, slow, [0], slow, slow), [
    ...["again", "again", "told", "again", "again"],
  ]);
});
