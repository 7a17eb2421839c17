import assert from "node:assert/strict";
import { denoTests, outcome } from "./_deno_tests.ts";

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

async function runOne(source: string) {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${root}/x_test.ts`, source);
    return await denoTests({ root, files: ["x_test.ts"], permissions: [] });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("denoTests counts a leaked timer as a failure", async () => {
  const source = `Deno.test("leaks", () => { setTimeout(() => {}, 1e6); });`;
  const { counts, details } = await runOne(source);
  assert.deepEqual(counts.failures, ["leaks"], details);
});

Deno.test("denoTests passes what is sound", async () => {
  const { ok, counts, details } = await runOne(`Deno.test("fine", () => {});`);
  assert.equal(ok, true, details);
  assert.equal(counts.passed, 1);
});
