// Runs named checks side by side and says one line for each. What a check has to say in full is
// shown only if it failed, after all lines, so that the reader finds it at the end.

/** What became of one check. */
export interface Outcome {
  readonly ok: boolean;
  /** A few words for the line, as in "214 passed". */
  readonly summary: string;
  /** Everything there is to say; shown on failure. */
  readonly details: string;
  /** Given by a check that consists of many tests; else the check counts as one. */
  readonly counts?: Counts;
}

/** How many tests passed and which failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
}

/** One thing to check. */
export interface Check {
  readonly name: string;
  run(): Promise<Outcome>;
}

/** An outcome with its check's name. */
export interface Result extends Outcome {
  readonly name: string;
}

/** How checks are run; `workers` at once, the first ones first. */
export interface RunOptions {
  readonly workers: number;
  readonly print: (line: string) => void;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
}

/** Runs all checks, also after a failure, and returns their results in the given order. */
export async function runChecks(
  checks: readonly Check[],
  { workers, print, now }: RunOptions,
): Promise<Result[]> {
  const results = new Map<Check, Result>();
  const width = Math.max(0, ...checks.map((check) => check.name.length));
  const waiting = [...checks];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const start = now();
      const outcome = await outcomeOf(check);
      const seconds = ((now() - start) / 1000).toFixed(1);
      const word = outcome.ok ? "ok    " : "FAILED";
      print(`${word} ${check.name.padEnd(width)} ${seconds.padStart(5)} s  ${outcome.summary}`);
      results.set(check, { name: check.name, ...outcome });
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const inOrder = checks.flatMap((check) => results.get(check) ?? []);
  for (const { name, ok, details } of inOrder) {
    if (!ok) print(`\n--- ${name} ---\n${details}`);
  }
  return inOrder;
}

/** A check that throws has failed: nothing can be said for what it did not look at. */
async function outcomeOf(check: Check): Promise<Outcome> {
  try {
    return await check.run();
  } catch (error) {
    const details = error instanceof Error ? error.stack ?? error.message : String(error);
    return { ok: false, summary: "could not run", details };
  }
}
