// The committed snapshot of Kubernetes' schemas against the API server that they are said to be of.

import assert from "node:assert/strict";
import { readSnapshot } from "../../tasks/_generated.ts";
import { snapshot } from "../../tasks/_openapi_snapshot.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

Deno.test("api/kubernetes/openapi.json is what the API server serves", async () => {
  const served = await snapshot(async (document) =>
    JSON.parse(await ground.kubectl(["get", "--raw", `/openapi/v3/${document}`]))
  );
  assert.deepEqual(served, await readSnapshot());
});
