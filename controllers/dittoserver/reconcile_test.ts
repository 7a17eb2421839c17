// What the parts of a reconcile are for together. What Secrets do to it is in
// reconcile_secrets_test.ts.

import assert from "node:assert/strict";
import { path, World } from "./_world.ts";

Deno.test("reconcileServer() makes every child of a server, and says what it waits for", async () => {
  await using world = new World();
  await world.apply({});
  for (const name of ["demo-headless", "demo-api", "demo-adapter-nfs", "demo-adapter-smb"]) {
    assert.ok(world.server.read(path.core("services", name)), name);
  }
  assert.ok(world.statefulSet());
  assert.equal(world.condition("Ready")?.reason, "WaitingForPod");
  await world.serve();
  assert.equal(world.condition("Ready")?.reason, "Serving");
  assert.equal(world.condition("ConfigReady")?.reason, "Applied");
  assert.equal(world.status().nfsEndpoint, "demo-adapter-nfs.files.svc:2049");
});

Deno.test("reconcileServer() writes nothing when it has nothing to do (W46)", async () => {
  await using world = new World();
  await world.apply({});
  await world.serve();
  const { length } = world.client.writes;
  // Longer than the slow re-check, which looks and finds nothing.
  await world.clock.advance(24 * 3_600_000);
  assert.equal(world.client.writes.length, length);
});

Deno.test("reconcileServer() leaves the pod alone for what the pod does not consume (W10, W11)", async () => {
  await using world = new World();
  await world.apply({});
  await world.serve();
  const before = world.template();
  await world.apply({
    service: { annotations: { "example.com/team": "a" } },
    adapterServices: { type: "NodePort" },
    adapters: { nfs: { port: 22049 } },
    metrics: { serviceMonitor: { enabled: true } },
    snapshotPolicies: [{ share: "/a", interval: "@daily" }],
  });
  await world.clock.advance(60_000);
  assert.deepEqual(world.template(), before);
  const service = world.server.read(path.core("services", "demo-api"));
  const annotations = Object.entries(service?.metadata.annotations ?? {});
  assert.ok(annotations.some(([name, value]) => name === "example.com/team" && value === "a"));
});

Deno.test("reconcileServer() announces a restart, and several edits make one", async () => {
  await using world = new World();
  await world.apply({});
  await world.serve();
  const before = world.template();
  await world.apply({ logging: { level: "DEBUG" } });
  assert.deepEqual(world.status().rollout, {
    ...{ state: "Pending", reasons: ["configuration"] },
    ...{ clients: { count: 0 }, uploads: { state: "Drained" } },
  });
  await world.clock.advance(700);
  await world.apply({ logging: { level: "DEBUG" }, image: "dittofs:v2" });
  await world.clock.advance(700);
  assert.deepEqual(world.template(), before);
  const config = world.server.read(path.core("configmaps", "demo-config"));
  assert.ok(!JSON.stringify(config).includes("DEBUG"), "the running pod would read it");
  await world.clock.advance(400);
  assert.notDeepEqual(world.template(), before);
  assert.equal(world.status().rollout?.state, "Running");
  assert.equal(world.status().rollout?.reasons.length, 2);
});

Deno.test("reconcileServer() holds a restart until the maintenance window opens", async () => {
  await using world = new World();
  const hour = new Date(world.clock.now() + 2 * 3_600_000).toISOString().slice(11, 16);
  const maintenance = { windows: [{ start: hour, duration: "1h" }] };
  await world.apply({ maintenance });
  await world.serve();
  const before = world.template();
  await world.apply({ maintenance, image: "dittofs:v2" });
  await world.clock.advance(60_000);
  assert.equal(world.status().rollout?.state, "Held");
  assert.equal(world.condition("Ready")?.reason, "RestartHeld");
  assert.equal(world.condition("ConfigReady")?.reason, "Waiting");
  assert.deepEqual(world.template(), before);
  await world.clock.advance(2 * 3_600_000);
  assert.notDeepEqual(world.template(), before);
});

Deno.test("reconcileServer() starts no server on another database than the one that is wanted (W01)", async () => {
  await using world = new World();
  await world.apply({ percona: { enabled: true } });
  assert.equal(world.statefulSet(), undefined);
  assert.equal(world.condition("DatabaseReady")?.reason, "PerconaNotSupported");
  assert.equal(world.condition("Ready")?.status, "False");
});

Deno.test("reconcileServer() goes on without the object that it may not touch, and names it (W27, W28, W31, W42)", async () => {
  await using world = new World();
  const foreign = path.core("services", "demo-adapter-nfs");
  const theirs = world.server.put(foreign, { metadata: { name: "demo-adapter-nfs" }, spec: {} });
  await world.apply({});
  assert.deepEqual(world.server.read(foreign), theirs);
  assert.ok(world.statefulSet());
  assert.ok(world.server.read(path.core("services", "demo-adapter-smb")));
  assert.equal(world.condition("NetworkReady")?.reason, "NotOurs");
  assert.match(world.condition("Ready")?.message ?? "", /demo-adapter-nfs/);
});

Deno.test("reconcileServer() of a paused server writes nothing but its status", async () => {
  await using world = new World();
  await world.apply({});
  await world.serve();
  const before = world.template();
  const paused = { "dittofs.dittofs.com/paused": "true" };
  await world.apply({ image: "dittofs:v2", replicas: 0 }, paused);
  await world.clock.advance(60_000);
  assert.deepEqual(world.template(), before);
  assert.equal(world.condition("Ready")?.reason, "Paused");
  await world.apply({ image: "dittofs:v2" });
  await world.clock.advance(2_000);
  assert.notDeepEqual(world.template(), before);
});

Deno.test("reconcileServer() of a paused server goes on to say of each aspect how it is", async () => {
  await using world = new World();
  const spec = { metrics: { enabled: true, podMonitor: { enabled: true } } };
  const aspects = () =>
    world.status().conditions?.filter(({ type }) => !["Ready", "Reconciling"].includes(type))
      .map(({ type, reason }) => `${type} ${reason}`);
  await world.apply(spec);
  await world.serve();
  const notServed = aspects();
  assert.ok(notServed?.includes("MonitoringReady NotServed"));
  assert.ok(notServed?.includes("StorageReady VolumePending"));
  await world.apply(spec, { "dittofs.dittofs.com/paused": "true" });
  assert.deepEqual(aspects(), notServed);
});

Deno.test("reconcileServer() deletes children that are no longer wanted, and no others", async () => {
  await using world = new World();
  await world.apply({ metrics: { enabled: true } });
  const metrics = path.core("services", "demo-metrics");
  assert.ok(world.server.read(metrics));
  await world.apply({ adapters: { smb: { enabled: false } } });
  assert.equal(world.server.read(metrics), undefined);
  assert.equal(world.server.read(path.core("services", "demo-adapter-smb")), undefined);
  assert.ok(world.server.read(path.core("services", "demo-adapter-nfs")));
});

Deno.test("reconcileServer() serves in spite of a monitor that is somebody else's", async () => {
  await using world = new World();
  const name = "servicemonitors.monitoring.coreos.com";
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  world.server.put(`${definitions}/${name}`, { metadata: { name } });
  const monitors = "/apis/monitoring.coreos.com/v1/namespaces/files/servicemonitors/demo-metrics";
  world.server.put(monitors, { metadata: { name: "demo-metrics" } });
  await world.apply({ metrics: { enabled: true, serviceMonitor: { enabled: true } } });
  await world.serve();
  assert.equal(world.condition("MonitoringReady")?.reason, "NotOurs");
  assert.equal(world.condition("Ready")?.status, "True");
});

Deno.test("reconcileServer() makes a ServiceMonitor as soon as the cluster has them (W54)", async () => {
  await using world = new World();
  await world.apply({ metrics: { enabled: true, serviceMonitor: { enabled: true } } });
  await world.serve();
  const monitors = "/apis/monitoring.coreos.com/v1/namespaces/files/servicemonitors/demo-metrics";
  assert.equal(world.condition("MonitoringReady")?.reason, "NotServed");
  assert.equal(world.condition("Ready")?.status, "True", "a server serves without being watched");
  assert.equal(world.server.read(monitors), undefined);
  const name = "servicemonitors.monitoring.coreos.com";
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  world.server.put(`${definitions}/${name}`, { metadata: { name } });
  await world.clock.advance(60_000);
  assert.ok(world.server.read(monitors));
  assert.equal(world.condition("MonitoringReady")?.status, "True");
});

Deno.test("reconcileServer() makes what a new pod needs before what clients need", async () => {
  await using world = new World();
  await world.apply({});
  const written = world.client.requests.filter(({ method }) => method !== "GET")
    .map(({ path }) => path.split("/").slice(-2).join("/"));
  const statefulSet = written.indexOf("statefulsets/demo");
  const services = written.filter((path) => path.startsWith("services/"));
  assert.equal(services.length, 4);
  assert.ok(services.every((path) => written.indexOf(path) > statefulSet));
  assert.ok(written.indexOf("networkpolicies/demo-baseline") < statefulSet);
});

Deno.test("reconcileServer() tells in no event that a new server waits for its pod", async () => {
  await using world = new World();
  await world.apply({});
  assert.equal(world.condition("Ready")?.reason, "WaitingForPod");
  const events = () => world.client.requests.filter(({ path }) => path.endsWith("/events"));
  assert.equal(events().length, 0);
  await world.serve();
  assert.equal(events().length, 1);
});
