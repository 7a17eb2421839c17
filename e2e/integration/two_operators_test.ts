// Two copies of the operator: one works, the other takes over when it ends.

import assert from "node:assert/strict";
import { describe, writeVerbs } from "../harness/audit.ts";
import {
  operatorAgent,
  type OperatorProcess,
  startOperator,
  terminate,
  untilWorking,
} from "../harness/operator_process.ts";
import { until } from "../harness/poll.ts";
import { createServer, operatorGround, untilMade } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const args = ["--leader-elect", "--leader-election-namespace=dittofs-system"];
const start = (copy: string) => startOperator(ground.plane, { args, env: { HOSTNAME: copy } });

/** Starts two copies and says which leads. */
async function pair(): Promise<{ leader: OperatorProcess; standby: OperatorProcess }> {
  const one = await start("one");
  await untilWorking(one);
  const two = await start("two");
  // The second has its caches too: that is what makes it warm.
  await until("the second copy watches", async () => {
    const watches = await ground.plane.audit.requests({
      ...{ userAgent: operatorAgent, verbs: ["watch"], resource: "statefulsets" },
    });
    return watches.length >= 2;
  }, { within: 20_000 });
  return { leader: one, standby: two };
}

/** Milliseconds until a server that is created now has been made. */
async function timeToMake(name: string): Promise<number> {
  const began = performance.now();
  await createServer(ground, name);
  await untilMade(ground, name);
  return performance.now() - began;
}

Deno.test("run lets exactly one of two copies write, and hands over at once on a clean end (W59)", async () => {
  const { leader, standby } = await pair();
  try {
    await timeToMake("shared");
    const writes = await ground.plane.audit.requests({
      ...{ userAgent: operatorAgent, verbs: writeVerbs, withoutLeases: true, namespace: "default" },
    });
    const perObject = Map.groupBy(writes, ({ verb, uri }) => `${verb} ${uri}`);
    for (const [write, times] of perObject) {
      // The two Secrets share one URL, and so may events.
      const most = /secrets|events/.test(write) ? 2 : 1;
      assert.ok(
        times.length <= most,
        `${write} was sent ${times.length} times:\n${describe(writes)}`,
      );
    }
    assert.doesNotMatch(await standby.output(), /became leader/);

    assert.equal((await terminate(leader)).code, 0);
    const took = await timeToMake("handed-over");
    assert.ok(took <= 2_000, `${took} ms from the clean end of the leader`);
    assert.match(await standby.output(), /became leader/);
  } finally {
    await leader.stop("SIGKILL");
    await standby.stop("SIGKILL");
  }
});

Deno.test("run takes over within 20 s from a leader that was killed", async () => {
  // The leader of the test before left no holder behind; this pair starts anew.
  await ground.kubectl(["delete", "leases", "--all", "--namespace=dittofs-system"]);
  const { leader, standby } = await pair();
  try {
    await leader.stop("SIGKILL");
    const took = await timeToMake("taken-over");
    assert.ok(took <= 20_000, `${took} ms from the death of the leader`);
    assert.match(await standby.output(), /became leader/);
  } finally {
    await standby.stop("SIGKILL");
  }
});
