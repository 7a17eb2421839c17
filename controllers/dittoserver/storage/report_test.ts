import assert from "node:assert/strict";
import { factsWith, liveStatefulSet, serverWith, testClaim, testClass } from "./_fixture.ts";
import { planStorage } from "./plan.ts";
import { storageReady, volumesStatus } from "./report.ts";

const server = serverWith({ metadataSize: "5Gi", controlPlaneSize: "2Gi" });
const told = (facts: Parameters<typeof factsWith>[0]) => {
  const { volumes } = planStorage(factsWith(facts));
  return { ...storageReady(volumes), volumes: volumesStatus(volumes) };
};

Deno.test("storageReady() is true when every volume is bound and as large as wanted", () => {
  const { status, reason, message } = told({});
  assert.deepEqual([status, reason], ["True", "VolumesBound"]);
  assert.match(message, /metadata 1Gi, controlplane 1Gi$/);
});

Deno.test("storageReady() has the reason that needs somebody most, and tells of all volumes", () => {
  const claims = [
    testClaim("metadata"),
    testClaim("controlplane", {
      className: "rigid",
    }),
  ];
  const classes = [testClass("fast"), testClass("rigid", { allowVolumeExpansion: false })];
  const { status, reason, message } = told({ server, claims, classes });
  assert.deepEqual([status, reason], ["False", "ClassCannotGrow"]);
  assert.match(
    message,
    /"controlplane-demo-0" cannot grow .*\. .*"metadata-demo-0" grows from 1Gi/,
  );
});

Deno.test("volumesStatus() has what is wanted beside what is there", () => {
  const claims = [testClaim("metadata", { request: "5Gi", capacity: "1Gi" })];
  const live = liveStatefulSet(serverWith(), { status: { readyReplicas: 0 } });
  assert.deepEqual(told({ server, claims, live }).volumes, [
    ...[{
      name: "metadata",
      claim: "metadata-demo-0",
      requested: "5Gi",
      capacity: "1Gi",
      state: "Growing",
    }],
    { name: "controlplane", claim: "controlplane-demo-0", requested: "2Gi", state: "Pending" },
  ]);
});
