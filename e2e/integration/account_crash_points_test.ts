// The operator dies just before or just after each of its calls about a user and a group, to the
// API server and to the real DittoFS server, is started again, and must end where it would have
// ended. The lists and watches that it begins with are about everybody, and no such calls.

import assert from "node:assert/strict";
import { FaultHttp } from "../../dittofs/testing/fault_http.ts";
import * as restFaults from "../../dittofs/testing/http_faults.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import * as kubeFaults from "../../kube/testing/faults.ts";
import { print } from "../../tasks/_print.ts";
import { DeadlineError, until } from "../harness/poll.ts";
import { AccountGround, SERVER } from "./_account_ground.ts";
import { beside as test } from "./_beside.ts";
import { oneProgram } from "./_one_program.ts";
import { namespace } from "./_rest_ground.ts";

let ground: AccountGround;
Deno.test.beforeAll(async () => {
  ground = await AccountGround.start();
  await ground.rest.create(SERVER);
});
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

/** A run has a user and a group of its own, which are called after it. */
class Run {
  readonly user: string;
  readonly group: string;
  readonly secret: string;

  constructor(readonly name: string, readonly number: number) {
    [this.user, this.group, this.secret] = [`user-${name}`, `group-${name}`, `secret-${name}`];
  }

  password(password: string): Promise<void> {
    return ground.rest.secret(this.secret, { password });
  }

  async apply(spec: object = {}): Promise<void> {
    const number = 10_000 + this.number;
    await ground.apply(
      ["DittoGroup", this.group, { gid: number, description: "Builders" }],
      ["DittoUser", this.user, {
        ...{ uid: number, groups: [this.group], displayName: "Alice Example" },
        ...{ passwordSecretRef: { name: this.secret }, ...spec },
      }],
    );
  }

  async delete(): Promise<void> {
    const names = [`dittouser/${this.user}`, `dittogroup/${this.group}`];
    const flags = ["--namespace", namespace, "--wait=false", "--ignore-not-found"];
    await ground.rest.plane.kubectl(["delete", ...names, ...flags]);
  }

  async settled(): Promise<void> {
    await ground.ready("dittouser", this.user);
    await ground.ready("dittogroup", this.group);
  }

  /** Everything of it that there is, without what is new in each run. */
  async state(): Promise<string> {
    const kinds = ["get", "dittousers,dittogroups", "--namespace", namespace, "-o", "json"];
    const { items } = JSON.parse(await ground.rest.plane.kubectl(kinds)) as { items: Item[] };
    const resources = items
      .filter(({ metadata: { name } }) => name === this.user || name === this.group)
      .map(({ kind, metadata: { finalizers, deletionTimestamp }, spec, status }) => ({
        ...{ kind, finalizers, deleting: deletionTimestamp !== undefined, spec, status },
      }));
    const rows = [
      await ground.row("users", this.user),
      await ground.row("groups", this.group),
    ].map((row) => row && { ...row, id: "*" });
    const passwords: string[] = [];
    for (const password of ["first-password", "second-password"]) {
      if (await ground.logsIn(this.user, password)) passwords.push(password);
    }
    return JSON.stringify({ resources, rows, passwords }, masked, 1)
      .replaceAll(this.name, "*").replaceAll(String(10_000 + this.number), "10000")
      .replaceAll(String(20_000 + this.number), "20000");
  }
}

interface Item {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly spec: unknown;
  readonly status: unknown;
}

const VOLATILE = new Set(["id", "resourceVersion", "secretUID", "lastTransitionTime"]);

function masked(field: string, value: unknown): unknown {
  if (VOLATILE.has(field)) return "*";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A change, and whether user and group are there before. */
interface Scenario {
  readonly name: string;
  readonly there: boolean;
  readonly change: (run: Run) => Promise<void>;
}

const scenarios: readonly Scenario[] = [
  { name: "create", there: false, change: (run) => run.apply() },
  {
    name: "edit",
    there: true,
    change: async (run) => {
      await run.password("second-password");
      await run.apply({ uid: 20_000 + run.number, groups: ["users"], email: "a@example.com" });
    },
  },
  { name: "delete", there: true, change: (run) => run.delete() },
];

/** Where the operator may die: at the k-th call about a run to one of the two. */
interface Point {
  readonly to: "kubernetes" | "dittofs";
  readonly k: number;
  readonly when: "before" | "after";
}

/** Lets an operator work on a run that dies at a point, if one is given. */
async function operate(run: Run, point?: Point) {
  const counts = { kubernetes: 0, dittofs: 0 };
  const strikes = (to: Point["to"]) => ++counts[to] === point?.k && point.to === to;
  const [kube, rest] = point?.when === "after"
    ? [kubeFaults.crashAfter, restFaults.crashAfter]
    : [kubeFaults.crashBefore, restFaults.crashBefore];
  const made: { client?: FaultClient; http?: FaultHttp } = {};
  await ground.rest.startOperator({
    client: (real) => {
      const when = ({ path, isWatch }: { path: string; isWatch: boolean }) =>
        !isWatch && path.includes(run.name) && strikes("kubernetes");
      return made.client = new FaultClient(real, { rules: [{ when, then: kube }] });
    },
    http: (real) => {
      const when = ({ url, request }: { url: URL; request: { body?: string } }) =>
        (url.pathname.includes(run.name) || isById(url) ||
          (request.body?.includes(run.name) ?? false)) && strikes("dittofs");
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
  return { counts, hasCrashed: () => crashed };
}

/** Only rows of a run are asked for by their ids, for nothing happens to the others. */
function isById({ pathname }: URL): boolean {
  return /\/(users|groups)\/[0-9a-f]{8}-[0-9a-f-]{27}$/.test(pathname);
}

async function prepared(scenario: Scenario, run: Run): Promise<void> {
  await run.password("first-password");
  if (!scenario.there) return;
  await ground.rest.startOperator();
  await run.apply();
  await run.settled();
  await ground.rest.stopOperator();
}

/** Waits until nothing of a run changes any more, or until it is as expected. */
async function rest(run: Run, expected?: string): Promise<string> {
  let last = "";
  let since = Date.now();
  await until(`the state of ${run.name}`, async () => {
    const state = await run.state();
    if (state !== last) since = Date.now();
    last = state;
    return expected === undefined ? Date.now() - since > 2_000 : state === expected;
  }, { within: 20_000 }).catch((error) => {
    // What differs is the caller's to say.
    if (!(error instanceof DeadlineError)) throw error;
  });
  return last;
}

/** The run without faults: its end, and how many calls it takes. */
async function modelOf(scenario: Scenario) {
  const run = new Run(`${scenario.name}-model`, 0);
  await prepared(scenario, run);
  const { counts } = await operate(run);
  await scenario.change(run);
  const state = await rest(run);
  await ground.rest.stopOperator();
  await cleared(run);
  return { state, counts };
}

async function crashAt(scenario: Scenario, point: Point, number: number, expected: string) {
  const run = new Run(`${scenario.name}-${point.to}-${point.k}-${point.when}`, number);
  await prepared(scenario, run);
  const { hasCrashed } = await operate(run, point);
  await scenario.change(run);
  await until(
    "the operator has crashed, or is done",
    async () => hasCrashed() || await run.state() === expected,
    { within: 20_000 },
  );
  const crashed = hasCrashed();
  await ground.rest.stopOperator();
  await ground.rest.startOperator();
  const state = await rest(run, expected);
  await ground.rest.stopOperator();
  await cleared(run);
  return { state, crashed };
}

/** Takes away what is left of a run. */
async function cleared(run: Run): Promise<void> {
  await ground.rest.startOperator();
  await run.delete();
  await until(`${run.name} is gone`, async () => {
    const state = JSON.parse(await run.state()) as { resources: unknown[]; rows: unknown[] };
    return state.resources.length === 0 && state.rows.every((row) => row === null);
  }, { within: 20_000 });
  await ground.rest.stopOperator();
}

for (const scenario of scenarios) {
  test(`a user and a group end where they should after a crash at every call of: ${scenario.name}`, async () => {
    await ground.rest.stopOperator();
    const { state, counts } = await modelOf(scenario);
    const points = (["kubernetes", "dittofs"] as const).flatMap((to) =>
      Array.from({ length: counts[to] }, (_, i) => i + 1).flatMap((k): Point[] => [
        { to, k, when: "before" },
        { to, k, when: "after" },
      ])
    );
    const diverged: string[] = [];
    let crashes = 0;
    for (const [index, point] of points.entries()) {
      const end = await crashAt(scenario, point, index + 1, state);
      if (end.crashed) crashes++;
      if (end.state !== state) diverged.push(`${JSON.stringify(point)}:\n${end.state}`);
    }
    const { kubernetes, dittofs } = counts;
    print(
      `${scenario.name}: ${points.length} crash points at ${kubernetes} calls to Kubernetes and ${dittofs} to DittoFS, ${crashes} crashes, ${diverged.length} diverged`,
    );
    assert.ok(kubernetes > 0 && dittofs > 0);
    // A run may need one status less than the model did.
    assert.ok(crashes >= points.length - 4, `${crashes} crashes`);
    assert.deepEqual(diverged, [], `expected:\n${state}\n\n${diverged.join("\n\n")}`);
  });
}
