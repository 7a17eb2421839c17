// The ground that the other integration tests stand on.

import assert from "node:assert/strict";
import { describe, writeVerbs } from "../harness/audit.ts";
import { startControlPlane } from "../harness/control_plane.ts";
import { until } from "../harness/poll.ts";
import { refusal, type TestPlane, testPlane } from "./_plane.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";
let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: true, users: { alice: ["readers"] } });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** These tests replace a process that all tests of this file share. */
const sharedProcess = { sanitizeOps: false, sanitizeResources: false };

const configMap = (name: string, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});

Deno.test("startControlPlane gives an admin who may do anything", async () => {
  const text = await ground.kubectl(["auth", "can-i", "delete", "nodes"]);
  assert.equal(text.trim(), "yes");
});

Deno.test("startControlPlane gives users to whom RBAC applies", async () => {
  const list = ["get", "configmaps", "--namespace=default"];
  assert.match(
    await refusal(ground.kubectl(list, { user: "alice" })) ?? "",
    /User "alice" cannot list resource "configmaps"/,
  );
  const bind = ["create", "rolebinding", "readers", "--clusterrole=view", "--group=readers"];
  await ground.kubectl(bind);
  await until(
    "alice may read",
    async () => (await refusal(ground.kubectl(list, { user: "alice" }))) === undefined,
    { within: 10_000 },
  );
});

Deno.test("startControlPlane collects what an absent owner leaves behind", async () => {
  const client = ground.plane.client();
  const body = configMap("owner");
  const owner = await client.json(configMaps, { method: "POST", body });
  assert.ok(isObject(owner));
  const ownerReferences = [{
    apiVersion: "v1",
    kind: "ConfigMap",
    name: "owner",
    uid: owner.metadata.uid,
  }];
  await client.json(configMaps, { method: "POST", body: configMap("owned", { ownerReferences }) });
  await client.json(`${configMaps}/owner`, { method: "DELETE" });
  const isGone = async () => (await client.send(`${configMaps}/owned`)).status === 404;
  await until("the owned object is collected", isGone, { within: 20_000 });
});

Deno.test(
  "ControlPlane.restartApiServer keeps address, certificate and data",
  sharedProcess,
  async () => {
    const client = ground.plane.client();
    await client.json(configMaps, { method: "POST", body: configMap("survivor") });
    await ground.plane.restartApiServer("SIGKILL");
    assert.equal((await client.send(`${configMaps}/survivor`)).status, 200);
  },
);

Deno.test(
  "ControlPlane.stopApiServer lets the server end by itself on SIGTERM",
  sharedProcess,
  async () => {
    const { plane } = ground;
    const start = performance.now();
    await plane.stopApiServer("SIGTERM");
    assert.ok(performance.now() - start < 15_000, "it had to be killed");
    await assert.rejects(plane.client().send("/version"), /does not answer/);
    await plane.startApiServer();
  },
);

Deno.test("ControlPlane.audit counts what one client wrote", async () => {
  const { plane } = ground;
  const userAgent = "counter/1";
  const from = Date.now();
  const body = configMap("counted");
  await plane.client().json(configMaps, { method: "POST", body, userAgent });
  await plane.client().json(`${configMaps}/counted`, { userAgent });
  await plane.client().json(`${configMaps}/counted`, { method: "DELETE", userAgent });
  const all = await plane.audit.requests({ userAgent, from });
  assert.deepEqual(all.map(({ verb }) => verb), ["create", "get", "delete"], describe(all));
  const writes = await plane.audit.requests({ userAgent, from, verbs: writeVerbs });
  assert.equal(writes.length, 2, describe(writes));
});

Deno.test("startControlPlane says with the server's own words why it did not start", async () => {
  // The shell does not understand etcd's flags.
  const tools = { etcd: "/bin/sh", "kube-apiserver": "/bin/sh" };
  await assert.rejects(
    startControlPlane({ tools }),
    /etcd ended with code \d+ at its start\. Last lines of .*etcd\.log:[^]*option/,
  );
});

function isObject(value: unknown): value is { metadata: { uid: string } } {
  return typeof value === "object" && value !== null && "metadata" in value;
}
