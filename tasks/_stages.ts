// Stages of the test run and their sum. A stage that could not run has failed, and so has one that
// ran nothing: a green line must mean that something was tried and held.
//
// All stages begin at once. Making a cluster is mostly waiting, so the checks run meanwhile; and
// tests of both kinds of clusters wait for servers, so they run side by side. But compilers and
// tests do not: those of the one would fill every core while the others have deadlines.

/** The stages by the name that `--only` takes. */
export const stageNames = ["unit", "integration", "chainsaw"] as const;

/** One of {@link stageNames}. */
export type StageName = typeof stageNames[number];

/** What became of a stage. */
export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  /** Names of what failed. */
  readonly failures: readonly string[];
  /** What is to be read about the failures. */
  readonly details: string;
}

/**
 * Says that a stage has all that its tests need, and resolves when they may begin: when none
 * prepares any more, and those that need no preparation are over.
 */
export type Ready = () => Promise<void>;

/** One part of the run. */
export interface Stage {
  readonly name: StageName;
  run(ready: Ready): Promise<StageResult>;
}

/** The sum of all stages. */
export interface Total {
  readonly passed: number;
  readonly failed: number;
}

/** The stages that a comma-separated list names. Throws a RangeError that says which there are. */
export function chooseStages(only: string | undefined): StageName[] {
  if (only === undefined) return [...stageNames];
  const words = only.split(",").map((word) => word.trim());
  const chosen = stageNames.filter((name) => words.includes(name));
  const unknown = words.filter((word) => !chosen.some((name) => name === word));
  if (unknown.length > 0 || chosen.length === 0) {
    throw new RangeError(`--only takes some of ${stageNames.join(",")}, not "${only}"`);
  }
  return chosen;
}

/** Runs the stages, also after a failure of another, unless `signal` aborts. */
export async function runStages(
  stages: readonly Stage[],
  options: { readonly print: (line: string) => void; readonly signal: AbortSignal },
): Promise<Total> {
  const { print, signal } = options;
  let passed = 0;
  let failed = 0;
  const gates = stages.map(() => Promise.withResolvers<void>());
  const allOpen = Promise.all(gates.map(({ promise }) => promise));
  const running = stages.map(async (stage, index) => {
    const open = () => gates[index]?.resolve();
    const ready = async () => {
      open();
      await allOpen;
    };
    return { stage, result: await resultOf(stage, ready, signal).finally(open) };
  });
  for (const outcome of running) {
    const { stage, result } = await outcome;
    passed += result.passed;
    failed += result.failed;
    if (result.details !== "" && result.failed > 0) print(result.details);
    print(`${stage.name}: ${result.passed} passed, ${result.failed} failed`);
    for (const name of result.failures) print(`  failed: ${name}`);
  }
  return { passed, failed };
}

/** The sum of results within one stage. */
export function sum(results: readonly StageResult[]): StageResult {
  return {
    passed: results.reduce((total, { passed }) => total + passed, 0),
    failed: results.reduce((total, { failed }) => total + failed, 0),
    failures: results.flatMap(({ failures }) => failures),
    details: results.map(({ details }) => details).filter((text) => text !== "").join("\n\n"),
  };
}

/** One failure that no test reports. */
export function failure(reason: string, details = ""): StageResult {
  return { passed: 0, failed: 1, failures: [reason], details };
}

async function resultOf(stage: Stage, ready: Ready, signal: AbortSignal): Promise<StageResult> {
  if (signal.aborted) return failure("interrupted");
  try {
    const result = await stage.run(ready);
    if (signal.aborted) return { ...failure("interrupted"), passed: result.passed };
    return result.passed + result.failed > 0 ? result : failure("no test was run", result.details);
  } catch (error) {
    if (signal.aborted) return failure("interrupted");
    const reason = error instanceof Error ? error.message : String(error);
    const [first = "", ...rest] = reason.split("\n");
    return failure(`could not run: ${first}`, rest.join("\n"));
  }
}
