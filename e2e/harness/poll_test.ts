import assert from "node:assert/strict";
import { DeadlineError, pause, until } from "./poll.ts";

Deno.test("until returns the first answer that is neither undefined nor false", async () => {
  const answers = [undefined, false, 0];
  assert.equal(await until("a number", () => answers.shift(), { within: 1000, every: 1 }), 0);
  assert.equal(answers.length, 0);
});

Deno.test("until names the condition when the deadline passes", async () => {
  await assert.rejects(
    until("the moon is square", () => false, { within: 5, every: 1 }),
    (error) => error instanceof DeadlineError && /the moon is square/.test(error.message),
  );
});

Deno.test("until lets an error of the question through", async () => {
  await assert.rejects(
    until("x", () => Promise.reject(new TypeError("broken")), { within: 1000 }),
    TypeError,
  );
});

Deno.test("until stops waiting when its signal aborts", async () => {
  const abort = new AbortController();
  const waiting = until("never", () => false, { within: 60_000, signal: abort.signal });
  abort.abort(new Error("interrupted"));
  await assert.rejects(waiting, /interrupted/);
});

Deno.test("pause refuses to begin under an aborted signal", async () => {
  await assert.rejects(pause(60_000, AbortSignal.abort(new Error("too late"))), /too late/);
});
