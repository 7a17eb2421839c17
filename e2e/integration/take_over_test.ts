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

/** Type and ports of a Service. */
const shown = (protocol: string) =>
  get("service", `files-adapter-${protocol}`, "-o", "jsonpath={.spec.type} {.spec.ports[*].port}");

/** The node port of the port that clients of the Go operator's Service know; its UDP has the same. */
async function nodePort(): Promise<string | undefined> {
  const path = "jsonpath={.spec.ports[?(@.port==12049)].nodePort}";
  return (await get("service", "files-adapter-nfs", "-o", path)).split(" ")[0];
}

Deno.test("dittoServerController() takes over what the Go operator left, in place", async () => {
  await leaveGoServer(ground, namespace);
  const before = await kept();
  const nodePortBefore = await nodePort();
  assert.match(nodePortBefore ?? "", /^\d+$/);
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
  assert.equal(await shown("nfs"), "LoadBalancer 2049 12049");
  assert.equal(await nodePort(), nodePortBefore);
  const conditions = await get(
    "dittoserver",
    "files",
    "-o",
    "jsonpath={.status.conditions[*].type}",
  );
  assert.doesNotMatch(conditions, /Progressing/);
});

const networkReason = () => {
  const path = "jsonpath={.status.conditions[?(@.type=='NetworkReady')].reason}";
  return get("dittoserver", "files", "-o", path);
};

const becomes = (protocol: string, wanted: string) =>
  until(
    `the Service for ${protocol} is ${wanted}`,
    async () => (await shown(protocol)) === wanted,
    { within: 30_000 },
  );

const change = (...args: readonly string[]) => ground.kubectl(["-n", namespace, ...args]);

Deno.test("dittoServerController() gives up no address of the Go operator until it is told to", async () => {
  const before = await nodePort();
  await using _again = await runInProcess(ground, { namespace, userAgent: "again" });
  assert.equal(await networkReason(), "AddressKept");
  const annotation = "dittofs.dittofs.com/kept-address-";
  await change("annotate", "service", "files-adapter-smb", annotation);
  await becomes("smb", "ClusterIP 445");
  assert.equal(await shown("nfs"), "LoadBalancer 2049 12049");
  const patch = ["patch", "dittoserver", "files", "--type=merge", "--patch"];
  const spec = {
    adapterServices: { type: "LoadBalancer" },
    adapters: { nfs: { servicePort: 12049 } },
  };
  await change(...patch, JSON.stringify({ spec }));
  await becomes("nfs", "LoadBalancer 12049");
  assert.equal(await nodePort(), before);
  await until(
    "the load balancers are pending, as the spec wants them",
    async () => (await networkReason()) === "LoadBalancerPending",
    { within: 30_000 },
  );
  await change(...patch, JSON.stringify({ spec: { adapterServices: { type: "ClusterIP" } } }));
  await becomes("nfs", "ClusterIP 12049");
});
