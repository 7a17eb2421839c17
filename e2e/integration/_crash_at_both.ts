// Runs in which the operator dies just before or just after one of its calls, to the API server or
// to a real DittoFS server, is started again, and must end where it would have ended.
//
// A run has objects of its own, which are called after it: by its name its calls are told from
// others. The lists and watches that the operator begins with are about everybody, and no such
// calls.

import { FaultHttp } from "../../dittofs/testing/fault_http.ts";
import * as restFaults from "../../dittofs/testing/http_faults.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import * as kubeFaults from "../../kube/testing/faults.ts";
import { DeadlineError, until } from "../harness/poll.ts";
import { oneProgram } from "./_one_program.ts";
import type { RestGround } from "./_rest_ground.ts";

/** The objects of one run. */
export interface CrashRun {
  readonly name: string;
  /** Everything of it that there is, as text, without what is new in each run. */
  state(): Promise<string>;
  /** Whether a REST call is about it that does not have its name in path or body. */
  isAlsoOurs?(url: URL): boolean;
  /** Takes away what is left of it, while an operator runs. */
  clear(): Promise<void>;
}

/** A change, and what comes before it. */
export interface CrashScenario<R extends CrashRun> {
  readonly name: string;
  /** Without an operator. */
  readonly prepare?: (run: R) => Promise<void>;
  /** With one; it has come to rest when this resolves. */
  readonly before?: (run: R) => Promise<void>;
  readonly change: (run: R) => Promise<void>;
}

/** Where the operator may die: at the k-th call about a run to one of the two. */
interface Point {
  readonly to: "kubernetes" | "dittofs";
  readonly k: number;
  readonly when: "before" | "after";
}

/** What crashes at all points of a scenario came to. */
export interface CrashReport {
  readonly expected: string;
  readonly calls: Readonly<Record<Point["to"], number>>;
  readonly points: number;
  /** A run may need one status less than the run without faults did. */
  readonly crashes: number;
  readonly diverged: readonly string[];
}

const WITHIN = 30_000;

/** Lets an operator die at each call of a scenario. `runOf` makes the runs, the first is no. 0. */
export async function crashEverywhere<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  runOf: (name: string, number: number) => R,
): Promise<CrashReport> {
  await ground.stopOperator();
  const { state: expected, calls } = await modelOf(ground, scenario, runOf);
  const points = (["kubernetes", "dittofs"] as const).flatMap((to) =>
    Array.from({ length: calls[to] }, (_, i) => i + 1).flatMap((k): Point[] => [
      { to, k, when: "before" },
      { to, k, when: "after" },
    ])
  );
  const diverged: string[] = [];
  let crashes = 0;
  for (const [index, point] of points.entries()) {
    const run = runOf(`${scenario.name}-${point.to}-${point.k}-${point.when}`, index + 1);
    const end = await crashAt(ground, scenario, run, point, expected);
    if (end.crashed) crashes++;
    if (end.state !== expected) diverged.push(`${JSON.stringify(point)}:\n${end.state}`);
  }
  return { expected, calls, points: points.length, crashes, diverged };
}

/** Lets an operator work that dies at a point of a run, if one is given. */
async function operate(ground: RestGround, run: CrashRun, point?: Point) {
  const calls = { kubernetes: 0, dittofs: 0 };
  const strikes = (to: Point["to"]) => ++calls[to] === point?.k && point.to === to;
  const [kube, rest] = point?.when === "after"
    ? [kubeFaults.crashAfter, restFaults.crashAfter]
    : [kubeFaults.crashBefore, restFaults.crashBefore];
  const made: { client?: FaultClient; http?: FaultHttp } = {};
  await ground.startOperator({
    client: (real) => {
      const when = ({ path, isWatch }: { path: string; isWatch: boolean }) =>
        !isWatch && path.includes(run.name) && strikes("kubernetes");
      return made.client = new FaultClient(real, { rules: [{ when, then: kube }] });
    },
    http: (real) => {
      const when = ({ url, request }: { url: URL; request: { body?: string } }) =>
        (url.pathname.includes(run.name) || (request.body?.includes(run.name) ?? false) ||
          (run.isAlsoOurs?.(url) ?? false)) && strikes("dittofs");
      return made.http = new FaultHttp(real, { rules: [{ when, then: rest }] });
    },
  });
  let crashed = false;
  const { client, http } = await until("the operator has begun to speak", () => {
    const { client, http } = made;
    return client && http && { client, http };
  }, { within: 10_000 });
  oneProgram(client, http);
  client.crashed.then(() => crashed = true);
  return { calls, hasCrashed: () => crashed };
}

async function prepared<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  run: R,
): Promise<void> {
  await scenario.prepare?.(run);
  if (!scenario.before) return;
  await ground.startOperator();
  await scenario.before(run);
  await ground.stopOperator();
}

/** Waits until nothing of a run changes any more, or until it is as expected. */
async function rest(run: CrashRun, expected?: string): Promise<string> {
  let last = "";
  let since = Date.now();
  await until(`the state of ${run.name}`, async () => {
    const state = await run.state();
    if (state !== last) since = Date.now();
    last = state;
    return expected === undefined ? Date.now() - since > 3_000 : state === expected;
  }, { within: WITHIN }).catch((error) => {
    // What differs is the caller's to say.
    if (!(error instanceof DeadlineError)) throw error;
  });
  return last;
}

/** The run without faults: its end, and how many calls it takes. */
async function modelOf<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  runOf: (name: string, number: number) => R,
) {
  const run = runOf(`${scenario.name}-model`, 0);
  await prepared(ground, scenario, run);
  const { calls } = await operate(ground, run);
  await scenario.change(run);
  const state = await rest(run);
  const counted = { ...calls };
  await run.clear();
  await ground.stopOperator();
  return { state, calls: counted };
}

async function crashAt<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  run: R,
  point: Point,
  expected: string,
) {
  await prepared(ground, scenario, run);
  const { hasCrashed } = await operate(ground, run, point);
  await scenario.change(run);
  await until(
    "the operator has crashed, or is done",
    async () => hasCrashed() || await run.state() === expected,
    { within: WITHIN },
  );
  const crashed = hasCrashed();
  await ground.restartOperator();
  const state = await rest(run, expected);
  await run.clear();
  await ground.stopOperator();
  return { state, crashed };
}
