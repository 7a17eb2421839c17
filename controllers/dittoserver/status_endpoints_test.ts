import assert from "node:assert/strict";
import type { LoadBalancerIngress, Service } from "../../api/kubernetes/types.ts";
import { testServer } from "./_fixture.ts";
import { allServices } from "./services.ts";
import { endpointsOf } from "./status_endpoints.ts";

type Spec = Parameters<typeof testServer>[0];

/** The endpoints once all Services are live, each with the same load balancer. */
function endpoints(spec: Spec, ingress?: readonly LoadBalancerIngress[]) {
  const server = testServer(spec);
  const live = new Map(
    allServices(server).map((service): [string, Service] => [
      service.metadata?.name ?? "",
      ingress ? { ...service, status: { loadBalancer: { ingress } } } : service,
    ]),
  );
  return endpointsOf(server, (name) => live.get(name));
}

Deno.test("endpointsOf() names the Services in the cluster while there is no load balancer", () => {
  const inCluster = {
    nfsEndpoint: "demo-adapter-nfs.files.svc:2049",
    smbEndpoint: "demo-adapter-smb.files.svc:445",
    apiEndpoint: "http://demo-api.files.svc:8080",
  };
  assert.deepEqual(endpoints({}), inCluster);
  const balanced = { type: "LoadBalancer" as const };
  assert.deepEqual(endpoints({ adapterServices: balanced, service: balanced }), inCluster);
  // As a Service may look that was one of a load balancer before.
  assert.deepEqual(endpoints({}, [{ ip: "192.0.2.7" }]), inCluster);
});

const balancers: [string, LoadBalancerIngress, string][] = [
  ["its address", { ip: "192.0.2.7" }, "192.0.2.7:2049"],
  ["its address of version 6", { ip: "2001:db8::7" }, "[2001:db8::7]:2049"],
  ["its name", { hostname: "files.example.com", ip: "192.0.2.7" }, "files.example.com:2049"],
];
for (const [what, ingress, endpoint] of balancers) {
  Deno.test(`endpointsOf() names the load balancer by ${what} (W30)`, () => {
    const spec: Spec = { adapterServices: { type: "LoadBalancer" } };
    const { nfsEndpoint, apiEndpoint } = endpoints(spec, [ingress]);
    assert.equal(nfsEndpoint, endpoint);
    assert.equal(apiEndpoint, "http://demo-api.files.svc:8080");
  });
}

Deno.test("endpointsOf() follows the ports of the live Services", () => {
  const { smbEndpoint } = endpoints({ adapters: { smb: { servicePort: 4445 } } });
  assert.equal(smbEndpoint, "demo-adapter-smb.files.svc:4445");
});

Deno.test("endpointsOf() speaks HTTPS with a certificate of the server or a mesh before it", () => {
  for (const controlPlane of [{ certSecretName: "tls" }, { tls: true }]) {
    assert.equal(endpoints({ controlPlane }).apiEndpoint, "https://demo-api.files.svc:8080");
  }
});

Deno.test("endpointsOf() has none for a protocol that is switched off or has no Service yet", () => {
  const adapters = { smb: { enabled: false } };
  assert.equal(endpoints({ adapters }).smbEndpoint, undefined);
  // A Service that is still there although its protocol is off.
  const [service] = allServices(testServer()).slice(-1);
  assert.deepEqual(endpointsOf(testServer({ adapters }), () => service), {});
  assert.deepEqual(endpointsOf(testServer(), () => undefined), {});
});
