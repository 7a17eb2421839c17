// The writer against the real API server: what survives, what is put back, what is never sent.

import assert from "node:assert/strict";
import type { ConfigMap, Service } from "../../api/kubernetes/types.ts";
import { configMaps, services } from "../../controllers/kinds.ts";
import { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import { Cache } from "../../kube/cache.ts";
import { systemClock as clock } from "../../kube/clock.ts";
import { connect } from "../../kube/connect.ts";
import { ApiError } from "../../kube/errors.ts";
import type { KubernetesObject } from "../../kube/object.ts";
import { NotOursError } from "../../kube/ownership.ts";
import type { Resource } from "../../kube/resource.ts";
import type { Applied } from "../../kube/tracked.ts";
import { Transport } from "../../kube/transport.ts";
import { watch } from "../../kube/watch.ts";
import { describe } from "../harness/audit.ts";
import { until } from "../harness/poll.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

const agent = "apply-test/1";
const namespace = "default";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** A writer as the operator has one, and a kind that it watches. */
class Bench<T extends KubernetesObject> implements AsyncDisposable {
  readonly api: Api;
  readonly tracked: Applied<T>;
  readonly #transport: Transport;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;

  static async open<T extends KubernetesObject>(resource: Resource<T>): Promise<Bench<T>> {
    const access = await connect({ kubeconfig: ground.plane.kubeconfig() }, clock);
    const bench = new Bench(resource, new Transport(access, agent));
    await bench.tracked.cache.synced;
    return bench;
  }

  private constructor(resource: Resource<T>, transport: Transport) {
    this.#transport = transport;
    this.api = new Api(transport, clock);
    this.tracked = { resource, cache: new Cache(), use: "apply" };
    const source = { api: this.api, resource, namespace, clock, random: Math.random };
    this.#following = this.tracked.cache.follow(watch(source, this.#stop.signal));
  }

  /** A writer that remembers nothing, as after a restart. */
  writer(): Writer {
    return new Writer(this.api, {
      fieldManager: "dittofs-operator",
      digestAnnotation: "test/applied",
      formerManagers: ["manager"],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
    this.#transport[Symbol.dispose]();
  }
}

const owner = {
  apiVersion: "v1",
  kind: "ConfigMap",
  name: "owner",
  uid: "00000000-0000-0000-0000-000000000001",
  controller: true,
} as const;

function configMap(name: string, data: Record<string, string>): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, ownerReferences: [owner] },
    data,
  };
}

/** The writes that `act` makes the writer send. */
async function writesOf(writer: Writer, act: (writer: Writer) => Promise<unknown>) {
  const session = writer.session();
  await act(session);
  return session.writes;
}

Deno.test("Writer.apply() sends nothing when nothing differs, also after a restart", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const wanted = configMap("quiet", { a: "1" });
  const apply = (writer: Writer) => writer.apply(bench.tracked, wanted);
  const writer = bench.writer();
  assert.equal(await writesOf(writer, apply), 1);
  assert.equal(await writesOf(writer, apply), 0);
  assert.equal(await writesOf(bench.writer(), apply), 0);
});

Deno.test("Writer.apply() sends nothing for a Service whose defaults the server filled in", async () => {
  await using bench = await Bench.open<Service>(services);
  const wanted: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "defaults", namespace, ownerReferences: [owner] },
    spec: { selector: { app: "x" }, ports: [{ name: "api", port: 80, protocol: "TCP" }] },
  };
  const apply = (writer: Writer) => writer.apply(bench.tracked, wanted);
  assert.equal(await writesOf(bench.writer(), apply), 1);
  assert.equal(await writesOf(bench.writer(), apply), 0);
});

Deno.test("Writer.apply() puts a hand edit back and keeps the fields of others (W32, W45, W48)", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const writer = bench.writer();
  const wanted = configMap("edited", { ours: "1" });
  await writer.apply(bench.tracked, wanted);
  const patch = { metadata: { labels: { team: "b" } }, data: { ours: "2", theirs: "3" } };
  const edited = await bench.api.mergePatch(configMaps, { namespace, name: "edited" }, patch, "me");
  await until("the edit has come through the watch", () => {
    const seen = bench.tracked.cache.get(`${namespace}/edited`);
    return seen?.metadata.resourceVersion === edited.metadata.resourceVersion;
  }, { within: 10_000 });

  const live = await writer.apply(bench.tracked, wanted);
  assert.deepEqual(live.data, { ours: "1", theirs: "3" });
  assert.equal(live.metadata.labels?.team, "b");
});

Deno.test("Writer.apply() removes a field that is not wanted any more, also after a restart (W44)", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  await bench.writer().apply(bench.tracked, configMap("less", { a: "1", b: "2" }));
  const live = await bench.writer().apply(bench.tracked, configMap("less", { a: "1" }));
  assert.deepEqual(live.data, { a: "1" });
});

Deno.test("Writer.apply() never touches an object of its name that is not its own (W31)", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const foreign = {
    ...configMap("foreign", { a: "theirs" }),
    metadata: { name: "foreign", namespace },
  };
  const before = await bench.api.create(configMaps, foreign, "me");
  const wanted = configMap("foreign", { a: "ours" });
  await assert.rejects(bench.writer().apply(bench.tracked, wanted), NotOursError);
  // The same when the cache has never heard of it, as with a label-selected watch.
  const blind: Applied<ConfigMap> = { ...bench.tracked, cache: new Cache() };
  await assert.rejects(bench.writer().apply(blind, wanted), NotOursError);
  const after = await bench.api.get(configMaps, { namespace, name: "foreign" });
  assert.deepEqual(after, before);
});

Deno.test("Writer.apply() goes on with an object of its own that the cache has not seen", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  await bench.writer().apply(bench.tracked, configMap("unseen", { a: "1" }));
  const blind: Applied<ConfigMap> = { ...bench.tracked, cache: new Cache() };
  const live = await bench.writer().apply(blind, configMap("unseen", { a: "2" }));
  assert.deepEqual(live.data, { a: "2" });
});

Deno.test("Writer.apply() does not write to a later object of the same name", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const stale: Applied<ConfigMap> = { ...bench.tracked, cache: new Cache() };
  const first = await bench.writer().apply(stale, configMap("again", { a: "1" }));
  await bench.api.delete(configMaps, { namespace, name: "again" }, { uid: first.metadata.uid });
  await bench.api.create(configMaps, configMap("again", { a: "theirs" }), "me");
  await assert.rejects(
    bench.writer().apply(stale, configMap("again", { a: "2" })),
    (error: unknown) => error instanceof ApiError && error.httpCode === 409,
  );
});

Deno.test("Writer.delete() deletes the object that was seen and no later one", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const writer = bench.writer();
  const seen = await writer.apply(bench.tracked, configMap("gone", { a: "1" }));
  await bench.api.delete(configMaps, { namespace, name: "gone" }, { uid: seen.metadata.uid });
  await bench.api.create(configMaps, configMap("gone", { a: "2" }), "me");
  await assert.rejects(
    writer.delete({ ...bench.tracked, deletes: true }, seen),
    (error: unknown) => error instanceof ApiError && error.httpCode === 409,
  );
  const left = await bench.api.get(configMaps, { namespace, name: "gone" });
  assert.deepEqual(left?.data, { a: "2" });
});

Deno.test("Writer.apply() makes its own write visible at once, and no news of it", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const news: string[] = [];
  bench.tracked.cache.onChange(({ key }) => news.push(key));
  await bench.writer().apply(bench.tracked, configMap("silent", { a: "1" }));
  assert.deepEqual(bench.tracked.cache.get(`${namespace}/silent`)?.data, { a: "1" });
  // A later foreign change comes through the same stream: all before it has come too.
  await bench.api.create(configMaps, { metadata: { name: "marker", namespace } }, "me");
  await until("the marker has come", () => news.includes(`${namespace}/marker`), {
    within: 10_000,
  });
  assert.ok(news.filter((key) => key === `${namespace}/silent`).length <= 1, news.join(" "));
  const requests = await ground.plane.audit.requests({ userAgent: agent, name: "silent" });
  assert.equal(requests.length, 1, describe(requests));
});

Deno.test("Writer.apply() takes over what an older operator wrote with updates", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const older = { ...configMap("older", { kept: "1", unwanted: "1" }) };
  await bench.api.create(configMaps, older, "manager");
  const theirs = { data: { theirs: "1" } };
  await bench.api.mergePatch(configMaps, { namespace, name: "older" }, theirs, "kubectl-edit");
  const live = await bench.writer().apply(bench.tracked, configMap("older", { kept: "1" }));
  assert.deepEqual(live.data, { kept: "1", theirs: "1" });
  const whole = await bench.api.get(configMaps, { namespace, name: "older" });
  assert.deepEqual(
    whole?.metadata.managedFields?.map(({ manager, operation }) => `${operation} ${manager}`)
      .sort(),
    ["Apply dittofs-operator", "Update kubectl-edit"],
  );
  assert.equal(await writesOf(bench.writer(), (w) => w.apply(bench.tracked, older)), 1);
});

Deno.test("Writer.createOnce() labels what it finds and leaves its content", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  await bench.api.create(configMaps, configMap("found", { a: "old" }), "manager");
  const blind = { ...bench.tracked, cache: new Cache<ConfigMap>(), use: "create" } as const;
  const labels = { app: "x" };
  const wanted = configMap("found", { a: "new" });
  const build = () => ({ ...wanted, metadata: { ...wanted.metadata, labels } });
  const live = await bench.writer().createOnce(blind, { namespace, name: "found" }, owner, build);
  assert.deepEqual([live.metadata.labels, live.data], [labels, { a: "old" }]);
});

Deno.test("Writer.patch() and Writer.delete() act on what was seen, and on nothing else", async () => {
  await using bench = await Bench.open<ConfigMap>(configMaps);
  const writer = bench.writer();
  const tracked = { ...bench.tracked, deletes: true } as const;
  const seen = await writer.apply(tracked, configMap("held", { a: "1" }));
  const held = await writer.patch(tracked, seen, { metadata: { finalizers: ["test.example/x"] } });
  await assert.rejects(writer.patch(tracked, seen, { data: { b: "2" } }), { httpCode: 409 });
  const ending = await writer.delete(tracked, held, "Orphan");
  assert.ok(ending?.metadata.deletionTimestamp);
  assert.deepEqual([...ending.metadata.finalizers ?? []].sort(), ["orphan", "test.example/x"]);
  assert.equal(tracked.cache.get(`${namespace}/held`), ending);
  await writer.patch(tracked, ending, { metadata: { finalizers: [] } });
  await until("the watch tells of the end", () => !tracked.cache.get(`${namespace}/held`), {
    within: 10_000,
  });
  const other = await writer.apply(tracked, configMap("held", { a: "2" }));
  assert.notEqual(other.metadata.uid, seen.metadata.uid);
  assert.equal(await writer.delete(tracked, other), undefined);
});
