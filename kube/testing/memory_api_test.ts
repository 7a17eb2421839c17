// The API server in memory behaves like one, as far as it goes.

import assert from "node:assert/strict";
import { Api } from "../api.ts";
import { Cache } from "../cache.ts";
import { ApiError } from "../errors.ts";
import { watch } from "../watch.ts";
import { keysOf } from "./cache_feed.ts";
import { MemoryApi } from "./memory_api.ts";
import { type Thing, things } from "./things.ts";
import { VirtualClock } from "./virtual_clock.ts";

const path = (name: string) => `/apis/test.example/v1/namespaces/default/things/${name}`;
const at = (name: string) => ({ namespace: "default", name });
const wanted = (name: string, spec: Thing["spec"], metadata = {}): Thing => ({
  metadata: { namespace: "default", name, ...metadata },
  ...(spec && { spec }),
});

function setUp() {
  const clock = new VirtualClock();
  const server = new MemoryApi(clock);
  return { clock, server, api: new Api(server, clock) };
}

const code = (expected: number) => (error: unknown) =>
  error instanceof ApiError && error.httpCode === expected;

Deno.test("MemoryApi creates, shows, patches and deletes, with preconditions", async () => {
  const { api, server } = setUp();
  const made = await api.create(things, wanted("a", { x: 1 }), "me");
  await assert.rejects(api.create(things, wanted("a", {}), "me"), code(409));
  assert.deepEqual(await api.get(things, at("a")), made);
  assert.equal(await api.get(things, at("b")), undefined);

  const { uid, resourceVersion } = made.metadata;
  const patch = { metadata: { resourceVersion }, spec: { y: 2 } };
  const patched = await api.mergePatch(things, at("a"), patch, "me");
  assert.deepEqual(patched.spec, { x: 1, y: 2 });
  assert.equal(patched.metadata.generation, 2);
  await assert.rejects(api.mergePatch(things, at("a"), patch, "me"), code(409));

  await assert.rejects(api.delete(things, at("a"), { uid: "another" }), code(409));
  assert.equal(await api.delete(things, at("a"), { uid }), undefined);
  assert.equal(server.read(path("a")), undefined);
  assert.equal(await api.delete(things, at("a"), { uid }), undefined);
});

Deno.test("MemoryApi keeps what has finalizers until the last of them is taken off", async () => {
  const { api, server } = setUp();
  const { metadata: { uid } } = await api.create(
    things,
    wanted("a", {}, { finalizers: ["x"] }),
    "me",
  );
  const ending = await api.delete(things, at("a"), { uid }, "Orphan");
  assert.deepEqual(ending?.metadata.finalizers, ["x", "orphan"]);
  assert.ok(ending.metadata.deletionTimestamp);
  await api.mergePatch(things, at("a"), { metadata: { finalizers: ["x"] } }, "me");
  assert.ok(server.read(path("a")));
  await api.mergePatch(things, at("a"), { metadata: { finalizers: null } }, "me");
  assert.equal(server.read(path("a")), undefined);
});

Deno.test("MemoryApi applies: fields have owners, and what does not change is no write", async () => {
  const { api, server } = setUp();
  const apply = (spec: Thing["spec"], fieldManager = "me") =>
    api.apply(things, wanted("a", spec), { fieldManager });
  const first = await apply({ mine: 1, both: { mine: 1 }, list: [{ name: "x", v: 1 }] });
  assert.equal((await apply(first.spec)).metadata.resourceVersion, first.metadata.resourceVersion);
  await apply({ theirs: 2, both: { theirs: 2 }, list: [{ name: "y", v: 2 }] }, "other");
  const last = await apply({ both: { mine: 3 } });
  assert.deepEqual(last.spec, {
    theirs: 2,
    both: { theirs: 2, mine: 3 },
    list: [{ name: "y", v: 2 }],
  });
  assert.equal(server.read(path("a"))?.metadata.resourceVersion, last.metadata.resourceVersion);
});

Deno.test("MemoryApi applies with preconditions, as a real one does", async () => {
  const { api } = setUp();
  const apply = (metadata: Record<string, string>) =>
    api.apply(things, wanted("a", { x: 1 }, metadata), { fieldManager: "me" });
  await assert.rejects(apply({ uid: "any" }), code(409));
  const made = await apply({ resourceVersion: "1" });
  await assert.rejects(apply({ resourceVersion: "1" }), code(409));
  await apply({ uid: made.metadata.uid });
});

Deno.test("MemoryApi applies a status without touching the rest, if the object is there", async () => {
  const { api } = setUp();
  const status: Thing = { metadata: at("a"), status: { ready: true }, spec: { ignored: 1 } };
  const options = { fieldManager: "me", subresource: "status" };
  await assert.rejects(api.apply(things, status, options), code(404));
  const made = await api.create(things, wanted("a", { x: 1 }), "me");
  const after = await api.apply(things, status, options);
  assert.deepEqual([after.spec, after.status], [{ x: 1 }, { ready: true }]);
  assert.equal(after.metadata.generation, made.metadata.generation);
});

Deno.test("MemoryApi keeps a watched cache true, through the ends of streams and lost history", async () => {
  const { clock, server, api } = setUp();
  for (const name of ["a", "b"]) server.put(path(name), { spec: {} });
  const cache = new Cache<Thing>();
  const abort = new AbortController();
  const source = { api, resource: things, clock, random: () => 0.5 };
  const following = cache.follow(watch(source, abort.signal));
  await clock.settle();
  assert.deepEqual(keysOf(cache), ["default/a@101", "default/b@102"]);
  server.put(path("a"), { spec: { x: 1 } });
  server.remove(path("b"));
  await clock.settle();
  assert.deepEqual(keysOf(cache), ["default/a@103"]);
  await clock.advance(200_000);
  server.put(path("c"), { spec: {} });
  server.compact();
  await clock.advance(1_000_000);
  assert.deepEqual(keysOf(cache), ["default/a@103", "default/c@105"]);
  abort.abort();
  await clock.runUntil(following);
  assert.equal(clock.pending, 0);
});

Deno.test("MemoryApi selects by namespace, name and label, and lists in pages", async () => {
  const { server, api } = setUp();
  const labels = (app: string) => ({ metadata: { labels: { app, tier: "x" } } });
  server.put(path("a"), labels("one"));
  server.put(path("b"), labels("two"));
  server.put("/apis/test.example/v1/namespaces/other/things/c", labels("one"));
  const names = async (options: Parameters<typeof api.list>[1]) => {
    const { items, continue: next } = await api.list(things, options);
    return [...items.map(({ metadata }) => metadata.name), ...(next ? [`continue ${next}`] : [])];
  };
  assert.deepEqual(await names({}), ["a", "b", "c"]);
  assert.deepEqual(await names({ namespace: "default" }), ["a", "b"]);
  assert.deepEqual(await names({ labelSelector: "app=one,tier=x" }), ["a", "c"]);
  assert.deepEqual(await names({ fieldSelector: "metadata.name=b" }), ["b"]);
  assert.deepEqual(await names({ limit: 2 }), ["a", "b", "continue 2"]);
  assert.deepEqual(await names({ limit: 2, continue: "2" }), ["c"]);
});
