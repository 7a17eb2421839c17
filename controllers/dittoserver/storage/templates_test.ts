// What a StatefulSet looks like once its storage is put right.

import assert from "node:assert/strict";
import type { StatefulSet } from "../../../api/kubernetes/types.ts";
import { statefulSet } from "../stateful_set.ts";
import { liveStatefulSet, serverWith } from "./_fixture.ts";
import { completed, RECREATED_ANNOTATION } from "./templates.ts";
import { sizeOf, wantedVolumes } from "./volume.ts";

const server = serverWith({ metadataSize: "5Gi", contentSize: "2Gi" });
const desired = statefulSet(server, { configHash: "0123", live: undefined });
const wanted = wantedVolumes(server);
const finish = (live: StatefulSet, joins: boolean) => completed(desired, live, wanted, () => joins);

const mountsOf = ({ spec }: StatefulSet) =>
  spec?.template.spec?.containers[0]?.volumeMounts?.map(({ name }) => name);
const volumesOf = ({ spec }: StatefulSet) =>
  spec?.template.spec?.volumes?.map(({ name, persistentVolumeClaim }) =>
    persistentVolumeClaim ? `${name}=${persistentVolumeClaim.claimName}` : name
  );

Deno.test("completed() never sends claim templates that differ from the live ones", () => {
  const { spec } = finish(liveStatefulSet(), true);
  assert.deepEqual(
    spec?.volumeClaimTemplates?.map((template) => [template.metadata?.name, sizeOf(template)]),
    [["metadata", "1Gi"], ["controlplane", "1Gi"]],
  );
});

Deno.test("completed() keeps what only a re-creation can change", () => {
  const live = liveStatefulSet(serverWith(), { spec: { podManagementPolicy: "OrderedReady" } });
  assert.equal(finish(live, true).spec?.podManagementPolicy, "OrderedReady");
});

Deno.test("completed() never lets claims belong to the StatefulSet", () => {
  const policy = { whenDeleted: "Delete", whenScaled: "Delete" };
  const live = liveStatefulSet(serverWith(), {
    spec: { persistentVolumeClaimRetentionPolicy: policy },
  });
  assert.deepEqual(finish(live, true).spec?.persistentVolumeClaimRetentionPolicy, {
    whenDeleted: "Retain",
    whenScaled: "Retain",
  });
});

Deno.test("completed() brings a volume that came later into the pod by its claim's name", () => {
  const joined = finish(liveStatefulSet(), true);
  assert.deepEqual(volumesOf(joined), ["config", "tmp", "content=content-demo-0"]);
  assert.deepEqual(mountsOf(joined), ["metadata", "content", "controlplane", "config", "tmp"]);
});

Deno.test("completed() leaves a volume and its mounts out while it may not join", () => {
  const waiting = finish(liveStatefulSet(), false);
  assert.deepEqual(volumesOf(waiting), ["config", "tmp"]);
  assert.deepEqual(mountsOf(waiting), ["metadata", "controlplane", "config", "tmp"]);
});

Deno.test("completed() never takes out a volume that has joined", () => {
  const joined = finish(liveStatefulSet(), true);
  assert.deepEqual(volumesOf(finish(joined, false)), volumesOf(joined));
});

Deno.test("completed() changes no pod template of a server that has all its volumes", () => {
  const all = liveStatefulSet(serverWith({ contentSize: "2Gi" }));
  assert.deepEqual(finish(all, false).spec?.template, desired.spec?.template);
});

Deno.test("completed() takes over the restart that a StatefulSet was created again with", () => {
  const { template } = liveStatefulSet().spec ?? {};
  const annotations = { "kubectl.kubernetes.io/restartedAt": "2030-01-01T00:00:00Z", other: "x" };
  const spec = { template: { ...template, metadata: { annotations } } };
  const restarted = (live: StatefulSet) => {
    const { metadata, spec } = finish(live, true);
    return [metadata?.annotations, spec?.template.metadata?.annotations];
  };
  const hash = { "dittofs.io/config-hash": "0123" };
  // Else it is kubectl's, and survives without us.
  assert.deepEqual(restarted(liveStatefulSet(serverWith(), { spec })), [undefined, hash]);
  const metadata = {
    ...liveStatefulSet().metadata,
    annotations: { [RECREATED_ANNOTATION]: "true" },
  };
  assert.deepEqual(restarted(liveStatefulSet(serverWith(), { metadata, spec })), [
    { [RECREATED_ANNOTATION]: "true" },
    { ...hash, "kubectl.kubernetes.io/restartedAt": "2030-01-01T00:00:00Z" },
  ]);
});
