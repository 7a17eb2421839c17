// What is done next, from everything that can be found.

import assert from "node:assert/strict";
import {
  factsWith,
  liveStatefulSet,
  planned,
  serverWith,
  testClaim,
  testClass,
} from "./_fixture.ts";
import { mayJoin, planStorage, templateOf } from "./plan.ts";
import { sizeOf, wantedVolumes } from "./volume.ts";

const grown = serverWith({ metadataSize: "5Gi" });
const both = serverWith({ metadataSize: "5Gi", controlPlaneSize: "3Gi" });
const owner = (kind: string, name: string, uid: string) => ({
  apiVersion: kind === "StatefulSet" ? "apps/v1" : "v1",
  ...{ kind, name, uid },
});

Deno.test("planStorage() has nothing to do when everything is as wanted", () => {
  assert.deepEqual(planned(factsWith()), ["apply"]);
});

Deno.test("planStorage() asks for more for each claim that is too small", () => {
  assert.deepEqual(planned(factsWith({ server: both })), [
    "growClaim metadata-demo-0 5Gi",
    "growClaim controlplane-demo-0 3Gi",
    "apply",
  ]);
});

Deno.test("planStorage() deletes the StatefulSet when the claims ask for more than its templates", () => {
  const claims = [
    testClaim("metadata", { request: "5Gi", capacity: "1Gi" }),
    testClaim("controlplane"),
  ];
  assert.deepEqual(planned(factsWith({ server: grown, claims })), ["delete"]);
});

Deno.test("planStorage() is done when the templates are as large as the claims", () => {
  const claims = [
    testClaim("metadata", { request: "5Gi", capacity: "1Gi" }),
    testClaim("controlplane"),
  ];
  assert.deepEqual(planned(factsWith({ server: grown, claims, live: liveStatefulSet(grown) })), [
    "apply",
  ]);
});

Deno.test("planStorage() does not let a claim that cannot grow hold up another one", () => {
  const claims = [
    testClaim("metadata", {
      className: "rigid",
    }),
    testClaim("controlplane", { request: "3Gi", capacity: "1Gi" }),
  ];
  const classes = [testClass("fast"), testClass("rigid", { allowVolumeExpansion: false })];
  const facts = factsWith({ server: both, claims, classes });
  assert.deepEqual(planned(facts), ["delete"]);
  const [metadata, controlplane] = wantedVolumes(both);
  assert.ok(metadata && controlplane);
  assert.deepEqual(
    [metadata, controlplane].map((volume) => sizeOf(templateOf(facts, volume))),
    ["1Gi", "3Gi"],
  );
  // After which it is done, though one volume is stuck.
  const live = liveStatefulSet(serverWith({ controlPlaneSize: "3Gi" }));
  assert.deepEqual(planned({ ...facts, live }), ["apply"]);
  assert.deepEqual(planStorage({ ...facts, live }).volumes.map(({ state }) => state), [
    "Stuck",
    "Growing",
  ]);
});

Deno.test("planStorage() asks for what was refused no more in the same pass", () => {
  const refusals = new Map([["metadata-demo-0", "exceeded quota"]]);
  const facts = factsWith({ server: both, refusals });
  assert.deepEqual(planned(facts), ["growClaim controlplane-demo-0 3Gi", "apply"]);
  assert.equal(planStorage(facts).volumes[0]?.reason, "GrowthRefused");
});

Deno.test("planStorage() never asks for less, nor re-creates for it", () => {
  const claims = [testClaim("metadata", { request: "9Gi" }), testClaim("controlplane")];
  assert.deepEqual(planned(factsWith({ claims })), ["apply"]);
  const live = liveStatefulSet(serverWith({ metadataSize: "9Gi" }));
  assert.deepEqual(planned(factsWith({ claims, live })), ["apply"]);
});

Deno.test("planStorage() gives templates the wanted size where there is no claim yet", () => {
  const facts = factsWith({
    server: grown,
    claims: [],
    live: liveStatefulSet(serverWith(), { status: { readyReplicas: 0 } }),
  });
  assert.deepEqual(planned(facts), ["delete"]);
});

Deno.test("planStorage() lets the templates wait for a claim that is not bound", () => {
  const claims = [
    testClaim("metadata", { status: { phase: "Pending", capacity: {} } }),
    testClaim("controlplane"),
  ];
  assert.deepEqual(planned(factsWith({ server: grown, claims })), ["apply"]);
});

Deno.test("planStorage() waits for a StatefulSet that is going, and restores one that is gone", () => {
  const going = liveStatefulSet(serverWith(), {
    metadata: { ...liveStatefulSet().metadata, deletionTimestamp: "2030-01-01T00:00:00Z" },
  });
  assert.deepEqual(planned(factsWith({ server: grown, live: going })), [
    "growClaim metadata-demo-0 5Gi",
    "wait",
  ]);
  assert.deepEqual(planned(factsWith({ live: undefined })), ["restore"]);
});

Deno.test("planStorage() re-creates a StatefulSet whose pods wait for each other", () => {
  const live = liveStatefulSet(serverWith(), { spec: { podManagementPolicy: "OrderedReady" } });
  assert.deepEqual(planned(factsWith({ live })), ["delete"]);
});

Deno.test("planStorage() does not delete a StatefulSet that could take a claim along", () => {
  const behind = { server: grown };
  const claims = (...ownerReferences: ReturnType<typeof owner>[]) => [
    testClaim("metadata", { request: "5Gi" }),
    testClaim("controlplane", { metadata: { ownerReferences } }),
  ];
  assert.deepEqual(planned(factsWith({ ...behind, claims: claims() })), ["delete"]);
  // Its controller takes care of claims, or has not seen yet that it should not.
  const policy = { whenDeleted: "Delete", whenScaled: "Retain" };
  const deleting = liveStatefulSet(serverWith(), {
    spec: { persistentVolumeClaimRetentionPolicy: policy },
  });
  const unseen = liveStatefulSet(serverWith(), { status: { observedGeneration: 0 } });
  const owned = claims(owner("StatefulSet", "demo", "uid-of-set"));
  for (const live of [deleting, unseen]) {
    assert.deepEqual(planned(factsWith({ ...behind, claims: claims(), live })), ["apply"]);
    assert.deepEqual(planned(factsWith({ ...behind, claims: owned, live })), ["apply"]);
  }
  // It keeps its hands off, so that claims can be taken from it for good: also one of no pod.
  for (
    const who of [owner("StatefulSet", "demo", "uid-of-set"), owner("Pod", "demo-0", "uid-of-pod")]
  ) {
    assert.deepEqual(planned(factsWith({ ...behind, claims: claims(who) })), [
      "ownClaim controlplane-demo-0 ",
      "apply",
    ]);
  }
});

Deno.test("planStorage() gives claims to the server if they shall go with it, and takes them back", () => {
  const server = serverWith({ retention: "Delete" });
  assert.deepEqual(planned(factsWith({ server })), [
    "ownClaim metadata-demo-0 DittoServer/uid-of-demo",
    "ownClaim controlplane-demo-0 DittoServer/uid-of-demo",
    "apply",
  ]);
  const { apiVersion, kind, name } = server.owner;
  const claims = (uid: string) => {
    const ownerReferences = [{ apiVersion, kind, name, uid }, owner("Backup", "b", "uid-of-b")];
    return [testClaim("metadata", { metadata: { ownerReferences } })];
  };
  const live = liveStatefulSet(serverWith(), { status: { readyReplicas: 0 } });
  assert.deepEqual(planned(factsWith({ server, claims: claims("uid-of-demo"), live })), ["apply"]);
  // Of an earlier server of this name; what others own stays theirs.
  assert.deepEqual(planned(factsWith({ server, claims: claims("uid-of-old"), live })), [
    "ownClaim metadata-demo-0 Backup/uid-of-b,DittoServer/uid-of-demo",
    "apply",
  ]);
  assert.deepEqual(planned(factsWith({ claims: claims("uid-of-demo"), live })), [
    "ownClaim metadata-demo-0 Backup/uid-of-b",
    "apply",
  ]);
});

Deno.test("planStorage() changes one claim once at a time", () => {
  const server = serverWith({ retention: "Delete", metadataSize: "5Gi" });
  const live = liveStatefulSet(serverWith(), { status: { readyReplicas: 0 } });
  assert.deepEqual(planned(factsWith({ server, claims: [testClaim("metadata")], live })), [
    "ownClaim metadata-demo-0 DittoServer/uid-of-demo",
    "apply",
  ]);
});

Deno.test("planStorage() makes the claim of a volume that came later, and tells if it may not", () => {
  const server = serverWith({ contentSize: "2Gi" });
  assert.deepEqual(planned(factsWith({ server })), ["createClaim content-demo-0", "apply"]);
  const refusals = new Map([["content-demo-0", "exceeded quota"]]);
  const refused = factsWith({ server, refusals });
  assert.deepEqual(planned(refused), ["apply"]);
  const { state, message } = planStorage(refused).volumes[1] ?? {};
  assert.equal(state, "Stuck");
  assert.match(message ?? "", /"content-demo-0" may not be made: exceeded quota/);
});

Deno.test("planStorage() looks for a claim that must exist, because the pod runs with it", () => {
  const claims = [testClaim("metadata")];
  assert.deepEqual(planned(factsWith({ claims })), ["findClaim controlplane-demo-0", "apply"]);
});

Deno.test("mayJoin() lets a volume join the pod when nothing but the pod is needed to bind it", () => {
  const server = serverWith({ contentSize: "2Gi" });
  const content = wantedVolumes(server).find(({ name }) => name === "content");
  assert.ok(content);
  const lazy = testClass("fast", { volumeBindingMode: "WaitForFirstConsumer" });
  const pending = testClaim("content", { status: { phase: "Pending", capacity: {} } });
  const going = { metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" } };
  const joins = (claims: ReturnType<typeof testClaim>[], classes = [testClass("fast")]) =>
    mayJoin(factsWith({ server, claims, classes }), content);
  assert.equal(joins([]), false);
  assert.equal(joins([pending]), false);
  assert.equal(joins([pending], [lazy]), true);
  assert.equal(joins([testClaim("content")]), true);
  assert.equal(joins([testClaim("content", going)]), false);
});
