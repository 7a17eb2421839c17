// A kind that comes and goes while the program runs, at a real API server.

import assert from "node:assert/strict";
import { Api } from "../../kube/api.ts";
import { Cache } from "../../kube/cache.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { connect } from "../../kube/connect.ts";
import { jsonLogger } from "../../kube/log.ts";
import type { KubernetesObject } from "../../kube/object.ts";
import { Program } from "../../kube/program.ts";
import { resource } from "../../kube/resource.ts";
import { ServedKinds } from "../../kube/served.ts";
import { Transport } from "../../kube/transport.ts";
import { until } from "../harness/poll.ts";
import { describe } from "../harness/audit.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

const agent = "optional-kind-test/1";
const extras = resource<KubernetesObject>({
  ...{ group: "test.example", version: "v1", kind: "Extra", plural: "extras", namespaced: true },
});
const name = "extras.test.example";
const schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name },
  spec: {
    group: extras.group,
    names: { kind: extras.kind, plural: extras.plural, singular: "extra" },
    scope: "Namespaced",
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
};

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

Deno.test("Program watches a kind from when it is installed until it is removed (W54)", async () => {
  using transport = new Transport(
    await connect({ kubeconfig: ground.plane.kubeconfig() }, clock),
    agent,
  );
  const api = new Api(transport, clock);
  const kinds = new ServedKinds(clock);
  const { resource: definitions } = kinds.definitions;
  const cache = new Cache<KubernetesObject>();
  const lines: string[] = [];
  const stop = new AbortController();
  const program = new Program({
    ...{ api, clock, random: Math.random, log: jsonLogger((line) => lines.push(line)) },
    watched: [{ tracked: { resource: extras, cache, use: "apply" }, whileServed: kinds }],
    controllers: [],
  });
  const running = program.run(stop.signal);
  const within = { within: 30_000 };
  for (const round of ["first", "second"]) {
    const { metadata: { uid } } = await api.create(definitions, definition, "test");
    await until(`the ${round} time that it is served`, () => kinds.isServed(extras), within);
    const extra = { apiVersion: "test.example/v1", kind: "Extra", metadata: { name: round } };
    await api.create(extras, { ...extra, metadata: { name: round, namespace: "default" } }, "test");
    await until("its object is seen", () => cache.get(`default/${round}`) !== undefined, within);
    await api.delete(definitions, { name }, { uid });
    await until("it is served no more", () => !kinds.isServed(extras), within);
    assert.equal(cache.size, 0);
  }
  stop.abort();
  await running;
  assert.deepEqual(lines.filter((line) => JSON.parse(line).level === "error"), []);
  const requests = await ground.plane.audit.requests({ userAgent: agent, resource: "extras" });
  assert.ok(requests.length < 30, describe(requests));
});
