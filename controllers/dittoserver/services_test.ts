import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { allServices } from "./services.ts";

const servicesOf = (spec: Parameters<typeof testServer>[0]) =>
  Object.fromEntries(
    allServices(testServer(spec)).map((service) => [service.metadata?.name ?? "", service]),
  );

Deno.test("allServices() of a minimal server are closed to the world outside of the cluster (W22, W23, W24)", () => {
  const services = servicesOf({});
  assert.deepEqual(Object.keys(services), [
    "demo-headless",
    "demo-api",
    "demo-adapter-nfs",
    "demo-adapter-smb",
  ]);
  for (const { spec, metadata } of Object.values(services)) {
    assert.equal(spec?.type, "ClusterIP");
    assert.deepEqual(spec.selector, { app: "dittofs-server", instance: "demo" });
    assert.equal(metadata?.labels?.["app.kubernetes.io/managed-by"], "dittofs-operator");
    assert.equal(metadata?.annotations, undefined);
  }
});

Deno.test("allServices() do not change while the server sleeps or is stopped (W12)", () => {
  const awake = servicesOf(everything);
  assert.deepEqual(servicesOf({ ...everything, hibernate: true }), awake);
  assert.deepEqual(servicesOf({ ...everything, replicas: 0 }), awake);
});

Deno.test("allServices() have none for metrics and protocols that are switched off (W06, W12)", () => {
  const off = { enabled: false };
  assert.deepEqual(Object.keys(servicesOf({ adapters: { nfs: off, smb: off } })), [
    "demo-headless",
    "demo-api",
  ]);
});

Deno.test("headlessService() has no address of its own, whatever the others have", () => {
  const { spec } = servicesOf(everything)["demo-headless"] ?? {};
  assert.equal(spec?.clusterIP, "None");
  assert.equal(spec?.type, "ClusterIP");
});

Deno.test("apiService() is exposed as spec.service says", () => {
  const { spec, metadata } = servicesOf(everything)["demo-api"] ?? {};
  assert.deepEqual(spec, {
    type: "NodePort",
    externalTrafficPolicy: "Cluster",
    selector: { app: "dittofs-server", instance: "demo" },
    ports: [{ name: "api", port: 8443, targetPort: "api", protocol: "TCP" }],
  });
  assert.equal(metadata?.labels?.team, "api");
  assert.deepEqual(metadata?.annotations, { "example.com/pool": "api" });
});

Deno.test("adapterService() is exposed as spec.adapterServices says (W25)", () => {
  const { spec, metadata } = servicesOf(everything)["demo-adapter-smb"] ?? {};
  assert.deepEqual(spec, {
    type: "LoadBalancer",
    loadBalancerClass: "example.com/files",
    loadBalancerSourceRanges: ["10.0.0.0/8"],
    externalTrafficPolicy: "Local",
    internalTrafficPolicy: "Local",
    selector: { app: "dittofs-server", instance: "demo" },
    ports: [{ name: "adapter-smb", port: 4445, targetPort: 21445, protocol: "TCP" }],
  });
  assert.deepEqual(metadata?.annotations, { "example.com/pool": "files" });
  const { team, ...labels } = metadata?.labels ?? {};
  assert.equal(team, "storage");
  assert.equal(labels["dittofs.io/adapter-service"], "true");
  assert.equal(labels["dittofs.io/adapter-type"], "smb");
});

Deno.test("metricsService() tells a Prometheus that goes by annotations where to scrape", () => {
  const { spec, metadata } = servicesOf({ metrics: { enabled: true } })["demo-metrics"] ?? {};
  assert.deepEqual(spec?.ports, [
    { name: "metrics", port: 9090, targetPort: "metrics", protocol: "TCP" },
  ]);
  assert.equal(metadata?.labels?.["dittofs.io/metrics-service"], "true");
  const annotations = {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "9090",
    "prometheus.io/path": "/metrics",
  };
  assert.deepEqual(metadata?.annotations, annotations);
  assert.deepEqual(servicesOf(everything)["demo-metrics"]?.metadata?.annotations, {
    ...annotations,
    "prometheus.io/port": "9191",
    "prometheus.io/path": "/prometheus",
    "prometheus.io/scheme": "https",
  });
});

Deno.test("allServices() never lose their own labels to the user's", () => {
  const labels = { "dittofs.io/adapter-type": "mine", app: "mine" };
  const { metadata } = servicesOf({ adapterServices: { labels } })["demo-adapter-nfs"] ?? {};
  assert.equal(metadata?.labels?.["dittofs.io/adapter-type"], "nfs");
  assert.equal(metadata?.labels?.app, "dittofs-server");
});
