// Stages of the test run and their sum. A stage that could not run has failed, and so has one that
// ran nothing: a green line must mean that something was tried and held.
//
// All stages begin at once, because making a cluster is mostly waiting. But what fills every core
// has its turn: tests have deadlines, and those that run beside compilers, or beside twice as many
// other tests as the machine can take, fail for no reason.

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

/** How a stage goes with the others. */
export interface Turns {
  /**
   * Says that the stage has all that its tests need, and resolves when they may begin: when none
   * prepares any more, and those that need no preparation are over.
   */
  prepared(): Promise<void>;
  /** Says that the stage leaves cores idle from now on. */
  fades(): void;
  /** Resolves when all others have said so, or are over. */
  othersFade(): Promise<void>;
}

/** One part of the run. */
export interface Stage {
  readonly name: StageName;
  run(turns: Turns): Promise<StageResult>;
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
  const marks = stages.map((stage) => ({
    stage,
    isPrepared: Promise.withResolvers<void>(),
    fades: Promise.withResolvers<void>(),
  }));
  const allPrepared = Promise.all(marks.map(({ isPrepared }) => isPrepared.promise));
  const running = marks.map(async ({ stage, isPrepared, fades }) => {
    const others = marks.filter((mark) => mark.stage !== stage);
    const turns: Turns = {
      prepared: async () => {
        isPrepared.resolve();
        await allPrepared;
      },
      fades: () => fades.resolve(),
      othersFade: async () => void await Promise.all(others.map(({ fades }) => fades.promise)),
    };
    const result = await resultOf(stage, turns, signal);
    isPrepared.resolve();
    fades.resolve();
    return { stage, result };
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

async function resultOf(stage: Stage, turns: Turns, signal: AbortSignal): Promise<StageResult> {
  if (signal.aborted) return failure("interrupted");
  try {
    const result = await stage.run(turns);
    if (signal.aborted) return { ...failure("interrupted"), passed: result.passed };
    return result.passed + result.failed > 0 ? result : failure("no test was run", result.details);
  } catch (error) {
    if (signal.aborted) return failure("interrupted");
    const reason = error instanceof Error ? error.message : String(error);
    const [first = "", ...rest] = reason.split("\n");
    return failure(`could not run: ${first}`, rest.join("\n"));
  }
}
