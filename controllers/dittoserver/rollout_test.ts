import assert from "node:assert/strict";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import { Changes, decideRollout, type RolloutFacts, rolloutStatus } from "./rollout.ts";
import type { Departure } from "./rest/departures.ts";
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

const drained: Departure = { clients: { count: 2 }, uploads: { state: "Drained" } };

function decide(change: Partial<RolloutFacts> = {}) {
  return decideRollout({
    ...{ inputs, next: set("new"), live: set("old"), serving: true },
    ...{ window: { open: true, faults: [] }, unchangedMs: 10_000 },
    ...{ told: true, departure: () => drained, ...change },
  });
}

Deno.test("decideRollout() announces a restart of a pod that serves before it happens", () => {
  const decision = decide({ unchangedMs: 0 });
  const reasons = ["configuration"];
  assert.deepEqual(decision, { act: "announce", reasons, afterMs: 1_000, departure: drained });
  assert.deepEqual(decide({ unchangedMs: 400 }), { ...decision, afterMs: 600 });
  assert.deepEqual(decide({ unchangedMs: 1_000 }), { act: "apply", departure: drained });
});

Deno.test("decideRollout() lets the server be told first, but not for ever", () => {
  const decision = decide({ told: false, unchangedMs: 1_000 });
  assert.deepEqual([decision.act, "afterMs" in decision && decision.afterMs], ["announce", 14_000]);
  assert.equal(decide({ told: false, unchangedMs: 15_000 }).act, "apply");
});

const draining: Departure = { uploads: { state: "Draining" } };

Deno.test("decideRollout() waits for uploads of a pod that is to be replaced or stopped", () => {
  const departure = () => draining;
  const replaced = decide({ departure });
  assert.deepEqual(replaced, { act: "drain", reasons: ["configuration"], departure: draining });
  const stopped = decide({ departure, next: set("new", 0), unchangedMs: 0 });
  assert.deepEqual(stopped, {
    act: "drain",
    reasons: ["the server is to stop"],
    departure: draining,
  });
  for (const state of ["Drained", "Stalled", "Skipped"] as const) {
    assert.equal(decide({ departure: () => ({ uploads: { state } }) }).act, "apply");
  }
});

Deno.test("decideRollout() has a pod upload what it can when it goes, and not when that waits for a window", () => {
  const asked: string[] = [];
  const departure = (when: string) => {
    asked.push(when);
    return drained;
  };
  decide({ departure, window: { open: false, faults: [] } });
  decide({ departure, unchangedMs: 0 });
  decide({ departure });
  decide({ departure, live: set("new") });
  assert.deepEqual(asked, ["later", "now", "now"]);
});

Deno.test("decideRollout() holds a restart outside of the maintenance windows", () => {
  const opens = new Date("2026-11-28T02:00:00Z");
  assert.deepEqual(decide({ window: { open: false, opens, faults: [] } }), {
    act: "hold",
    reasons: ["configuration"],
    opens,
    departure: drained,
  });
});

const undisturbed: Record<string, Partial<RolloutFacts>> = {
  "there is no pod yet": { live: undefined },
  "the server is stopped": { live: set("old", 0) },
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
  const clients = { count: 2 };
  const opens = new Date("2026-11-28T02:00:00.5Z");
  const held = rolloutStatus({ act: "hold", reasons, opens, departure: { clients } }, undefined);
  assert.deepEqual(held, { state: "Held", reasons, notBefore: "2026-11-28T02:00:00Z", clients });
  const pending = rolloutStatus({ act: "announce", reasons, afterMs: 5, departure: {} }, held);
  assert.deepEqual(pending, { state: "Pending", reasons });
  const leaving = rolloutStatus({ act: "drain", reasons, departure: draining }, pending);
  assert.deepEqual(leaving, { state: "Draining", reasons, ...draining });
  const running = rolloutStatus({ act: "apply", departure: drained }, leaving);
  assert.deepEqual(running, { state: "Running", reasons, ...drained });
  assert.deepEqual(rolloutStatus({ act: "apply" }, running), running);
  assert.equal(rolloutStatus({ act: "apply" }, undefined), undefined);
});
