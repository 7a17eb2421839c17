import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { podTemplate } from "./pod.ts";

const facts = { configHash: "0123", claims: ["metadata", "content", "controlplane"] };
const podOf = (spec: Parameters<typeof testServer>[0], more = {}) => {
  const { spec: pod, metadata } = podTemplate(testServer(spec), { ...facts, ...more });
  const [container] = pod?.containers ?? [];
  assert.ok(pod && metadata && container);
  return { pod, metadata, container };
};

Deno.test("podTemplate() says where the pod runs, as spec.pod does (W33)", () => {
  const { pod } = podOf(everything);
  const { labels: _l, annotations: _a, ...placement } = everything.pod;
  for (const [field, value] of Object.entries(placement)) {
    assert.deepEqual(Object.entries(pod).find(([name]) => name === field)?.[1], value, field);
  }
  assert.deepEqual(pod.imagePullSecrets, [{ name: "registry" }]);
});

Deno.test("podTemplate() has nothing of a placement that is not asked for", () => {
  const empty = podOf({
    pod: { tolerations: [], topologySpreadConstraints: [], nodeSelector: {} },
  });
  assert.deepEqual(empty.pod, podOf({}).pod);
  assert.deepEqual(Object.keys(empty.pod).sort(), [
    "automountServiceAccountToken",
    "containers",
    "enableServiceLinks",
    "securityContext",
    "terminationGracePeriodSeconds",
    "volumes",
  ]);
});

Deno.test("podTemplate() adds the user's labels and annotations and keeps ours", () => {
  const { metadata } = podOf({
    pod: {
      labels: { team: "storage", app: "mine" },
      annotations: { "example.com/scrape": "no", "dittofs.io/config-hash": "mine" },
    },
  });
  assert.deepEqual(metadata.labels, { team: "storage", app: "dittofs-server", instance: "demo" });
  assert.deepEqual(metadata.annotations, {
    "example.com/scrape": "no",
    "dittofs.io/config-hash": "0123",
  });
});

Deno.test("podTemplate() keeps Services out of the environment, where the server would read them", () => {
  assert.equal(podOf({}).pod.enableServiceLinks, false);
});

Deno.test("podTemplate() runs the image as it is asked to (W33)", () => {
  const { container } = podOf(everything);
  assert.equal(container.image, "registry.example.com/dittofs:v1");
  assert.equal(container.imagePullPolicy, "Always");
  assert.equal(podOf({}).container.imagePullPolicy, undefined);
});

Deno.test("podTemplate() writes amounts as the API server does, or each pass would see a difference", () => {
  assert.deepEqual(podOf(everything).container.resources, {
    requests: { cpu: "500m", memory: "1Gi" },
    limits: { memory: "2Gi" },
  });
  // What is none is the API server's to refuse.
  const wrong = { limits: { memory: "much" } };
  assert.deepEqual(podOf({ resources: wrong }).container.resources, wrong);
});

Deno.test("podTemplate() has the ports of the configuration and none of the protocols", () => {
  const ports = (spec: Parameters<typeof testServer>[0]) =>
    podOf(spec).container.ports?.map(({ name, containerPort }) => `${name} ${containerPort}`);
  assert.deepEqual(ports({}), ["api 8080"]);
  assert.deepEqual(ports(everything), ["api 8443", "metrics 9191"]);
});

Deno.test("podTemplate() does not change with what only Services, policies and monitors say", () => {
  const { adapterServices, service, networkPolicy } = everything;
  // A certificate is a file of the pod.
  const { tls: _mounted, ...nfs } = everything.adapters.nfs;
  const adapters = { ...everything.adapters, nfs };
  const { serviceMonitor } = everything.metrics;
  const metrics = { enabled: true };
  assert.deepEqual(
    podOf({
      adapters,
      adapterServices,
      service,
      networkPolicy,
      metrics: { ...metrics, serviceMonitor },
    }),
    podOf({ metrics }),
  );
});

Deno.test("podTemplate() pauses before the stop without a shell, and tells the last words", () => {
  const { container } = podOf({});
  assert.deepEqual(container.lifecycle, { preStop: { sleep: { seconds: 5 } } });
  assert.equal(container.terminationMessagePolicy, "FallbackToLogsOnError");
});

Deno.test("podTemplate() reaches PostgreSQL through the Secret that it is told", () => {
  const env = podOf(everything, { databaseSecret: "derived" }).container.env ?? [];
  const host = env.find(({ name }) => name === "DITTOFS_DATABASE_POSTGRES_HOST");
  assert.deepEqual(host?.valueFrom?.secretKeyRef, { name: "derived", key: "host" });
  const port = env.find(({ name }) => name === "DITTOFS_DATABASE_POSTGRES_PORT");
  assert.deepEqual(port?.valueFrom?.secretKeyRef, { name: "derived", key: "port", optional: true });
});
