// What a reconcile does about Secrets: those of the user that are missing, unreadable or wrong, and
// those that the operator has made.

import assert from "node:assert/strict";
import type { Secret } from "../../api/kubernetes/types.ts";
import { controllerOf, type KubernetesObject } from "../../kube/object.ts";
import { delay, failWith } from "../../kube/testing/faults.ts";
import type { SeenRequest } from "../../kube/testing/fault_client.ts";
import { failure } from "../../kube/testing/statuses.ts";
import { path, World } from "./_world.ts";
import { GO_FINALIZER } from "./take_over.ts";

const reads = (name: string) => ({ method, path: at }: SeenRequest) =>
  method === "GET" && at === path.core("secrets", name);
const always = { times: Infinity };

const jwt = (name: string) => ({ identity: { jwt: { secretRef: { name, key: "key" } } } });

Deno.test("reconcileServer() keeps the running pod while a Secret is missing (W14, W17)", async () => {
  await using world = new World();
  await world.secret("keys", { key: "x".repeat(40) });
  await world.apply(jwt("keys"));
  await world.serve();
  const before = world.template();
  world.server.remove(path.core("secrets", "keys"));
  await world.clock.advance(60_000);
  const missing = world.condition("ReferencesResolved");
  assert.equal(missing?.reason, "SecretNotFound");
  assert.match(missing?.message ?? "", /"keys".*spec\.identity\.jwt\.secretRef/);
  assert.deepEqual(world.template(), before);
  await world.secret("keys", { key: "x".repeat(40) });
  await world.clock.advance(60_000);
  assert.equal(world.condition("ReferencesResolved")?.status, "True");
  assert.deepEqual(world.template(), before, "the same content restarts nothing");
  await world.secret("keys", { key: "y".repeat(40) });
  await world.clock.advance(2_000);
  assert.notDeepEqual(world.template(), before, "another content does, though no spec changed");
});

Deno.test("reconcileServer() tells of a Secret that cannot be read, and goes on with the rest", async () => {
  await using world = new World();
  await world.secret("keys", { key: "x".repeat(40) });
  await world.apply(jwt("keys"));
  await world.serve();
  const before = world.template();
  const broken = failWith(failure(500, { message: "etcd is on fire" }));
  const fault = world.client.add({ when: reads("keys"), then: broken, ...always });
  await world.secret("keys", { key: "y".repeat(40) });
  await world.apply({ ...jwt("keys"), service: { type: "NodePort" } });
  await world.clock.advance(60_000);
  const condition = world.condition("ReferencesResolved");
  assert.equal(condition?.reason, "SecretUnreadable");
  assert.match(condition?.message ?? "", /"keys" cannot be read: etcd is on fire/);
  assert.equal(world.condition("Ready")?.reason, "SecretUnreadable");
  assert.equal(world.condition("Reconciling")?.status, "True");
  assert.deepEqual(world.template(), before);
  const service = world.server.read(path.core("services", "demo-api"));
  assert.equal((service?.spec as { type?: string }).type, "NodePort");
  fault[Symbol.dispose]();
  await world.clock.advance(3_600_000);
  assert.equal(world.condition("ReferencesResolved")?.status, "True");
  assert.notDeepEqual(world.template(), before, "it is tried again by itself");
});

Deno.test("reconcileServer() says that somebody has to act when a Secret is forbidden to it", async () => {
  await using world = new World();
  await world.secret("keys", { key: "x".repeat(40) });
  const forbidden = failWith(failure(403, { reason: "Forbidden" }));
  world.client.add({ when: reads("keys"), then: forbidden, ...always });
  await world.apply(jwt("keys"));
  assert.equal(world.condition("Stalled")?.reason, "SecretUnreadable");
  assert.equal(world.statefulSet(), undefined);
});

Deno.test("reconcileServer() begins anew only when every step of the pass before has ended", async () => {
  await using world = new World();
  await world.secret("keys", { key: "x".repeat(40) });
  const isPolicy = ({ path: at, method }: SeenRequest) =>
    method === "PATCH" && at.endsWith("/networkpolicies/demo-baseline");
  const outdated = failWith(failure(409, { reason: "Conflict" }));
  world.client.add({ when: isPolicy, then: delay(world.clock, 5_000) });
  world.client.add({ when: reads("keys"), then: outdated, ...always });
  await world.apply(jwt("keys"));
  await world.clock.advance(4_000);
  assert.equal(world.client.requests.filter(reads("keys")).length, 1);
  await world.clock.advance(4_000);
  assert.ok(world.client.requests.filter(reads("keys")).length > 1);
});

Deno.test("reconcileServer() leaves a monitor as it is while nobody can say how to verify it", async () => {
  await using world = new World();
  const definition = "customresourcedefinitions/podmonitors.monitoring.coreos.com";
  const metadata = { name: "podmonitors.monitoring.coreos.com" };
  world.server.put(`/apis/apiextensions.k8s.io/v1/${definition}`, { metadata });
  await world.secret("tls", { "tls.crt": "a", "tls.key": "b", "ca.crt": "c" });
  const tls = { certSecretName: "tls" };
  await world.apply({ metrics: { enabled: true, tls, podMonitor: { enabled: true } } });
  const at = "/apis/monitoring.coreos.com/v1/namespaces/files/podmonitors/demo-metrics";
  const before = world.server.read(at);
  assert.ok(before);
  const broken = failWith(failure(500, { message: "etcd is on fire" }));
  world.client.add({ when: reads("tls"), then: broken, ...always });
  await world.secret("tls", { "tls.crt": "a", "tls.key": "b" });
  assert.deepEqual(world.server.read(at), before);
  assert.equal(world.condition("MonitoringReady")?.reason, "SecretUnreadable");
});

Deno.test("reconcileServer() takes over all but the password that it cannot look for", async () => {
  await using world = new World();
  const broken = failWith(failure(500, { message: "etcd is on fire" }));
  world.client.add({ when: reads("demo-admin-credentials"), then: broken, ...always });
  await world.apply({}, {}, [GO_FINALIZER]);
  assert.match(world.condition("ConfigReady")?.message ?? "", /etcd is on fire/);
  assert.ok(world.server.read(path.core("services", "demo-api")));
  assert.equal(
    world.server.read(path.core("secrets", "demo-admin-bootstrap-credentials")),
    undefined,
  );
});

for (const paused of ["false", "true"]) {
  Deno.test(`reconcileServer() never says to delete somebody else's Secret, also if paused is ${paused}`, async () => {
    await using world = new World();
    await world.secret("demo-jwt-secret", { theirs: "x" });
    await world.apply({}, { "dittofs.dittofs.com/paused": paused });
    assert.equal(world.condition("ConfigReady")?.reason, "NotOurs");
    assert.doesNotMatch(world.condition("ReferencesResolved")?.message ?? "", /demo-jwt-secret/);
    assert.equal(world.statefulSet(), undefined);
  });
}

Deno.test("reconcileServer() of a paused server looks at the Secrets that the Go operator made", async () => {
  await using world = new World();
  const paused = { "dittofs.dittofs.com/paused": "true" };
  await world.apply({}, paused, [GO_FINALIZER]);
  assert.equal(world.condition("ReferencesResolved")?.reason, "SecretNotFound");
  const uid = world.server.read(path.server)?.metadata.uid;
  const ownerReferences = [{ kind: "DittoServer", name: "demo", uid, controller: true }];
  const left = { "jwt-secret": "x".repeat(40), password: "y".repeat(20) };
  for (const name of ["demo-jwt-secret", "demo-admin-bootstrap-credentials"]) {
    await world.secret(name, left);
    world.server.put(path.core("secrets", name), { metadata: { name, ownerReferences } });
  }
  await world.apply({}, paused, [GO_FINALIZER]);
  assert.equal(world.condition("ReferencesResolved")?.reason, "Resolved");
});

Deno.test("reconcileServer() makes no pod with a key that the server would refuse (W60)", async () => {
  await using world = new World();
  await world.secret("keys", { key: "short" });
  await world.apply(jwt("keys"));
  assert.equal(world.statefulSet(), undefined);
  assert.equal(world.condition("ReferencesResolved")?.reason, "SecretInvalid");
  assert.equal(world.condition("Stalled")?.status, "True");
  assert.equal(world.status().phase, "Failed");
});

Deno.test("reconcileServer() puts an edit of the Secret back that it has made from a connection string", async () => {
  await using world = new World();
  await world.secret("pg", { dsn: "postgres://me:pw@db/files" });
  const database = { postgresSecretRef: { name: "pg", key: "dsn" } };
  await world.apply({ database });
  await world.serve();
  const at = path.core("secrets", "demo-database-credentials");
  const dataNow = () => (world.server.read(at) as Secret | undefined)?.data;
  const data = dataNow();
  const { length } = world.client.requests;
  await world.clock.advance(24 * 3_600_000);
  assert.equal(world.client.requests.slice(length).filter(reads("pg")).length, 0);
  for (
    const edited of [{ host: btoa("evil") }, { ...data, sslmode: btoa("require") }, {}]
  ) {
    world.server.put(at, { data: edited });
    await world.settle();
    assert.deepEqual(dataNow(), data);
  }
  // Also while something else keeps the pod as it is, but not what the pod has not read.
  await world.apply({ database, ...jwt("missing") });
  await world.secret("pg", { dsn: "postgres://me:pw@other/files" });
  assert.deepEqual(dataNow(), data);
  await world.secret("pg", { dsn: "postgres://me:pw@db/files" });
  world.server.put(at, { data: {} });
  await world.settle();
  assert.deepEqual(dataNow(), data);
});

Deno.test("reconcileServer() keeps the Secret of its account on the server as long as the volumes", async () => {
  await using world = new World();
  await world.apply({});
  await world.serve();
  const at = path.core("secrets", "demo-operator-credentials");
  const owner = () => controllerOf((world.server.read(at) ?? {}) as KubernetesObject)?.name;
  assert.equal(owner(), undefined);
  const storage = { metadataSize: "1Gi" };
  await world.apply({ storage: { ...storage, retention: "Delete" } });
  assert.equal(owner(), "demo");
  await world.apply({ storage: { ...storage, retention: "Retain" } });
  assert.equal(owner(), undefined);
});
