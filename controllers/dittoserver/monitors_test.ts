import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { podMonitor, serviceMonitor } from "./monitors.ts";
import { podTemplate } from "./pod.ts";
import { metricsService } from "./services.ts";

const facts = { metricsCa: true };
const enabled = { enabled: true, serviceMonitor: { enabled: true } };

Deno.test("serviceMonitor() of plain metrics says no more than where they are", () => {
  const { spec } = serviceMonitor(testServer({ metrics: enabled }), facts) ?? {};
  assert.deepEqual(spec?.endpoints, [{ port: "metrics", path: "/metrics" }]);
  assert.deepEqual(spec?.namespaceSelector, { matchNames: ["files"] });
});

Deno.test("serviceMonitor() selects the metrics Service by labels that it has", () => {
  const server = testServer({ metrics: enabled });
  const { selector } = serviceMonitor(server, facts)?.spec ?? {};
  const labels: Record<string, string> = metricsService(server).metadata?.labels ?? {};
  const wanted = Object.entries(selector?.matchLabels ?? {});
  assert.equal(wanted.length, 3);
  for (const [label, value] of wanted) assert.equal(labels[label], value);
});

Deno.test("serviceMonitor() tells of interval, token, certificates and the Service's name", () => {
  const monitor = serviceMonitor(testServer(everything), facts);
  assert.deepEqual(monitor?.spec?.endpoints, [{
    port: "metrics",
    path: "/prometheus",
    interval: "15s",
    scheme: "https",
    authorization: { type: "Bearer", credentials: { name: "metrics-token", key: "value" } },
    tlsConfig: {
      serverName: "demo-metrics.files.svc",
      ca: { secret: { name: "metrics-tls", key: "ca.crt" } },
      cert: { secret: { name: "prometheus-client", key: "tls.crt" } },
      keySecret: { name: "prometheus-client", key: "tls.key" },
    },
  }]);
  assert.equal(monitor?.metadata?.labels?.release, "prometheus");
  assert.equal(monitor?.metadata?.labels?.["app.kubernetes.io/managed-by"], "dittofs-operator");
});

Deno.test("serviceMonitor() gives way to labels of the user, but for the one it is found by", () => {
  const labels = { app: "prometheus", "app.kubernetes.io/managed-by": "me" };
  const server = testServer({
    metrics: { enabled: true, serviceMonitor: { enabled: true, labels } },
  });
  const made = serviceMonitor(server, facts)?.metadata?.labels;
  assert.equal(made?.app, "prometheus");
  assert.equal(made?.["app.kubernetes.io/managed-by"], "dittofs-operator");
});

Deno.test("serviceMonitor() names no ca.crt that the Secret does not have", () => {
  const { spec } = serviceMonitor(testServer(everything), { metricsCa: false }) ?? {};
  assert.equal(spec?.endpoints[0]?.tlsConfig?.ca, undefined);
});

Deno.test("podMonitor() selects the pod and its port", () => {
  const server = testServer({ metrics: { enabled: true, podMonitor: { enabled: true } } });
  const { spec } = podMonitor(server, facts) ?? {};
  const { metadata, spec: pod } = podTemplate(server, { configHash: "", claims: [] });
  assert.deepEqual(spec?.selector.matchLabels, metadata?.labels);
  const ports = pod?.containers[0]?.ports?.map(({ name }) => name);
  assert.ok(ports?.includes(spec?.podMetricsEndpoints[0]?.port));
});

const off: Record<string, Parameters<typeof testServer>[0]> = {
  "nothing is said": {},
  "metrics are off": { metrics: { enabled: false, serviceMonitor: { enabled: true } } },
  "monitors are off": { metrics: { enabled: true, podMonitor: { enabled: false } } },
};
for (const [when, spec] of Object.entries(off)) {
  Deno.test(`serviceMonitor() and podMonitor() are none when ${when}`, () => {
    assert.equal(serviceMonitor(testServer(spec), facts), undefined);
    assert.equal(podMonitor(testServer(spec), facts), undefined);
  });
}
