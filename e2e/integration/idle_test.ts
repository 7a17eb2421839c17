// Two hundred servers and nothing to do: the operator must be silent.

import assert from "node:assert/strict";
import { describe } from "../harness/audit.ts";
import { operatorAgent, startOperator, untilWorking } from "../harness/operator_process.ts";
import { pause, until } from "../harness/poll.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

const SERVERS = 200;
const IDLE_SECONDS = 60;

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: true });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const unasked = { userAgent: operatorAgent, withoutLeases: true, withoutWatches: true };

Deno.test(`run sends nothing for ${IDLE_SECONDS} s with ${SERVERS} servers, before and after a restart (W08, W41, W46)`, async () => {
  const items = Array.from({ length: SERVERS }, (_, i) => ({
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { name: `idle-${i}`, namespace: "default" },
    spec: { replicas: 0, storage: { metadataSize: "1Gi" } },
  }));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  {
    await using operator = await startOperator(ground.plane, {
      args: ["--leader-elect", "--leader-election-namespace=dittofs-system"],
    });
    await untilWorking(operator);
    await ground.kubectl(["create", "-f", "-"], { input: list });
    await until("all servers are stopped as asked", async () => {
      const phases = await ground.kubectl([
        ...["get", "dittoservers", "--namespace=default"],
        "-o=jsonpath={.items[*].status.phase}",
      ]);
      return phases.split(" ").filter((phase) => phase === "Stopped").length === SERVERS;
    }, { within: 120_000, every: 500 });
    await ground.plane.audit.waitForQuiet(unasked, { quietFor: 2_000, within: 30_000 });

    const from = Date.now();
    // How long it is silent is what is tested; there is no condition to wait for.
    await pause(IDLE_SECONDS * 1000);
    const asked = await ground.plane.audit.requests({ ...unasked, from });
    assert.equal(asked.length, 0, describe(asked));
    await operator.stop("SIGKILL");
  }
  const from = Date.now();
  await using operator = await startOperator(ground.plane);
  await untilWorking(operator);
  await ground.plane.audit.waitForQuiet(unasked, { quietFor: 3_000, within: 30_000 });
  const asked = await ground.plane.audit.requests({ ...unasked, from });
  assert.equal(asked.length, 0, `a restart asked for:\n${describe(asked)}`);
});
