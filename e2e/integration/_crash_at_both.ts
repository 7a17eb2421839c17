// Runs in which the operator dies just before or just after one of its calls, to the API server or
// to a real DittoFS server, is started again, and must end where it would have ended.
//
// A run has objects of its own, which are called after it: by its name its calls are told from
// others. The lists and watches that the operator begins with are about everybody, and no such
// calls. The change is made while no operator runs, so that the first call is already about it; and
// how many calls it takes is not counted beforehand, because looks that come after the end would
// be counted with them: the operator dies one call later each time, until it is done before that.
//
// It dies before and after each write. A read changes nothing, so who dies after one leaves what
// who dies before it leaves.

import assert from "node:assert/strict";
import { FaultHttp } from "../../dittofs/testing/fault_http.ts";
import * as restFaults from "../../dittofs/testing/http_faults.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import * as kubeFaults from "../../kube/testing/faults.ts";
import { print } from "../../tasks/_print.ts";
import { DeadlineError, until } from "../harness/poll.ts";
import { beside as test } from "./_beside.ts";
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
  readonly prepare?: (run: R) => Promise<void>;
  /** With an operator; it has come to rest when this resolves. */
  readonly before?: (run: R) => Promise<void>;
  /** Without one. */
  readonly change: (run: R) => Promise<void>;
  /** Waits until an operator says that it has done all of it. */
  readonly done: (run: R) => Promise<void>;
}

const SERVERS = ["kubernetes", "dittofs"] as const;
const CALLS = { read: ["before"], write: ["before", "after"] } as const;

/** Where the operator may die: at the k-th read or write about a run at one of the two servers. */
interface Point {
  readonly to: typeof SERVERS[number];
  readonly call: keyof typeof CALLS;
  readonly k: number;
  readonly when: "before" | "after";
}

/** What crashes at all points of a scenario came to. */
interface CrashReport {
  readonly expected: string;
  /** How many calls it takes at most, as `2 reads of kubernetes`. */
  readonly calls: readonly string[];
  readonly crashes: number;
  /** Not more than ENOUGH_DIVERGED: with these it ends. */
  readonly diverged: readonly string[];
}

/** More calls than any change takes. */
const ENOUGH = 200;

/** More runs than these that end elsewhere say nothing more, and each takes long. */
const ENOUGH_DIVERGED = 3;

const WITHIN = 60_000;

/** How long nothing changes once all has come to rest, in milliseconds. */
const RESTS_FOR = 3_000;

/**
 * A test of each scenario. `what` it is that should end as it would have; `runOf` makes the runs,
 * the first of a scenario is no. 0.
 */
export function crashTests<R extends CrashRun>(
  what: string,
  ground: () => RestGround,
  scenarios: readonly CrashScenario<R>[],
  runOf: (name: string, number: number) => R,
): void {
  for (const scenario of scenarios) {
    const { name } = scenario;
    test(`${what} ends where it should after a crash at every call of: ${name}`, async () => {
      const { calls, crashes, diverged, expected } = await crashEverywhere(
        ground(),
        scenario,
        runOf,
      );
      print(`${name}: ${crashes} crashes at ${calls.join(", ")}; ${diverged.length} diverged`);
      assert.doesNotMatch(calls.join(), /\b0 writes/);
      assert.deepEqual(diverged, [], `expected:\n${expected}\n\n${diverged.join("\n\n")}`);
    });
  }
}

/** Lets an operator die at each call of a scenario. */
async function crashEverywhere<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  runOf: (name: string, number: number) => R,
): Promise<CrashReport> {
  let runs = 0;
  const next = (name: string) => runOf(`${scenario.name}-${name}`, runs++);
  const expected = await modelOf(ground, scenario, next("model"));
  const calls: string[] = [];
  const diverged: string[] = [];
  let crashes = 0;
  /** Whether the operator came to the point, and died there. */
  const reached = async (point: Point) => {
    const { to, call, k, when } = point;
    // Short, because names of shares have to be.
    const run = next(`${to[0]}${call[0]}${k}${when[0]}`);
    const { state, crashed } = await crashAt(ground, scenario, run, point, expected);
    if (state !== expected) diverged.push(`${JSON.stringify(point)}:\n${state}`);
    if (crashed) crashes++;
    return crashed;
  };
  for (const to of SERVERS) {
    for (const call of ["read", "write"] as const) {
      let last = 0;
      for (let k = 1; k === last + 1 && k < ENOUGH; k++) {
        for (const when of CALLS[call]) {
          if (diverged.length < ENOUGH_DIVERGED && await reached({ to, call, k, when })) last = k;
        }
      }
      calls.push(`${last} ${call}s of ${to}`);
    }
  }
  await ground.stopOperator();
  return { expected, calls, crashes, diverged };
}

interface RestCall {
  readonly method: string;
  readonly url: URL;
  readonly request: { readonly body?: string };
}

/** Lets an operator work that dies at a point of a run. Returns whether it has died by now. */
async function operate(
  ground: RestGround,
  run: CrashRun,
  point: Point,
): Promise<() => boolean> {
  let calls = 0;
  const strikes = (to: Point["to"], method: string) => {
    const call = method === "GET" ? "read" : "write";
    return point.to === to && point.call === call && ++calls === point.k;
  };
  const [kube, rest] = point.when === "after"
    ? [kubeFaults.crashAfter, restFaults.crashAfter]
    : [kubeFaults.crashBefore, restFaults.crashBefore];
  const made: { client?: FaultClient; http?: FaultHttp } = {};
  await ground.startOperator({
    client: (real) => {
      const when = (
        { method, path, isWatch }: { method: string; path: string; isWatch: boolean },
      ) => !isWatch && path.includes(run.name) && strikes("kubernetes", method);
      return made.client = new FaultClient(real, { rules: [{ when, then: kube }] });
    },
    http: (real) => {
      const when = ({ method, url, request }: RestCall) =>
        (url.pathname.includes(run.name) || (request.body?.includes(run.name) ?? false) ||
          (run.isAlsoOurs?.(url) ?? false)) && strikes("dittofs", method);
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
  return () => crashed;
}

/** Makes what is there before, and the change. No operator runs then. */
async function changed<R extends CrashRun>(
  ground: RestGround,
  { prepare, before, change }: CrashScenario<R>,
  run: R,
): Promise<void> {
  await prepare?.(run);
  if (before) {
    await ground.ensureOperator();
    await before(run);
  }
  await ground.stopOperator();
  await change(run);
}

/** Waits until a run is as expected. Returns what it is like in the end. */
async function stateOf(run: CrashRun, expected: string): Promise<string> {
  let state = "";
  await until(`the state of ${run.name}`, async () => (state = await run.state()) === expected, {
    within: WITHIN,
  }).catch(unlessLate);
  return state;
}

/** Waits until nothing of a run changes any more. Returns what it is like then. */
async function atRest(run: CrashRun): Promise<string> {
  let last = "";
  let since = Date.now();
  await until(`${run.name} is at rest`, async () => {
    const state = await run.state();
    if (state !== last) since = Date.now();
    last = state;
    return Date.now() - since > RESTS_FOR;
  }, { within: WITHIN });
  return last;
}

/** What differs then is the caller's to say. */
function unlessLate(error: unknown): void {
  if (!(error instanceof DeadlineError)) throw error;
}

/** The end of a run without faults. */
async function modelOf<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  run: R,
): Promise<string> {
  await changed(ground, scenario, run);
  await ground.startOperator();
  // An operator that has not begun yet leaves everything at rest, too.
  await scenario.done(run);
  const state = await atRest(run);
  await run.clear();
  return state;
}

async function crashAt<R extends CrashRun>(
  ground: RestGround,
  scenario: CrashScenario<R>,
  run: R,
  point: Point,
  expected: string,
) {
  await changed(ground, scenario, run);
  const hasCrashed = await operate(ground, run, point);
  let asked = 0;
  // To ask for the whole state is much, and only what has not crashed has to be asked for it.
  const isDone = async () => ++asked % 8 === 0 && await run.state() === expected;
  await until(
    "the operator has crashed, or is done",
    async () => hasCrashed() || await isDone(),
    { within: WITHIN, every: 20 },
  ).catch(unlessLate);
  const crashed = hasCrashed();
  await ground.restartOperator();
  const state = await stateOf(run, expected);
  await run.clear();
  return { state, crashed };
}
