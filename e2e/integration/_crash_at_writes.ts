// Runs in which the operator dies just before or just after one of its writes to the API server, is
// started again, and must end where it would have ended. Each run has a namespace of its own, and
// an operator that works in it alone; several go on side by side.

import assert from "node:assert/strict";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { crashAfter, crashBefore, write } from "../../kube/testing/faults.ts";
import { print } from "../../tasks/_print.ts";
import { DeadlineError, until } from "../harness/poll.ts";
import { type InProcess, runInProcess } from "./_in_process.ts";
import type { TestPlane } from "./_plane.ts";

/** What happens in one namespace. */
export interface WriteCrashRun {
  /** Brings everything to where the change begins; no operator runs when it resolves. */
  prepare(): Promise<void>;
  /** Is made while an operator runs. */
  change(): Promise<unknown>;
  /**
   * What an operator without faults has still to do of what the change asks for, or Kubernetes of
   * what follows; empty when all is done.
   */
  pending(): Promise<string>;
  /** Everything that must be the same however often the operator dies, as lines. */
  end(): Promise<string>;
}

/** What the tests of a file have in common. */
export interface WriteCrashes<S> {
  readonly ground: () => TestPlane;
  /** Declares a test: `Deno.test`, or what leaves stand-ins alone that work beside it. */
  readonly test: (name: string, fn: () => Promise<void>) => void;
  /** What converges, for the name of the test. */
  readonly what: string;
  readonly runOf: (scenario: S, namespace: string) => WriteCrashRun;
}

/** A change, and what else is to hold of it. */
export interface WriteCrashScenario {
  readonly name: string;
  /** How many writes it takes at least; `none` for a change that the operator has no part in. */
  readonly writes: number | "none";
  /** What the run without faults comes to; how it ends is what all others are held against. */
  readonly ends: RegExp;
}

/** How many namespaces are worked in at the same time. */
const PARALLEL = 4;

/** Milliseconds for anything to happen; slow machines do most of it within a tenth. */
const WITHIN = 60_000;

/** To look at everything in a namespace is much. */
const waiting = { within: WITHIN, every: 200 };

/** Milliseconds without a write after which a run that nothing is known of is at its end. */
const MODEL_RESTS_FOR = 3_000;

/** And one that is where it should be. */
const RESTS_FOR = 1_000;

/** More runs than these that end elsewhere say nothing more, and each takes long. */
const ENOUGH_DIVERGED = 3;

interface Point {
  readonly k: number;
  readonly when: "before" | "after";
}

/** The run without faults. */
interface Model {
  readonly end: string;
  readonly writes: readonly string[];
}

/** An operator that works in one namespace. */
export function operatorIn(
  ground: TestPlane,
  namespace: string,
  through?: (client: FaultClient) => void,
): Promise<InProcess> {
  return runInProcess(ground, {
    namespace,
    userAgent: `crash-test/${namespace}`,
    through: (real) => {
      const client = new FaultClient(real);
      through?.(client);
      return client;
    },
  });
}

/** Waits until nobody has written in a namespace for a while. */
export async function untilQuiet(
  { plane }: TestPlane,
  namespace: string,
  quietFor = RESTS_FOR,
): Promise<void> {
  const verbs = ["create", "update", "patch", "delete"];
  const writes = { namespace, withoutWatches: true, verbs };
  await plane.audit.waitForQuiet(writes, { quietFor, within: WITHIN });
}

/** A test of each scenario. */
export function writeCrashTests<S extends WriteCrashScenario>(
  scenarios: readonly S[],
  crashes: WriteCrashes<S>,
): void {
  for (const scenario of scenarios) {
    crashes.test(`${crashes.what} converges after a crash at every write of: ${scenario.name}`, async () => {
      const model = await modelOf(scenario, crashes);
      const written = `${model.writes.length} writes:\n${model.writes.join("\n")}`;
      if (scenario.writes === "none") assert.equal(model.writes.length, 0, written);
      else assert.ok(model.writes.length >= scenario.writes, written);
      assert.match(model.end, scenario.ends);
      const diverged = await crashEverywhere(scenario, crashes, model);
      const points = 2 * model.writes.length;
      print(`${scenario.name}: ${points} crash points, ${diverged.length} diverged`);
      assert.ok(diverged.length === 0, diverged.join("\n\n"));
    });
  }
}

async function modelOf<S extends WriteCrashScenario>(
  scenario: S,
  { ground, runOf }: WriteCrashes<S>,
): Promise<Model> {
  const namespace = `${scenario.name}-model`;
  const run = runOf(scenario, namespace);
  await run.prepare();
  const clients: FaultClient[] = [];
  await using _operator = await operatorIn(ground(), namespace, (it) => clients.push(it));
  await run.change();
  let pending = "";
  await until("nothing is left to do", async () => (pending = await run.pending()) === "", waiting)
    .catch((error) => Promise.reject(new Error(`${error.message}: ${pending}`)));
  await untilQuiet(ground(), namespace, MODEL_RESTS_FOR);
  const writes = clients.flatMap(({ writes }) => writes);
  return {
    end: await run.end(),
    writes: writes.map(({ method, path }) => `${method} ${path.replaceAll(namespace, "*")}`),
  };
}

/** What ended elsewhere. */
async function crashEverywhere<S extends WriteCrashScenario>(
  scenario: S,
  crashes: WriteCrashes<S>,
  model: Model,
): Promise<string[]> {
  const points = model.writes.flatMap((_, i): Point[] => [
    { k: i + 1, when: "before" },
    { k: i + 1, when: "after" },
  ]);
  const diverged: string[] = [];
  const work = async () => {
    for (let point; diverged.length < ENOUGH_DIVERGED && (point = points.shift());) {
      try {
        await crashAt(scenario, crashes, point, model.end);
      } catch (error) {
        const where = `${point.when} write ${point.k}, ${model.writes[point.k - 1]}`;
        diverged.push(`${where}:\n${error instanceof Error ? error.message : error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return diverged;
}

/** Throws what is not as it should be after a crash. */
async function crashAt<S extends WriteCrashScenario>(
  scenario: S,
  { ground, runOf }: WriteCrashes<S>,
  { k, when }: Point,
  expected: string,
): Promise<void> {
  const namespace = `${scenario.name}-${when}-${k}`;
  const run = runOf(scenario, namespace);
  await run.prepare();
  // Kubernetes may be far behind by now, and that is not what is looked at.
  const isAsExpected = async () => await run.end() === expected;
  const tellDifference = async (error: unknown) => {
    if (error instanceof DeadlineError) assert.equal(await run.end(), expected);
    throw error;
  };
  {
    let crashed = false;
    await using _operator = await operatorIn(ground(), namespace, (client) => {
      client.add({ when: write(k), then: when === "before" ? crashBefore : crashAfter });
      void client.crashed.then(() => crashed = true);
    });
    await run.change();
    // A run may need one status less than the model did; then it ends without the crash.
    let right: number | undefined;
    await until("the operator has crashed, or is done", async () => {
      if (crashed) return true;
      right = await isAsExpected() ? right ?? Date.now() : undefined;
      return crashed || (right !== undefined && Date.now() - right >= 2 * RESTS_FOR);
    }, waiting).catch(tellDifference);
  }
  await using _operator = await operatorIn(ground(), namespace);
  await until("it ends as the run without faults", isAsExpected, waiting).catch(tellDifference);
  await untilQuiet(ground(), namespace);
  // Who goes on writing once all is well has done so by now.
  assert.equal(await run.end(), expected);
}
