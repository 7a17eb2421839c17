// One run: a fresh control plane, a fresh operator, and every measurement at one number of
// servers, in an order in which none disturbs the next.

import type { Progress, Step } from "../e2e/harness/progress.ts";
import { EditedServers, type EditLatency } from "./edits.ts";
import { type Ground, namespacesOf, startGround, waveOf } from "./ground.ts";
import { type Creation, measureCreation } from "./measure_create.ts";
import { type EditsUnderLoad, measureEdits, measureEditsUnderLoad } from "./measure_edit.ts";
import { type Foreign, measureForeign } from "./measure_foreign.ts";
import { type Idleness, measureIdleness } from "./measure_idle.ts";
import { type Limit, measureLimit } from "./measure_limit.ts";
import { measureReplay, type Replay } from "./measure_replay.ts";
import { measureRestart, type Restart } from "./measure_restart.ts";
import { type Operator, startOperator } from "./operator.ts";
import { type Memory, memoryOf } from "./proc.ts";
import { untilAllQuiet } from "./quiet.ts";

/** What can be left out of a run, in the order in which it is measured. */
export const PARTS = [
  "limit",
  "create",
  "idle",
  "edit",
  "restart",
  "foreign",
  "load",
  "replay",
] as const;

/** A part of a run. */
export type Part = typeof PARTS[number];

/** The figures of one run; what was left out is absent. */
export interface Run {
  readonly servers: number;
  /** Milliseconds from the start of the process until it works, with no server there. */
  readonly startMs: number;
  /** Memory of the operator with no server. */
  readonly empty: Memory;
  limit?: Limit;
  create?: Creation;
  idle?: Idleness;
  edit?: EditLatency;
  restart?: Restart;
  foreign?: Foreign;
  load?: EditsUnderLoad;
  replay?: Replay;
}

/** What to run and with what. */
export interface RunOptions {
  readonly servers: number;
  readonly parts: ReadonlySet<Part>;
  readonly v8Flags: string;
  readonly progress: Progress;
  /** Given what the API server answers to `/version`. */
  readonly onVersion: (version: unknown) => void;
  /** Interrupts the run; what it started is stopped. */
  readonly signal: AbortSignal;
}

/** Requests of the bare client: enough to be warm, not so many that they are the run. */
const LIMIT_REQUESTS = { min: 1000, max: 3000 };

/** Measures at one number of servers. */
export async function measure(options: RunOptions): Promise<Run> {
  const { servers: count, parts, v8Flags, progress, onVersion, signal } = options;
  const step = <T>(title: string, work: (step: Step) => Promise<T>) =>
    progress.step(
      `${count} servers: ${title}`,
      undefined,
      (step) => Promise.race([work(step), abortion(signal)]),
    );

  await using ground = await step("control plane", () => startGround());
  onVersion(await ground.plane.client().json("/version"));
  let limit: Limit | undefined;
  if (parts.has("limit")) {
    const requests = Math.min(LIMIT_REQUESTS.max, Math.max(LIMIT_REQUESTS.min, count));
    limit = await step("limit of the machine", () => measureLimit(ground, requests));
  }
  let operator = await step("operator", () => startOperator(ground.plane, v8Flags));
  const startMs = await step("first synchronisation", () => operator.untilWorking());
  const run: Run = { servers: count, startMs, empty: await memoryOf(operator.pid) };
  if (limit) run.limit = limit;

  await using edited = await step("servers to edit", () => EditedServers.create(ground));
  await step("waiting for Kubernetes", () => untilAllQuiet(ground.plane));
  if (parts.has("create")) {
    run.create = await step("create", () => createWave(ground, operator, "wave", count));
  }
  if (parts.has("idle")) {
    run.idle = await step("nothing changes", () => measureIdleness(ground, operator));
  }
  if (parts.has("edit")) {
    await step("waiting for Kubernetes", () => untilAllQuiet(ground.plane));
    run.edit = await step("edits", () => measureEdits(edited));
  }
  if (parts.has("restart")) {
    const restarted = await step(
      "restart",
      () => measureRestart(ground, operator, edited, v8Flags),
    );
    operator = restarted.operator;
    run.restart = restarted.restart;
  }
  if (parts.has("foreign")) {
    run.foreign = await step("foreign objects", () => measureForeign(ground, operator));
  }
  if (parts.has("load")) {
    await step("namespaces", () => namespacesOf(ground, "load"));
    run.load = await step(
      "edits under load",
      () => measureEditsUnderLoad(ground, operator, edited, waveOf("load", count)),
    );
  }
  if (parts.has("replay")) {
    await operator.stop();
    await step("namespaces", () => namespacesOf(ground, "replay"));
    run.replay = await step(
      "the same by a script",
      () => measureReplay(ground, waveOf("replay", count)),
    );
  }
  await operator.stop();
  return run;
}

/** Rejects when the signal aborts. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function createWave(ground: Ground, operator: Operator, wave: string, count: number) {
  await namespacesOf(ground, wave);
  return await measureCreation(ground, operator, waveOf(wave, count));
}
