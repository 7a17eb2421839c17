// Runs `deno test` on chosen files and counts from its JUnit report. The exit code counts too: a
// module that fails to load leaves no trace in the report.

import { parseJUnit, type TestCounts } from "./_junit.ts";
import { run } from "./_run.ts";
import type { Outcome } from "./_checks.ts";

/** What `deno test` came to. */
export interface TestOutcome extends Outcome {
  readonly counts: TestCounts;
}

/** Which files, under which permissions. */
export interface DenoTests {
  /** The repository's root as a path. */
  readonly root: string;
  readonly files: readonly string[];
  /** As in `--allow-read`. */
  readonly permissions: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the report stays; a temporary file unless given. */
  readonly report?: string;
  /** Runs files side by side. */
  readonly parallel?: boolean;
  readonly signal?: AbortSignal;
  /** Milliseconds after which a run that hangs is ended; what it said names the test. */
  readonly within: number;
}

/**
 * Runs the tests. Leaked timers, sockets and files fail a test; types are left to `deno check`.
 */
export async function denoTests(tests: DenoTests): Promise<TestOutcome> {
  const late = AbortSignal.timeout(tests.within);
  const report = tests.report ?? await Deno.makeTempFile({ suffix: ".xml" });
  try {
    // The report of an earlier run must not speak for this one.
    await Deno.writeTextFile(report, "");
    const { code, output } = await run(Deno.execPath(), [
      "test",
      "--no-check",
      "--no-prompt",
      "--trace-leaks",
      "--sanitize-ops",
      "--sanitize-resources",
      ...(tests.parallel ? ["--parallel"] : []),
      `--junit-path=${report}`,
      ...tests.permissions,
      ...tests.files,
    ], {
      cwd: tests.root,
      env: { NO_COLOR: "1", ...tests.env },
      signal: tests.signal ? AbortSignal.any([tests.signal, late]) : late,
    });
    const result = outcome(code, withoutSuccesses(output), await Deno.readTextFile(report));
    const hung = `no end after ${tests.within / 1000} s`;
    return late.aborted ? { ...result, summary: `${result.summary}: ${hung}` } : result;
  } finally {
    if (tests.report === undefined) await Deno.remove(report);
  }
}

/** The output of `deno test` without the lines of tests that passed. */
export function withoutSuccesses(output: string): string {
  const success = /( \.\.\. |^ ?)ok \([\dms]+\)$|^running \d+ tests? from |^Check /;
  return output.split("\n").filter((line) => !success.test(line)).join("\n");
}

/** What an exit code, an output and a report say together. */
export function outcome(code: number, details: string, report: string): TestOutcome {
  const none: TestCounts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  let counts = none;
  let reason = "";
  if (report !== "") counts = parseJUnit(report);
  if (counts.passed + counts.failed === 0) reason = "no test was run";
  else if (code !== 0 && counts.failed === 0) reason = `deno test ended with code ${code}`;
  if (reason !== "") {
    counts = { ...counts, failed: counts.failed + 1, failures: [...counts.failures, reason] };
  }
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const summary = `${counts.passed} passed, ${counts.failed} failed${skipped}`;
  return {
    ok: counts.failed === 0,
    summary: reason === "" ? summary : `${summary}: ${reason}`,
    details,
    counts,
  };
}
