import assert from "node:assert/strict";
import { Deadline } from "./deadline.ts";
import { SetClock } from "./testing/set_clock.ts";

function started() {
  const clock = new SetClock();
  return { clock, deadline: new Deadline(clock, 1_000, new AbortController().signal, "silence") };
}

Deno.test("Deadline counts from what was heard last", async () => {
  const { clock, deadline } = started();
  await clock.advance(900);
  deadline.rearm();
  await clock.advance(999);
  assert.equal(deadline.signal.aborted, false);
  await clock.advance(1);
  assert.match(String(deadline.signal.reason), /silence/);
});

Deno.test("Deadline has one timer, however much is heard", () => {
  const { clock, deadline } = started();
  for (let i = 0; i < 100; i++) deadline.rearm();
  assert.equal(clock.pending, 1);
  deadline[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

Deno.test("Deadline is over no later when the clock of the machine is set back", async () => {
  const { clock, deadline } = started();
  clock.offset = -3_600_000;
  await clock.advance(1_000);
  assert.equal(deadline.signal.aborted, true);
});
