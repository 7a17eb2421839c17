import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { allNetworkPolicies } from "./network_policies.ts";
import { allServices } from "./services.ts";

type Spec = Parameters<typeof testServer>[0];

const policiesOf = (spec: Spec, operator: string | undefined = "dittofs-system") =>
  Object.fromEntries(
    allNetworkPolicies(testServer(spec), operator)
      .map((policy) => [policy.metadata?.name ?? "", policy]),
  );
const portsOf = (policy: ReturnType<typeof policiesOf>[string] | undefined) =>
  policy?.spec?.ingress?.flatMap(({ ports }) => ports ?? [])
    .map(({ protocol, port }) => `${protocol} ${port}`);

Deno.test("allNetworkPolicies() of a minimal server open what it serves to everybody", () => {
  const policies = policiesOf({});
  assert.deepEqual(
    Object.entries(policies).map(([name, policy]) => [name, portsOf(policy)]),
    [
      ["demo-baseline", ["TCP 8080"]],
      ["demo-adapter-nfs", ["TCP 12049"]],
      ["demo-adapter-smb", ["TCP 1445"]],
    ],
  );
  for (const { spec, metadata } of Object.values(policies)) {
    assert.deepEqual(spec?.policyTypes, ["Ingress"]);
    assert.deepEqual(spec?.podSelector, {
      matchLabels: { app: "dittofs-server", instance: "demo" },
    });
    assert.equal(metadata?.labels?.["app.kubernetes.io/managed-by"], "dittofs-operator");
    assert.ok(spec?.ingress?.every(({ from }) => from === undefined));
  }
});

Deno.test("allNetworkPolicies() are none when they are switched off", () => {
  assert.deepEqual(policiesOf({ networkPolicy: { enabled: false } }), {});
});

Deno.test("baselinePolicy() always lets the operator's namespace reach the API, and no metrics", () => {
  const operator = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "dittofs-system" } },
  };
  const { apiFrom, metricsFrom } = everything.networkPolicy;
  assert.deepEqual(policiesOf(everything)["demo-baseline"]?.spec?.ingress, [
    { ports: [{ protocol: "TCP", port: 8443 }], from: [...apiFrom, operator] },
    { ports: [{ protocol: "TCP", port: 9191 }], from: metricsFrom },
  ]);
  const alone = policiesOf({ networkPolicy: { apiFrom: [] } })["demo-baseline"];
  assert.deepEqual(alone?.spec?.ingress?.map(({ from }) => from), [[operator]]);
});

Deno.test("allNetworkPolicies() let nobody in where the list of peers is empty", () => {
  // To Kubernetes an empty list means everybody.
  const closed = policiesOf({ networkPolicy: { from: [], apiFrom: [] } });
  assert.equal(closed["demo-adapter-nfs"]?.spec?.ingress, undefined);
  const outside = allNetworkPolicies(testServer({ networkPolicy: { apiFrom: [] } }), undefined);
  assert.equal(outside[0]?.spec?.ingress, undefined);
});

Deno.test("adapterPolicy() opens each port of the pod that the Service leads to, once", () => {
  for (const spec of [{}, everything]) {
    const policies = policiesOf(spec);
    for (const service of allServices(testServer(spec))) {
      const name = service.metadata?.name ?? "";
      if (!name.includes("-adapter-")) continue;
      const shown = service.spec?.ports?.map(({ protocol, targetPort }) =>
        `${protocol} ${targetPort}`
      );
      assert.deepEqual(portsOf(policies[name]), [...new Set(shown)]);
    }
  }
  assert.deepEqual(portsOf(policiesOf(everything)["demo-adapter-nfs"]), [
    "TCP 22049",
    "UDP 22049",
    "TCP 20111",
    "UDP 20111",
  ]);
});

Deno.test("adapterPolicy() lets in whom spec.networkPolicy.from names, under the Go operator's labels", () => {
  const { spec, metadata } = policiesOf(everything)["demo-adapter-smb"] ?? {};
  assert.deepEqual(spec?.ingress?.map(({ from }) => from), [everything.networkPolicy.from]);
  assert.equal(metadata?.labels?.["dittofs.io/adapter-networkpolicy"], "true");
  assert.equal(metadata?.labels?.["dittofs.io/adapter-type"], "smb");
  const baseline = policiesOf(everything)["demo-baseline"];
  assert.equal(baseline?.metadata?.labels?.["dittofs.io/baseline-networkpolicy"], "true");
});
