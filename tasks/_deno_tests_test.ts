import assert from "node:assert/strict";
import { denoTests, outcome, withoutSuccesses } from "./_deno_tests.ts";

const report = (cases: string) => `<testsuites><testsuite>${cases}</testsuite></testsuites>`;

Deno.test("outcome counts what the report says", () => {
  const { ok, summary } = outcome(0, "", report('<testcase name="a"/><testcase name="b"/>'));
  assert.deepEqual({ ok, summary }, { ok: true, summary: "2 passed, 0 failed" });
});

Deno.test("outcome fails when nothing was run", () => {
  for (const empty of ["", report("")]) {
    const { ok, counts } = outcome(0, "", empty);
    assert.equal(ok, false);
    assert.deepEqual(counts.failures, ["no test was run"]);
  }
});

Deno.test("outcome fails when a module did not load, which no report shows", () => {
  const { ok, counts } = outcome(1, "", report('<testcase name="a"/>'));
  assert.equal(ok, false);
  assert.equal(counts.passed, 1);
  assert.deepEqual(counts.failures, ["deno test ended with code 1"]);
});

Deno.test("withoutSuccesses keeps what failed, what hung and what was said about it", () => {
  const output = [
    "running 3 tests from ./x_test.ts",
    "one ... ok (12ms)",
    "./x_test.ts => two ... ok (1s)",
    "three ...'three' has been running for over (1m0s)",
    " ok (1m11s)",
    "four ... FAILED (1ms)",
    "error: because",
  ];
  assert.deepEqual(withoutSuccesses(output.join("\n")).split("\n"), [
    "three ...'three' has been running for over (1m0s)",
    "four ... FAILED (1ms)",
    "error: because",
  ]);
});

async function runOne(source: string, within = 60_000) {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${root}/x_test.ts`, source);
    return await denoTests({ root, files: ["x_test.ts"], permissions: [], within });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("denoTests counts a leaked timer as a failure", async () => {
  const source = `Deno.test("leaks", () => { setTimeout(() => {}, 1e6); });`;
  const { counts, details } = await runOne(source);
  assert.deepEqual(counts.failures, ["leaks: Leaks detected"], details);
});

Deno.test("denoTests ends a run that hangs, and says so", async () => {
  const source = `Deno.test("hangs", () => new Promise(() => setInterval(() => {}, 1000)));`;
  const { ok, summary } = await runOne(source, 1500);
  assert.equal(ok, false);
  assert.match(summary, /no end after 1\.5 s/);
});

Deno.test("denoTests passes what is sound", async () => {
  const { ok, counts, details } = await runOne(`Deno.test("fine", () => {});`);
  assert.equal(ok, true, details);
  assert.equal(counts.passed, 1);
});
