// The API server dies and comes back: nobody restarts the operator, and nothing is listed in a storm.

import assert from "node:assert/strict";
import { describe } from "../harness/audit.ts";
import { operatorAgent, startOperator, untilWorking } from "../harness/operator_process.ts";
import { pause, until } from "../harness/poll.ts";
import { createServer, operatorGround, untilMade } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const edit = (name: string, level: string) =>
  ground.kubectl([
    ...["patch", "dittoserver", name, "--namespace=default", "--type=merge"],
    `--patch={"spec":{"logging":{"level":"${level}"}}}`,
  ]);
const config = (name: string) =>
  ground.kubectl(["get", "configmap", `${name}-config`, "--namespace=default", "-o", "yaml"]);

/** The API server that is started here outlives the test: all tests of this file share it. */
const sharedProcess = { sanitizeOps: false, sanitizeResources: false };

for (const seconds of [5, 60]) {
  Deno.test(
    `run converges within 10 s after an API server that was gone for ${seconds} s`,
    sharedProcess,
    async () => {
      const name = `outage-${seconds}`;
      await using operator = await startOperator(ground.plane);
      await untilWorking(operator);
      await createServer(ground, name);
      await untilMade(ground, name);

      await ground.plane.stopApiServer("SIGKILL");
      // The length of the outage is what is tested; there is no condition to wait for.
      await pause(seconds * 1000);
      await ground.plane.startApiServer();
      const back = Date.now();
      await edit(name, "DEBUG");
      try {
        await until("the edit is realised", async () => (await config(name)).includes("DEBUG"), {
          within: 10_000,
        });
      } catch (error) {
        throw new Error(`the operator said:\n${await operator.output()}`, { cause: error });
      }
      assert.ok(Date.now() - back <= 10_000, `${Date.now() - back} ms`);
      assert.equal(operator.status, undefined, "the operator has ended");

      await operator.said(/all watches work again/, 60_000);
      const after = await ground.plane.audit.requests({ userAgent: operatorAgent, from: back });
      const syncs = after.filter(({ verb, uri }) =>
        verb === "list" || (verb === "watch" && uri.includes("sendInitialEvents"))
      );
      // Secrets are watched twice: our own, and the metadata of all.
      const byKind = Map.groupBy(
        syncs,
        ({ resource, uri }) => `${resource} ${uri.match(/labelSelector=[^&]*/) ?? ""}`,
      );
      for (const [kind, requests] of byKind) {
        assert.ok(
          requests.length <= 1,
          `${kind} was fetched whole more than once:\n${describe(requests)}`,
        );
      }
    },
  );
}
