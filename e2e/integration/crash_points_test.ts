// The operator dies just before or just after each of its writes, is started again, and must end
// where it would have ended, with the same objects created and deleted on the way.

import assert from "node:assert/strict";
import { crashAfter, crashBefore, write } from "../../kube/testing/faults.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { print } from "../../tasks/_print.ts";
import { DeadlineError, until } from "../harness/poll.ts";
import { type Scenario, scenarios } from "./_crash_scenarios.ts";
import { runInProcess } from "./_in_process.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";
import { stateOf } from "./_state.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: true });
  await ground.kubectl(["create", "namespace", "dittofs-system"]);
  await install(ground);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** How many namespaces are worked in at the same time. */
const PARALLEL = 4;

/** Milliseconds between two looks at everything in a namespace. */
const LOOK_EVERY = 200;

/** Runs the operator in a namespace until everything has come to rest. */
async function settle(namespace: string, expected?: string): Promise<string> {
  await using _operator = await runInProcess(ground, { namespace, userAgent: agentOf(namespace) });
  return await rest(namespace, expected);
}

/** Waits until the state is the expected one, or (without one) until nobody writes any more. */
async function rest(
  namespace: string,
  expected?: string,
  begun = hasStatus,
): Promise<string> {
  const writers = {
    namespace,
    withoutWatches: true,
    verbs: ["create", "update", "patch", "delete"],
  };
  const quiet = () => ground.plane.audit.waitForQuiet(writers, { quietFor: 1_000, within: 20_000 });
  if (expected === undefined) {
    await until("the operator has begun", async () => {
      const state = await stateOf(ground, namespace);
      return !state.includes(`"kind": "DittoServer"`) || begun(state);
    }, { within: 20_000, every: LOOK_EVERY });
  } else {
    await until(
      "the state is that of the run without faults",
      async () => (await stateOf(ground, namespace)) === expected,
      { within: 20_000, every: LOOK_EVERY },
    ).catch((error) => {
      // What differs instead is the caller's to say.
      if (!(error instanceof DeadlineError)) throw error;
    });
  }
  await quiet();
  return await stateOf(ground, namespace);
}

function hasStatus(state: string): boolean {
  return state.includes("observedGeneration");
}

const agentOf = (namespace: string) => `crash-test/${namespace}`;

/**
 * Events depend on timing. And here, where pods go the moment that they are deleted, Kubernetes'
 * own StatefulSet controller at times replaces one twice for one change of the template.
 */
const UNCOUNTED = new Set(["events", "pods"]);

/** How often each object was created and deleted, by anybody, garbage collection included. */
async function creationsAndDeletions(namespace: string): Promise<string> {
  const counts = new Map<string, number>();
  for (
    const { code, verb, resource, name, uri } of await ground.plane.audit.requests({ namespace })
  ) {
    if (UNCOUNTED.has(resource) || (code !== 201 && verb !== "delete")) continue;
    // A POST names its object in the body alone.
    const key = `${verb === "delete" ? "DELETE" : "CREATE"} ${resource} ${
      name || uri.split("?")[0]
    }`;
    counts.set(
      key.replaceAll(namespace, "*"),
      (counts.get(key.replaceAll(namespace, "*")) ?? 0) + 1,
    );
  }
  return [...counts].map(([key, count]) => `${count} ${key}`).sort().join("\n");
}

async function prepared(scenario: Scenario, namespace: string): Promise<void> {
  await ground.kubectl(["create", "namespace", namespace]);
  await scenario.before(ground, namespace);
  if (scenario.settled) await settle(namespace);
}

/** The run without faults: its end, and how many writes it takes. */
async function modelOf(scenario: Scenario) {
  const namespace = `${scenario.name}-model`;
  await prepared(scenario, namespace);
  let client: FaultClient | undefined;
  await using _operator = await runInProcess(ground, {
    namespace,
    userAgent: agentOf(namespace),
    through: (real) => (client = new FaultClient(real)),
  });
  await scenario.change(ground, namespace);
  const state = await rest(namespace, undefined, scenario.begun);
  return {
    state,
    counts: await creationsAndDeletions(namespace),
    writes: client?.writes.length ?? 0,
  };
}

async function crashAt(scenario: Scenario, k: number, when: "before" | "after", expected: string) {
  const namespace = `${scenario.name}-${when}-${k}`;
  await prepared(scenario, namespace);
  let client: FaultClient | undefined;
  const then = when === "before" ? crashBefore : crashAfter;
  {
    await using _operator = await runInProcess(ground, {
      namespace,
      userAgent: agentOf(namespace),
      through: (real) => (client = new FaultClient(real, { rules: [{ when: write(k), then }] })),
    });
    await scenario.change(ground, namespace);
    let crashed = false;
    void client?.crashed.then(() => (crashed = true));
    let right: number | undefined;
    await until("the operator has crashed, or is done", async () => {
      if (crashed) return true;
      // A run may need one status less than the model did; then it ends without the crash.
      right = (await stateOf(ground, namespace)) === expected ? right ?? Date.now() : undefined;
      return crashed || (right !== undefined && Date.now() - right >= 2_000);
    }, { within: 30_000, every: LOOK_EVERY });
  }
  return {
    state: await settle(namespace, expected),
    counts: await creationsAndDeletions(namespace),
  };
}

for (const scenario of scenarios) {
  Deno.test(`the operator converges after a crash at every write of: ${scenario.name}`, async () => {
    const model = await modelOf(scenario);
    const points = Array.from({ length: model.writes }, (_, i) => i + 1)
      .flatMap((k) => [{ k, when: "before" } as const, { k, when: "after" } as const]);
    const diverged: string[] = [];
    const work = async () => {
      for (let point; (point = points.shift());) {
        const { state, counts } = await crashAt(scenario, point.k, point.when, model.state);
        const same = state === model.state && counts === model.counts;
        if (!same) diverged.push(`${point.when} write ${point.k}:\n${state}\n${counts}`);
      }
    };
    const total = points.length;
    await Promise.all(Array.from({ length: PARALLEL }, work));
    print(`${scenario.name}: ${total} crash points, ${diverged.length} diverged`);
    assert.equal(
      diverged.length,
      0,
      `expected:\n${model.state}\n${model.counts}\n\n${diverged.join("\n\n")}`,
    );
    if (scenario.name !== "delete") assert.ok(total > 0, "no write point was found");
  });
}
