// Which pod is an orphan that can be adopted, and with what.

import assert from "node:assert/strict";
import { Api } from "../../../kube/api.ts";
import { MemoryApi } from "../../../kube/testing/memory_api.ts";
import { VirtualClock } from "../../../kube/testing/virtual_clock.ts";
import { statefulSet } from "../stateful_set.ts";
import { serverWith } from "./_fixture.ts";
import { adopting, findOrphan } from "./orphan.ts";
import { fresh } from "./templates.ts";
import { wantedVolumes } from "./volume.ts";

const POD = "/api/v1/namespaces/files/pods/demo-0";
const REVISION = "/apis/apps/v1/namespaces/files/controllerrevisions/demo-77";
const server = serverWith({ contentSize: "2Gi" });
const claimVolume = (name: string) => ({
  name,
  persistentVolumeClaim: { claimName: `${name}-demo-0` },
});
const labels = { "controller-revision-hash": "demo-77" };
/** `content` came later, `cache` is no longer wanted. */
const pod = {
  metadata: { labels },
  spec: { volumes: [...["metadata", "content", "cache"].map(claimVolume), { name: "config" }] },
};
const template = {
  metadata: { labels: { app: "x" } },
  spec: { containers: [], volumes: [{ name: "config" }, claimVolume("content")] },
};
const withNull = { ...template, metadata: { creationTimestamp: null, ...template.metadata } };
const revision = { data: { spec: { template: { ...withNull, $patch: "replace" } } } };

function found(objects: Record<string, Record<string, unknown>>) {
  const clock = new VirtualClock();
  const memory = new MemoryApi(clock);
  for (const [path, object] of Object.entries(objects)) memory.put(path, object);
  return clock.runUntil(findOrphan(new Api(memory, clock), server));
}

Deno.test("findOrphan() finds the template that the pod was made from, and its claim templates", async () => {
  const orphan = await found({ [POD]: pod, [REVISION]: revision });
  assert.deepEqual(orphan, { template, templates: new Set(["metadata", "cache"]) });
});

Deno.test("findOrphan() finds none where nothing can be adopted as it is", async () => {
  const going = { ...pod.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" };
  const owned = { ...pod.metadata, ownerReferences: [{ kind: "StatefulSet" }] };
  assert.equal(await found({}), undefined);
  assert.equal(await found({ [POD]: pod }), undefined);
  assert.equal(await found({ [POD]: pod, [REVISION]: {} }), undefined);
  for (const metadata of [going, owned, {}]) {
    assert.equal(await found({ [POD]: { ...pod, metadata }, [REVISION]: revision }), undefined);
  }
});

Deno.test("adopting() has the orphan's template, and claim templates for no other volumes", () => {
  const desired = fresh(
    statefulSet(server, { configHash: "0123", live: undefined }),
    wantedVolumes(server).map(({ template }) => template),
  );
  const { spec, metadata } = adopting(desired, { template, templates: new Set(["metadata"]) });
  assert.deepEqual(spec?.template, template);
  assert.deepEqual(spec?.volumeClaimTemplates?.map(({ metadata }) => metadata?.name), ["metadata"]);
  assert.deepEqual(metadata?.annotations, { "dittofs.dittofs.com/recreated": "true" });
});
