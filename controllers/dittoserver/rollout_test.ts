import assert from "node:assert/strict";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import { Changes, decideRollout, type RolloutFacts, rolloutStatus } from "./rollout.ts";
import { ROLLOUT_INPUTS_ANNOTATION } from "./rollout_inputs.ts";

const inputs = { image: "dittofs:v1", configuration: "new", pod: "same", secrets: {} };

function set(configuration: string, replicas = 1): StatefulSet {
  const annotation = JSON.stringify({ ...inputs, configuration });
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "demo", annotations: { [ROLLOUT_INPUTS_ANNOTATION]: annotation } },
    spec: { replicas, serviceName: "demo-headless", selector: {}, template: {} },
  };
}

function decide(change: Partial<RolloutFacts> = {}) {
  return decideRollout({
    ...{ inputs, next: set("new"), live: set("old"), serving: true },
    ...{ window: { open: true, faults: [] }, unchangedMs: 10_000, ...change },
  });
}

Deno.test("decideRollout() announces a restart of a pod that serves before it happens", () => {
  const decision = decide({ unchangedMs: 0 });
  assert.deepEqual(decision, { act: "announce", reasons: ["configuration"], afterMs: 1_000 });
  assert.deepEqual(decide({ unchangedMs: 400 }), { ...decision, afterMs: 600 });
  assert.deepEqual(decide({ unchangedMs: 1_000 }), { act: "apply" });
});

Deno.test("decideRollout() holds a restart outside of the maintenance windows", () => {
  const opens = new Date("2026-11-28T02:00:00Z");
  assert.deepEqual(decide({ window: { open: false, opens, faults: [] } }), {
    act: "hold",
    reasons: ["configuration"],
    opens,
  });
});

const undisturbed: Record<string, Partial<RolloutFacts>> = {
  "there is no pod yet": { live: undefined },
  "the server is stopped": { live: set("old", 0) },
  "the server is to stop": { next: set("new", 0) },
  "the pod does not serve anyway": { serving: false },
  "nothing that the pod consumes differs": { live: set("new") },
};
const unnoted = { ...set("old"), metadata: { name: "demo" } };

Deno.test("decideRollout() takes a StatefulSet that nothing is noted on as it is", () => {
  const waits = { live: unnoted, unchangedMs: 0 };
  assert.deepEqual(decide(waits), { act: "apply" });
  const template = { metadata: { labels: { a: "b" } } };
  const next = { ...set("new"), spec: { ...set("new").spec, template } } as StatefulSet;
  const decision = decide({ ...waits, next });
  assert.equal(decision.act, "announce");
});

for (const [when, change] of Object.entries(undisturbed)) {
  Deno.test(`decideRollout() lets nobody wait when ${when}`, () => {
    const waits = { window: { open: false, faults: [] }, unchangedMs: 0 };
    assert.deepEqual(decide({ ...waits, ...change }), { act: "apply" });
  });
}

Deno.test("Changes counts from the last change, for each server by its UID (W53)", () => {
  const changes = new Changes();
  assert.equal(changes.unchangedMs("a", "1", 100), 0);
  assert.equal(changes.unchangedMs("a", "1", 600), 500);
  assert.equal(changes.unchangedMs("b", "1", 600), 0);
  assert.equal(changes.unchangedMs("a", "2", 700), 0);
  changes.forget("a");
  assert.equal(changes.unchangedMs("a", "2", 900), 0);
});

Deno.test("rolloutStatus() says what will happen, and keeps the reasons while it happens", () => {
  const reasons = ["configuration"];
  const pending = rolloutStatus({ act: "announce", reasons, afterMs: 5 }, undefined);
  assert.deepEqual(pending, { state: "Pending", reasons });
  assert.deepEqual(rolloutStatus({ act: "apply" }, pending), { state: "Running", reasons });
  const opens = new Date("2026-11-28T02:00:00.5Z");
  assert.deepEqual(rolloutStatus({ act: "hold", reasons, opens }, undefined), {
    state: "Held",
    reasons,
    notBefore: "2026-11-28T02:00:00Z",
  });
  assert.equal(rolloutStatus({ act: "apply" }, undefined), undefined);
});
