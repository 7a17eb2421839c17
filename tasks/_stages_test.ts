import assert from "node:assert/strict";
import {
  chooseStages,
  failure,
  runStages,
  type Stage,
  type StageName,
  type StageResult,
  sum,
} from "./_stages.ts";

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

Deno.test("runStages lets tests begin when no stage prepares and the checks are over", async () => {
  const order: string[] = [];
  const checks = Promise.withResolvers<void>();
  const tested: StageResult = { passed: 1, failed: 0, failures: [], details: "" };
  const prepared = (name: StageName, work: Promise<void>): Stage => ({
    name,
    run: async ({ prepared }) => {
      await work;
      order.push(`${name} is ready`);
      if (name === "chainsaw") checks.resolve();
      await prepared();
      order.push(`${name} tests`);
      return tested;
    },
  });
  const unit: Stage = {
    name: "unit",
    run: async () => {
      await checks.promise;
      order.push("checks");
      return tested;
    },
  };
  const later = new Promise<void>((resolve) => setTimeout(resolve, 10));
  const { total } = await run([
    unit,
    prepared("integration", Promise.resolve()),
    prepared("chainsaw", later),
  ]);
  assert.deepEqual(total, { passed: 3, failed: 0 });
  assert.deepEqual(order, [
    "integration is ready",
    "chainsaw is ready",
    "checks",
    "integration tests",
    "chainsaw tests",
  ]);
});

Deno.test("runStages tells a stage when the others fade or are over", async () => {
  const order: string[] = [];
  const tested: StageResult = { passed: 1, failed: 0, failures: [], details: "" };
  const told = Promise.withResolvers<void>();
  const fading: Stage = {
    name: "integration",
    run: async ({ fades }) => {
      order.push("fades");
      fades();
      await told.promise;
      order.push("is over");
      return tested;
    },
  };
  const waiting: Stage = {
    name: "chainsaw",
    run: async ({ othersFade }) => {
      await othersFade();
      order.push("begins");
      told.resolve();
      return tested;
    },
  };
  assert.equal((await run([waiting, stage(1), fading])).total.passed, 3);
  assert.deepEqual(order, ["fades", "begins", "is over"]);
  assert.equal((await run([waiting])).total.passed, 1);
});

Deno.test("runStages holds no test up for a stage that could not be prepared", async () => {
  const broken: Stage = { name: "chainsaw", run: () => Promise.reject(new Error("no Docker")) };
  const waits: Stage = {
    name: "integration",
    run: async ({ prepared }) => {
      await prepared();
      return { passed: 1, failed: 0, failures: [], details: "" };
    },
  };
  assert.deepEqual((await run([waits, broken])).total, { passed: 1, failed: 1 });
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
