import assert from "node:assert/strict";
import { look } from "./_look.ts";
import { verdict } from "./verdict.ts";

const problem = { aspect: "Serving", reason: "Failed", message: "no", stalled: false } as const;

Deno.test("verdict() is that all is done when nothing is wrong and nothing is waited for", () => {
  assert.deepEqual(verdict(look().pass), { result: "done" });
});

Deno.test("verdict() throws the first error, so that it is tried again", () => {
  const { pass } = look();
  pass.waits.push({ afterMs: 1, reason: "soon" });
  pass.problems.push(problem, { ...problem, error: new Error("the first") });
  assert.throws(() => verdict(pass), /the first/);
});

Deno.test("verdict() waits for what comes first", () => {
  const { pass } = look();
  pass.problems.push(problem);
  pass.waits.push({ afterMs: 5, reason: "later" }, { afterMs: 1, reason: "soon" });
  assert.deepEqual(verdict(pass), { result: "wait", afterMs: 1, reason: "soon" });
});

Deno.test("verdict() leaves what only somebody can mend until they have", () => {
  const { pass } = look();
  pass.problems.push({ ...problem, reason: "NotOurs", stalled: true });
  assert.deepEqual(verdict(pass), { result: "stalled", reason: "NotOurs" });
});
