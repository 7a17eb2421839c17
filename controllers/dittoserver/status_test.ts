import assert from "node:assert/strict";
import type { StatefulSet, StatefulSetStatus } from "../../api/kubernetes/types.ts";
import { testResource, testServer } from "./_fixture.ts";
import { statefulSet } from "./stateful_set.ts";
import { happeningOf, serverStatus, type StatusFacts } from "./status.ts";

const settled: StatefulSetStatus = {
  observedGeneration: 2,
  replicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
  updatedReplicas: 1,
  currentRevision: "demo-1",
  updateRevision: "demo-1",
};

function live(status: StatefulSetStatus, replicas = 1): StatefulSet {
  const set = statefulSet(testServer({ replicas }), { configHash: "hash", live: undefined });
  return { ...set, metadata: { ...set.metadata, generation: 2 }, status };
}

function facts(change: Partial<StatusFacts> = {}): StatusFacts {
  return {
    replicas: 1,
    configHash: "hash",
    statefulSet: live(settled),
    podName: "demo-0",
    pod: undefined,
    paused: false,
    pending: false,
    problems: [],
    inOrder: { StorageReady: { reason: "VolumesBound" } },
    endpoints: {},
    volumes: undefined,
    rollout: undefined,
    ...{ notServing: undefined, managed: undefined, rest: [], compared: undefined },
    now: new Date("2026-11-23T10:00:00Z"),
    ...change,
  };
}

function statusOf(change: Partial<StatusFacts>) {
  const status = serverStatus(testResource(), facts(change));
  const by = Object.fromEntries((status.conditions ?? []).map((c) => [c.type, c]));
  return { status, by };
}

Deno.test("serverStatus() is Ready only when the pod of the new revision serves (W29)", () => {
  const { status, by } = statusOf({});
  assert.equal(by.Ready?.status, "True");
  assert.equal(status.phase, "Running");
  assert.equal(status.observedGeneration, 3);
  assert.equal(by.Reconciling, undefined);
  assert.equal(by.Stalled, undefined);
});

Deno.test("serverStatus() observes no generation that the server was not compared with", () => {
  for (const [compared, observed] of [[2, 2], [3, 3], [4, 3]] as const) {
    const { status } = statusOf({ compared });
    assert.equal(status.observedGeneration, observed);
    assert.deepEqual(
      [...new Set(status.conditions?.map(({ observedGeneration }) => observedGeneration))],
      [observed],
    );
  }
});

const notYet: Record<string, Partial<StatusFacts>> = {
  "there is no StatefulSet": { statefulSet: undefined },
  "the StatefulSet has no status": { statefulSet: live({ replicas: 0 }) },
  "the StatefulSet has not seen its spec": {
    statefulSet: live({ ...settled, observedGeneration: 1 }),
  },
  "the pod is not ready": { statefulSet: live({ ...settled, readyReplicas: 0 }) },
  "the pod is of the old revision": {
    statefulSet: live({ ...settled, updateRevision: "demo-2" }),
  },
  "the new pod is not counted yet": { statefulSet: live({ ...settled, updatedReplicas: 0 }) },
  "the template has the old configuration": { configHash: "other" },
};
for (const [when, change] of Object.entries(notYet)) {
  Deno.test(`serverStatus() is not Ready while ${when}`, () => {
    const { status, by } = statusOf(change);
    assert.equal(by.Ready?.status, "False");
    assert.equal(by.Ready?.reason, "WaitingForPod");
    assert.equal(by.Reconciling?.status, "True");
    assert.equal(status.phase, "Pending");
  });
}

Deno.test("serverStatus() is not Ready while a protocol does not serve, whatever the pod's probe says (W30)", () => {
  const checking = statusOf({ notServing: { reason: "CheckingAdapters", message: "looking" } });
  assert.equal(checking.by.Ready?.reason, "CheckingAdapters");
  assert.equal(checking.by.Reconciling?.status, "True");
  assert.equal(checking.status.phase, "Pending");
  const silent = statusOf({
    notServing: { reason: "NotListening", message: "NFS does not listen" },
  });
  assert.equal(silent.by.Ready?.message, "NFS does not listen");
  assert.equal(silent.by.Stalled?.status, "True");
  assert.equal(silent.status.phase, "Failed");
});

Deno.test("serverStatus() of a stopped server is Ready with the reason Stopped", () => {
  const stopped = live({ observedGeneration: 2, replicas: 0 }, 0);
  const { status, by } = statusOf({ replicas: 0, statefulSet: stopped });
  assert.equal(by.Ready?.reason, "Stopped");
  assert.equal(by.Available?.status, "False");
  assert.equal(status.phase, "Stopped");
});

Deno.test("serverStatus() waits for the pod of a server that is being stopped", () => {
  const { by } = statusOf({ replicas: 0 });
  assert.equal(by.Ready?.status, "False");
  assert.match(by.Ready?.message ?? "", /to stop/);
});

Deno.test("serverStatus() shows each failing step, and Stalled when somebody has to act (W28)", () => {
  const { status, by } = statusOf({
    problems: [
      {
        aspect: "ConfigReady",
        reason: "NotOurs",
        message: "ConfigMap is in the way",
        stalled: true,
      },
      {
        aspect: "NetworkReady",
        reason: "ApplyFailed",
        message: "Service: timed out",
        stalled: false,
      },
    ],
  });
  assert.deepEqual(
    [by.ConfigReady?.status, by.NetworkReady?.status, by.StorageReady?.status],
    ["False", "False", "True"],
  );
  assert.equal(by.ConfigReady?.message, "ConfigMap is in the way");
  assert.equal(status.phase, "Failed");
  assert.equal(by.Stalled?.reason, "NotOurs");
  assert.match(by.Ready?.message ?? "", /ConfigMap is in the way; Service: timed out/);
});

Deno.test("serverStatus() says Reconciling, not Stalled, while a failure may pass", () => {
  const { status, by } = statusOf({
    problems: [
      { aspect: "NetworkReady", reason: "ApplyFailed", message: "timed out", stalled: false },
    ],
  });
  assert.equal(status.phase, "Pending");
  assert.equal(by.Stalled, undefined);
  assert.equal(by.Reconciling?.status, "True");
});

Deno.test("serverStatus() moves lastTransitionTime only when a status changes", () => {
  const first = serverStatus(testResource(), facts());
  const again = { ...testResource(), status: first };
  const later = { now: new Date("2026-11-23T11:00:00Z") };
  assert.deepEqual(serverStatus(again, facts(later)), first);
  const down = serverStatus(again, facts({ ...later, statefulSet: undefined }));
  const ready = down.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready?.lastTransitionTime, "2026-11-23T11:00:00Z");
});

Deno.test("serverStatus() says why a pod does not start, in Ready itself", () => {
  const { status, by } = statusOf({
    statefulSet: live({ ...settled, readyReplicas: 0 }),
    pod: {
      ready: false,
      trouble: { reason: "ImagePullBackOff", message: "no such image" },
    },
  });
  assert.equal(by.Ready?.reason, "PodFailing");
  assert.match(by.Ready?.message ?? "", /demo-0.*ImagePullBackOff.*no such image/);
  assert.equal(status.phase, "Failed");
});

Deno.test("serverStatus() is Ready in spite of a problem that the server works without", () => {
  const { by } = statusOf({
    problems: [{
      aspect: "MonitoringReady",
      reason: "NotServed",
      message: "no ServiceMonitors here",
      stalled: false,
      aside: true,
    }],
  });
  assert.equal(by.Ready?.status, "True");
  assert.equal(by.MonitoringReady?.status, "False");
});

Deno.test("serverStatus() of a paused server is Ready only when nothing is left to do", () => {
  assert.equal(statusOf({ paused: true }).by.Ready?.status, "True");
  const { by } = statusOf({ paused: true, configHash: "other" });
  assert.equal(by.Ready?.reason, "Paused");
});

Deno.test("serverStatus() says that a restart is held, until it has happened", () => {
  const rollout = { state: "Held", reasons: ["configuration"] } as const;
  const held = statusOf({ pending: "held", rollout: { ...rollout, reasons: [] } });
  assert.equal(held.by.Ready?.reason, "RestartHeld");
  assert.equal(held.status.rollout?.state, "Held");
  assert.equal(statusOf({ rollout: { state: "Running", reasons: [] } }).status.rollout, undefined);
});

Deno.test("happeningOf() tells of a restart once before it happens", () => {
  const before = statusOf({}).status;
  const rollout = { state: "Pending" as const, reasons: ["configuration"] };
  const now = statusOf({ configHash: "other", rollout }).status;
  assert.match(happeningOf(before, now)?.note ?? "", /because of: configuration/);
  assert.equal(happeningOf(now, now), undefined);
});
