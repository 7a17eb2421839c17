// Services as the Go operator leaves them, in the world of a whole controller.

import assert from "node:assert/strict";
import type { Service } from "../../api/kubernetes/types.ts";
import { failWith } from "../../kube/testing/faults.ts";
import { failure } from "../../kube/testing/statuses.ts";
import { KEPT_ADDRESS_ANNOTATION } from "./kept_address.ts";
import type { Protocol } from "./names.ts";
import { GO_FINALIZER } from "./take_over.ts";
import { path, World } from "./_world.ts";

const pathOf = (protocol: Protocol) => path.core("services", `demo-adapter-${protocol}`);
const both = ["nfs", "smb"] as const;

class TakenWorld extends World {
  /** The resource and its Services, as the Go operator leaves them. */
  async leave(type: string, spec: Parameters<World["apply"]>[0] = {}) {
    const applied = this.apply(spec, {}, [GO_FINALIZER]);
    const uid = this.server.read(path.server)?.metadata.uid;
    const ownerReferences = [{ kind: "DittoServer", name: "demo", uid, controller: true }];
    for (const protocol of both) {
      this.server.put(pathOf(protocol), { metadata: { ownerReferences }, spec: { type } });
    }
    await applied;
  }

  service(protocol: Protocol) {
    return this.server.read(pathOf(protocol)) as Service | undefined;
  }

  /** Type and ports of a Service, and whether it says that it is kept. */
  shown(protocol: Protocol) {
    const { metadata, spec } = this.service(protocol) ?? {};
    const kept = metadata?.annotations?.[KEPT_ADDRESS_ANNOTATION] !== undefined;
    const ports = spec?.ports?.map(({ port, targetPort }) => `${port}→${targetPort}`);
    return [spec?.type, ports?.join(), ...(kept ? ["kept"] : [])].join(" ");
  }
}

Deno.test("keptAddresses() leaves the load balancers of the Go operator, with their ports, and says so", async () => {
  await using world = new TakenWorld();
  await world.leave("LoadBalancer");
  assert.equal(world.shown("nfs"), "LoadBalancer 2049→12049,12049→12049 kept");
  assert.equal(world.shown("smb"), "LoadBalancer 445→1445,1445→1445 kept");
  const { status, reason, message = "" } = world.condition("NetworkReady") ?? {};
  assert.deepEqual([status, reason], ["True", "AddressKept"]);
  assert.match(message, /"demo-adapter-nfs" \(with port 12049\), "demo-adapter-smb"/);
  await world.serve();
  assert.equal(world.condition("Ready")?.status, "True");
});

Deno.test("keptAddresses() goes on when the finalizer of the Go operator is gone, whatever else changes", async () => {
  await using world = new TakenWorld();
  await world.leave("LoadBalancer");
  assert.deepEqual(world.server.read(path.server)?.metadata.finalizers, []);
  await world.apply({ adapterServices: { annotations: { pool: "a" } } });
  assert.equal(world.service("nfs")?.metadata?.annotations?.pool, "a");
  for (const protocol of both) assert.match(world.shown(protocol), /^LoadBalancer .* kept$/);
  await world.apply({}, { "dittofs.dittofs.com/paused": "true" });
  assert.equal(world.condition("NetworkReady")?.reason, "AddressKept");
});

Deno.test("keptAddresses() finds a Service that has lost the label by which it is watched", async () => {
  await using world = new TakenWorld();
  await world.leave("LoadBalancer");
  const { metadata } = world.service("nfs") ?? {};
  // The watch tells that it is gone, for it no longer selects it.
  const content = { ...world.service("nfs"), metadata: { ...metadata, labels: {} } };
  world.server.remove(pathOf("nfs"));
  world.server.put(pathOf("nfs"), content);
  await world.settle();
  assert.match(world.shown("nfs"), /^LoadBalancer .* kept$/);
});

Deno.test("keptAddresses() is over when the spec says another type, also for what comes later", async () => {
  await using world = new TakenWorld();
  await world.leave("LoadBalancer");
  await world.apply({ adapterServices: { type: "LoadBalancer" } });
  assert.equal(world.shown("nfs"), "LoadBalancer 2049→12049");
  await world.apply({});
  assert.equal(world.shown("nfs"), "ClusterIP 2049→12049");
  assert.equal(world.condition("NetworkReady")?.reason, "Applied");
});

Deno.test("keptAddresses() is over for a Service whose annotation somebody removes", async () => {
  await using world = new TakenWorld();
  await world.leave("LoadBalancer");
  const { metadata } = world.service("nfs") ?? {};
  const { [KEPT_ADDRESS_ANNOTATION]: _, ...annotations } = metadata?.annotations ?? {};
  world.server.put(pathOf("nfs"), { metadata: { ...metadata, annotations } });
  await world.settle();
  assert.equal(world.shown("nfs"), "ClusterIP 2049→12049");
  assert.match(world.shown("smb"), /^LoadBalancer .* kept$/);
  assert.doesNotMatch(world.condition("NetworkReady")?.message ?? "", /nfs/);
});

Deno.test("keptAddresses() are none where the Go operator had made none, or the spec asks for them", async () => {
  for (
    const [type, spec, wanted] of [
      ["ClusterIP", {}, "ClusterIP"],
      ["LoadBalancer", { adapterServices: { type: "LoadBalancer" } }, "LoadBalancer"],
      ["LoadBalancer", { adapterServices: { type: "NodePort" } }, "NodePort"],
    ] as const
  ) {
    await using world = new TakenWorld();
    await world.leave(type, spec);
    assert.equal(world.shown("nfs"), `${wanted} 2049→12049`);
  }
});

Deno.test("keptAddresses() never makes a load balancer of what is none", async () => {
  await using world = new TakenWorld();
  await world.apply({});
  const { metadata } = world.service("nfs") ?? {};
  const annotations = { ...metadata?.annotations, [KEPT_ADDRESS_ANNOTATION]: "true" };
  world.server.put(pathOf("nfs"), { metadata: { ...metadata, annotations } });
  await world.settle();
  assert.match(world.shown("nfs"), /^ClusterIP 2049→12049/);
});

Deno.test("keptAddresses() that cannot be found out give none up, and hold up nothing else", async () => {
  await using world = new TakenWorld();
  const broken = failWith(failure(500));
  const fault = world.client.add({
    when: ({ method, path: at }) => method === "GET" && at === pathOf("smb"),
    then: broken,
    times: Infinity,
  });
  await world.leave("LoadBalancer");
  assert.equal(world.service("nfs")?.spec?.type, "LoadBalancer");
  assert.equal(world.condition("NetworkReady")?.status, "False");
  assert.ok(world.statefulSet());
  assert.deepEqual(world.server.read(path.server)?.metadata.finalizers, [GO_FINALIZER]);
  fault[Symbol.dispose]();
  await world.clock.advance(600_000);
  assert.match(world.shown("smb"), /^LoadBalancer .* kept$/);
});
