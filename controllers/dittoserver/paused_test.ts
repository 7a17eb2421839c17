import assert from "node:assert/strict";
import { testResource } from "./_fixture.ts";
import { paused } from "./paused.ts";

const annotated = (value: string) => {
  const resource = testResource();
  const annotations = { "dittofs.dittofs.com/paused": value };
  return { ...resource, metadata: { ...resource.metadata, annotations } };
};

Deno.test("paused() is said by spec.paused or by the annotation with the value true", () => {
  assert.equal(paused(testResource()), false);
  assert.equal(paused(testResource({ paused: false })), false);
  assert.equal(paused(testResource({ paused: true })), true);
  assert.equal(paused(annotated("true")), true);
});

Deno.test("paused() takes no other value of the annotation for a yes", () => {
  for (const value of ["false", "", "True", "1"]) assert.equal(paused(annotated(value)), false);
});
