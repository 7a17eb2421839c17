// A server that the Go operator managed is taken over in place: what others rely on stays, and
// what only that operator knew what to do with goes.

import assert from "node:assert/strict";
import { until } from "../harness/poll.ts";
import { leaveGoServer } from "./_go_operator.ts";
import { runInProcess } from "./_in_process.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

const namespace = "taken";
let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: true });
  await ground.kubectl(["create", "namespace", "dittofs-system"]);
  await install(ground);
  await ground.kubectl(["create", "namespace", namespace]);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const get = (...args: readonly string[]) => ground.kubectl(["get", "-n", namespace, ...args]);

/** What must be the same before and after. */
async function kept(): Promise<string> {
  const identity = "custom-columns=:.kind,:.metadata.name,:.metadata.uid,:.spec.clusterIP";
  return await get(
    "persistentvolumeclaims,services,configmaps",
    "-o",
    identity,
  ) + await get("secrets", "-o", "custom-columns=:.metadata.name,:.metadata.uid,:.data");
}

Deno.test("dittoServerController() takes over what the Go operator left, in place", async () => {
  await leaveGoServer(ground, namespace);
  const before = await kept();
  await using _operator = await runInProcess(ground, { namespace, userAgent: "taker" });
  await until(
    "the old finalizer is gone",
    async () => (await get("dittoserver", "files", "-o", "jsonpath={.metadata.finalizers}")) === "",
    {
      within: 30_000,
    },
  );
  await until("everything has come to rest", async () => {
    const path = "jsonpath={.metadata.labels.app\\.kubernetes\\.io/managed-by}";
    return (await get("statefulset", "files", "-o", path)) === "dittofs-operator";
  }, { within: 30_000 });
  const writers = { namespace, verbs: ["create", "update", "patch", "delete"] };
  await ground.plane.audit.waitForQuiet(writers, { quietFor: 2_000, within: 60_000 });
  for (const line of before.split("\n")) {
    assert.ok((await kept()).includes(line), `gone or made anew: ${line}`);
  }
  const ports = "jsonpath={.spec.ports[*].name}";
  assert.equal(await get("service", "files-adapter-nfs", "-o", ports), "adapter-nfs");
  const conditions = await get(
    "dittoserver",
    "files",
    "-o",
    "jsonpath={.status.conditions[*].type}",
  );
  assert.doesNotMatch(conditions, /Authenticated|Progressing/);
});
