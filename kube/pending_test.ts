import assert from "node:assert/strict";
import { ApiError, ConnectionError } from "./errors.ts";
import { Pending } from "./pending.ts";
import { silence } from "./testing/silence.ts";
import { SetClock } from "./testing/set_clock.ts";

function started() {
  const clock = new SetClock();
  const pending = new Pending(clock, 65_000);
  const ended: string[] = [];
  /** Sends a request that is never answered, and notes when and how it ends. */
  const send = (what: string, outer?: AbortSignal, deaf = false) =>
    pending.during(what, outer, (signal) => silence(deaf ? undefined : signal))
      .catch((error) => ended.push(`${clock.now() - start}: ${error.message}`));
  const start = clock.now();
  return { clock, pending, ended, send };
}

Deno.test("Pending gives the answer, and leaves no timer behind", async () => {
  const { clock, pending } = started();
  assert.equal(await pending.during("GET /", undefined, () => Promise.resolve(7)), 7);
  assert.equal(clock.pending, 0);
});

Deno.test("Pending gives a failure as an error of its kind, also one that is thrown at once", async () => {
  const { clock, pending } = started();
  const failed = { httpCode: 503 };
  const throws = () => {
    throw failed;
  };
  await assert.rejects(pending.during("GET /", undefined, () => Promise.reject(failed)), ApiError);
  await assert.rejects(pending.during("GET /", undefined, throws), ApiError);
  assert.equal(clock.pending, 0);
});

Deno.test("Pending ends each request after its own time, with one timer for all", async () => {
  const { clock, ended, send } = started();
  send("GET /first");
  await clock.advance(10_000);
  send("GET /second", undefined, true);
  send("GET /third");
  assert.equal(clock.pending, 1);
  await clock.advance(64_999);
  assert.deepEqual(ended, ["65000: GET /first took longer than 65 s"]);
  await clock.advance(1);
  assert.deepEqual(ended.slice(1), [
    "75000: GET /second took longer than 65 s",
    "75000: GET /third took longer than 65 s",
  ]);
  assert.equal(clock.pending, 0);
});

Deno.test("Pending ends a request no later when the clock of the machine is set back", async () => {
  const { clock, ended, send } = started();
  send("GET /first");
  clock.offset = -3_600_000;
  await clock.advance(65_000);
  assert.equal(ended.length, 1);
});

Deno.test("Pending ends a request with the signal of who asked, before it and in its midst", async () => {
  const { clock, ended, send } = started();
  const outer = new AbortController();
  send("GET /", outer.signal);
  send("GET /deaf", outer.signal, true);
  outer.abort(new Error("enough"));
  send("GET /late", outer.signal);
  await clock.settle();
  assert.deepEqual(ended, ["0: enough", "0: enough", "0: enough"]);
  assert.equal(clock.pending, 0);
});

Deno.test("Pending gives up every request that is under way, and none that comes later", async () => {
  const { clock, pending, ended, send } = started();
  const told: unknown[] = [];
  pending.during("GET /", undefined, (signal) => {
    signal.addEventListener("abort", () => told.push(signal.reason));
    return silence(signal);
  }).catch(() => {});
  send("GET /deaf", undefined, true);
  const reason = new ConnectionError("the lease is lost");
  pending.giveUp(reason);
  assert.deepEqual(told, [reason]);
  await clock.settle();
  assert.deepEqual(ended, ["0: the lease is lost"]);
  assert.equal(await pending.during("GET /", undefined, () => Promise.resolve(7)), 7);
});
