import assert from "node:assert/strict";
import { type Problem, restProblem, standingOf } from "./standing.ts";

const table = {
  Ready: { AsWanted: { status: "True", meaning: "It is." } },
  Made: {
    Made: { status: "True", meaning: "It is made." },
    Waiting: { status: "False", meaning: "It waits." },
  },
  Set: { Set: { status: "True", meaning: "It is set." } },
} as const;

const ready = { reason: "AsWanted", message: "All is well" };
const fine = { Made: { reason: "Made" }, Set: { reason: "Set", message: "Set from a" } };

const lines = ({ statements }: ReturnType<typeof standingOf>) =>
  statements.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);

const wrong = (aspect: "Made" | "Set", more: Partial<Problem> = {}): Problem => ({
  ...{ aspect, reason: "Wrong", message: `${aspect} is wrong`, stalled: false, ...more },
});

Deno.test("standingOf() is ready when nothing is in the way, and says so of each aspect", () => {
  const standing = standingOf(table, [], fine, ready);
  assert.equal(standing.phase, "Ready");
  assert.deepEqual(lines(standing), [
    "Ready=True AsWanted: All is well",
    "Made=True Made: It is made.",
    "Set=True Set: Set from a",
  ]);
});

Deno.test("standingOf() has the reason of what is in the way, and the messages of all of it", () => {
  const standing = standingOf(table, [wrong("Set"), wrong("Made")], fine, ready);
  assert.equal(standing.phase, "Pending");
  assert.deepEqual(lines(standing), [
    "Ready=False Wrong: Set is wrong; Made is wrong",
    "Reconciling=True Wrong: Set is wrong; Made is wrong",
    "Made=False Wrong: Made is wrong",
    "Set=False Wrong: Set is wrong",
  ]);
});

Deno.test("standingOf() is stalled where somebody has to act", () => {
  const standing = standingOf(table, [wrong("Set"), wrong("Made", { stalled: true })], {}, ready);
  assert.equal(standing.phase, "Failed");
  assert.equal(lines(standing)[1], "Stalled=True Wrong: Set is wrong; Made is wrong");
});

Deno.test("standingOf() only tells of what is aside, and of no aspect that nobody speaks of", () => {
  const standing = standingOf(table, [wrong("Set", { aside: true })], {}, ready);
  assert.deepEqual(lines(standing), [
    "Ready=True AsWanted: All is well",
    "Set=False Wrong: Set is wrong",
  ]);
});

Deno.test("standingOf() gives an aspect the status that the table has for its reason", () => {
  const standing = standingOf(table, [], { Made: { reason: "Waiting" } }, ready);
  assert.equal(lines(standing)[1], "Made=False Waiting: It waits.");
});

Deno.test("standingOf() knows what is on its way out", () => {
  const going = { reason: "Deleting", message: "Waiting for the server", stalled: false };
  assert.equal(standingOf(table, [going], {}, ready).phase, "Deleting");
});

Deno.test("restProblem() is stalled when the server refuses, and not when it only failed", () => {
  const refused = restProblem("Made", "User a", { errorClass: "invalid" });
  assert.deepEqual([refused.reason, refused.stalled], ["Refused", true]);
  const failed = restProblem("Made", "User a", { errorClass: "transient" });
  assert.deepEqual([failed.reason, failed.stalled], ["Failed", false]);
});
