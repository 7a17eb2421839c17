import assert from "node:assert/strict";
import { testResource } from "./_fixture.ts";
import { InvalidSpecError, readServer } from "./server.ts";

Deno.test("readServer() fills in every default", () => {
  const { spec } = readServer(testResource());
  assert.equal(spec.image, "marmos91c/dittofs:v0.29.0");
  assert.equal(spec.replicas, 1);
  assert.equal(spec.storage.controlPlaneSize, "1Gi");
  assert.equal(spec.controlPlane.port, 8080);
  assert.equal(spec.identity.jwt.accessTokenDuration, "15m");
  assert.deepEqual(spec.logging, { level: "INFO", format: "json", output: "stdout" });
});

Deno.test("readServer() makes the resource the controller of its children", () => {
  assert.deepEqual(readServer(testResource()).owner, {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    name: "demo",
    uid: "uid-of-demo",
    controller: true,
    blockOwnerDeletion: true,
  });
});

Deno.test("readServer() names the field of a stored spec that it cannot use", () => {
  const resource = testResource({ storage: { metadataSize: "10" } });
  assert.throws(
    () => readServer(resource),
    (error: unknown) =>
      error instanceof InvalidSpecError && error.message.includes("spec.storage.metadataSize"),
  );
});

Deno.test("readServer() reads a spec once, however often the status changes", () => {
  const resource = testResource();
  Object.freeze(resource);
  Object.freeze(resource.spec);
  const later = Object.freeze({ ...resource, status: { phase: "Running" as const } });
  assert.equal(readServer(later).spec, readServer(resource).spec);
});
