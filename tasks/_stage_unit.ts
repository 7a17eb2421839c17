// Stage "unit": what `deno task ok` does. Each check counts as one test.

import { type Result, runChecks } from "./_checks.ts";
import { staticChecks, unitTests } from "./_gate.ts";
import { type StageResult, sum } from "./_stages.ts";

/** Where the checkout is, where reports go, and how to stop early. */
export interface StageOptions {
  /** URL with a slash at its end. */
  readonly root: string;
  /** Path of an existing folder. */
  readonly reports: string;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs the checks and the unit tests. */
export async function unitStage(options: StageOptions): Promise<StageResult> {
  const { root, reports, print, signal } = options;
  const tests = unitTests(root, { report: `${reports}/unit.xml`, signal });
  const results = await runChecks([tests, ...staticChecks(root)], {
    workers: navigator.hardwareConcurrency,
    print,
    now: () => performance.now(),
  });
  return sum(results.map(counted));
}

/** The details have been shown already. */
function counted({ name, ok, counts }: Result): StageResult {
  if (counts) return { ...counts, details: "" };
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, failures: ok ? [] : [name], details: "" };
}
