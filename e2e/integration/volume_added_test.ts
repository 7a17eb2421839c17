// Volumes that a server is to have only later, on a real API server with the real StatefulSet
// controller.

import assert from "node:assert/strict";
import { until } from "../harness/poll.ts";
import { beside } from "./_beside.ts";
import { assertUndisturbed, fast, grownTo, GrowthGround, reasonIs } from "./_growth_ground.ts";
import type { TestPlane } from "./_plane.ts";
import { runStorageOperator } from "./_storage_operator.ts";
import { conditionOf, isSettled, type Moment, StorageServer } from "./_storage_server.ts";

let plane: GrowthGround;
let ground: TestPlane;

Deno.test.beforeAll(async () => {
  plane = await GrowthGround.start();
  ({ ground } = plane);
});
Deno.test.afterAll(async () => await plane?.[Symbol.asyncDispose]());

for (const storageClassName of ["fast", "lazy"]) {
  beside(
    `ensureStorage() adds the content volume of a ${storageClassName} class later, and it grows`,
    async () => {
      const namespace = `add-content-${storageClassName}`;
      await using run = await plane.readyServer(namespace, { ...fast, storageClassName });
      await run.server.edit({ storage: { contentSize: "2Gi" } });
      const added = await run.server.until(
        "the pod has it",
        (moment) => isSettled(moment) && mountsOf(moment).includes("content"),
      );
      assert.equal(added.claims["content-demo-0"]?.status?.capacity?.storage, "2Gi");
      assert.notEqual(added.pod?.metadata.uid, run.before.pod?.metadata.uid);
      for (const name of ["metadata-demo-0", "controlplane-demo-0"]) {
        assert.equal(added.claims[name]?.metadata.uid, run.before.claims[name]?.metadata.uid);
      }
      // Nothing but the pod was replaced.
      assert.equal(added.statefulSet?.metadata.uid, run.before.statefulSet?.metadata.uid);
      await run.server.edit({ storage: { contentSize: "5Gi", metadataSize: "2Gi" } });
      const grown = await run.server.until(
        "both have grown",
        (moment) =>
          grownTo({ metadata: "2Gi", controlplane: "1Gi" })(moment) &&
          moment.claims["content-demo-0"]?.status?.capacity?.storage === "5Gi",
      );
      assertUndisturbed(added, grown);
    },
  );
}

beside("ensureStorage() does not stop a server for a volume that cannot be made", async () => {
  const namespace = "add-content-dead";
  await using run = await plane.readyServer(namespace);
  await run.server.makeClaim("content", "2Gi", "dead");
  await run.server.edit({ storage: { contentSize: "2Gi" } });
  const waiting = await run.server.until("it is told", reasonIs("VolumePending"));
  assert.match(conditionOf(waiting.server)?.message ?? "", /provisioner "storage.test\/nobody"/);
  await run.server.edit({ image: "example.com/dfs:2" });
  const rolled = await run.server.until(
    "the image is new all the same",
    ({ pod, statefulSet }) =>
      pod?.spec?.containers[0]?.image === "example.com/dfs:2" &&
      statefulSet?.status?.readyReplicas === 1,
  );
  assert.ok(!mountsOf(rolled).includes("content"));
});

beside(
  "a StatefulSet cannot bring a new claim template into its pod, so none ever comes later",
  async () => {
    const namespace = "later-template";
    const server = await StorageServer.create(ground, namespace, fast);
    {
      await using _operator = await runStorageOperator(ground, { namespace, userAgent: "made" });
      await server.untilReady();
    }
    const before = await server.now();
    const { spec, metadata } = before.statefulSet ?? {};
    await server.delete("statefulset", "demo", "--cascade=orphan");
    const [template] = spec?.volumeClaimTemplates ?? [];
    const content = { metadata: { name: "content" }, spec: template?.spec };
    // As it would have to be, but for a mount in the pod.
    await server.apply({
      ...{ apiVersion: "apps/v1", kind: "StatefulSet" },
      metadata: { name: "demo", namespace, labels: metadata?.labels },
      spec: { ...spec, volumeClaimTemplates: [...spec?.volumeClaimTemplates ?? [], content] },
    });
    const field = ["--field-selector=reason=FailedUpdate", "--namespace", namespace];
    await until("its controller has given up", async () => {
      const events = await ground.kubectl(["get", "events", ...field, "--output=name"]);
      return events !== "";
    }, { within: 20_000 });
    const after = await server.now();
    assert.equal(after.pod?.metadata.uid, before.pod?.metadata.uid);
    assert.ok("content-demo-0" in after.claims, "a claim that no pod uses");
  },
);

beside(
  "ensureStorage() uses a claim that somebody has made for a volume that comes later",
  async () => {
    const namespace = "add-restored";
    await using run = await plane.readyServer(namespace);
    await run.server.makeClaim("content", "8Gi", "fast");
    await run.server.edit({ storage: { contentSize: "2Gi" } });
    const added = await run.server.until(
      "the pod has it",
      (moment) => isSettled(moment) && mountsOf(moment).includes("content"),
    );
    const { capacity, state } = added.server.status?.volumes?.[1] ?? {};
    assert.deepEqual([capacity, state], ["8Gi", "Bound"]);
  },
);

function mountsOf({ pod }: Moment): string[] {
  return pod?.spec?.containers[0]?.volumeMounts?.map(({ name }) => name) ?? [];
}
