import assert from "node:assert/strict";
import { chooseStages, failure, runStages, type Stage, sum } from "./_stages.ts";

const stage = (passed: number, failed = 0): Stage => ({
  name: "unit",
  run: () =>
    Promise.resolve({ passed, failed, failures: failed ? ["a test"] : [], details: "said" }),
});

async function run(stages: Stage[], signal = new AbortController().signal) {
  const lines: string[] = [];
  const total = await runStages(stages, { print: (line) => lines.push(line), signal });
  return { total, lines };
}

Deno.test("runStages adds up what the stages report", async () => {
  const { total, lines } = await run([stage(3), stage(2, 1)]);
  assert.deepEqual(total, { passed: 5, failed: 1 });
  assert.deepEqual(lines, [
    "unit: 3 passed, 0 failed",
    "said",
    "unit: 2 passed, 1 failed",
    "  failed: a test",
  ]);
});

Deno.test("runStages counts a stage that ran nothing as a failure", async () => {
  const { total, lines } = await run([stage(0)]);
  assert.deepEqual(total, { passed: 0, failed: 1 });
  assert.ok(lines.includes("  failed: no test was run"));
});

Deno.test("runStages counts a stage that could not run, and goes on", async () => {
  const broken: Stage = {
    name: "chainsaw",
    run: () => Promise.reject(new Error("no Docker here\nmore about it")),
  };
  const { total, lines } = await run([broken, stage(1)]);
  assert.deepEqual(total, { passed: 1, failed: 1 });
  assert.ok(lines.includes("  failed: could not run: no Docker here"));
  assert.ok(lines.includes("more about it"));
});

Deno.test("runStages starts no stage after an interruption", async () => {
  const { total, lines } = await run([stage(1)], AbortSignal.abort());
  assert.deepEqual(total, { passed: 0, failed: 1 });
  assert.ok(lines.includes("  failed: interrupted"));
});

Deno.test("runStages does not blame the tests for an interruption", async () => {
  const stop = new AbortController();
  const cut: Stage = {
    name: "integration",
    run: () => {
      stop.abort();
      return Promise.resolve({ passed: 2, failed: 1, failures: ["cut off"], details: "" });
    },
  };
  const { total, lines } = await run([cut], stop.signal);
  assert.deepEqual(total, { passed: 2, failed: 1 });
  assert.ok(lines.includes("  failed: interrupted"));
});

Deno.test("sum keeps every failure and what is to be read about it", () => {
  const results = [
    { passed: 1, failed: 0, failures: [], details: "" },
    failure("x", "because"),
  ];
  assert.deepEqual(sum(results), { passed: 1, failed: 1, failures: ["x"], details: "because" });
});

Deno.test("chooseStages takes all stages unless told, in their own order", () => {
  assert.deepEqual(chooseStages(undefined), ["unit", "integration", "chainsaw"]);
  assert.deepEqual(chooseStages("chainsaw,unit"), ["unit", "chainsaw"]);
});

Deno.test("chooseStages refuses a stage that does not exist", () => {
  assert.throws(() => chooseStages("unit,e2e"), /some of unit,integration,chainsaw/);
  assert.throws(() => chooseStages(""), RangeError);
});
