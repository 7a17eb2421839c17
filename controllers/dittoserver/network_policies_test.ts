import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { networkPolicies } from "./network_policies.ts";
import { allServices } from "./services.ts";

type Spec = Parameters<typeof testServer>[0];

function rulesOf(spec: Spec, operator: string | undefined = "dittofs-system") {
  const [policy] = networkPolicies(testServer(spec), operator);
  return (policy?.spec?.ingress ?? []).map(({ ports, from }) => ({
    ports: ports?.map(({ protocol, port }) => `${protocol} ${port}`),
    from,
  }));
}

Deno.test("networkPolicies() of a minimal server open what it serves to everybody", () => {
  const policies = networkPolicies(testServer(), "dittofs-system");
  assert.deepEqual(policies.map(({ metadata }) => metadata?.name), ["demo-baseline"]);
  const [policy] = policies;
  assert.deepEqual(policy?.spec?.policyTypes, ["Ingress"]);
  assert.deepEqual(policy?.spec?.podSelector, {
    matchLabels: { app: "dittofs-server", instance: "demo" },
  });
  assert.equal(policy?.metadata?.labels?.["app.kubernetes.io/managed-by"], "dittofs-operator");
  assert.equal(policy?.metadata?.labels?.["dittofs.io/baseline-networkpolicy"], "true");
  assert.deepEqual(rulesOf({}), [
    { ports: ["TCP 8080"], from: undefined },
    { ports: ["TCP 12049", "TCP 1445"], from: undefined },
  ]);
});

Deno.test("networkPolicies() are none when they are switched off", () => {
  assert.deepEqual(networkPolicies(testServer({ networkPolicy: { enabled: false } }), "x"), []);
});

Deno.test("networkPolicies() always let the operator's namespace reach API and files, and no metrics", () => {
  const operator = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "dittofs-system" } },
  };
  const { apiFrom, metricsFrom, from } = everything.networkPolicy;
  const [api, metrics, files] = rulesOf(everything);
  assert.deepEqual(api, { ports: ["TCP 8443"], from: [...apiFrom, operator] });
  assert.deepEqual(metrics, { ports: ["TCP 9191"], from: metricsFrom });
  assert.deepEqual(files?.from, [...from, operator]);
  const alone = rulesOf({ networkPolicy: { from: [], apiFrom: [], metricsFrom: [] } });
  assert.deepEqual(alone, [
    { ports: ["TCP 8080"], from: [operator] },
    { ports: ["TCP 12049", "TCP 1445"], from: [operator] },
  ]);
});

Deno.test("networkPolicies() let nobody in where the list of peers is empty (W22)", () => {
  // To Kubernetes an empty list means everybody.
  const closed = { networkPolicy: { from: [], apiFrom: [] } };
  const [policy] = networkPolicies(testServer(closed), undefined);
  assert.ok(policy?.spec);
  assert.equal(policy.spec.ingress, undefined);
});

Deno.test("networkPolicies() open no port of a protocol that is not served", () => {
  const off = { adapters: { nfs: { enabled: false }, smb: { enabled: false } } };
  assert.deepEqual(rulesOf(off).map(({ ports }) => ports), [["TCP 8080"]]);
});

Deno.test("networkPolicies() open each port of the pod that a Service leads to, once (W23)", () => {
  for (const spec of [{}, everything]) {
    const shown = allServices(testServer(spec))
      .filter(({ metadata }) => metadata?.name?.includes("-adapter-"))
      .flatMap(({ spec }) => spec?.ports ?? [])
      .map(({ protocol, targetPort }) => `${protocol} ${targetPort}`);
    assert.deepEqual(rulesOf(spec).at(-1)?.ports, [...new Set(shown)]);
  }
});
