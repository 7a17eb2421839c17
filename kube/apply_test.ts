// The writer against an API server in memory: what is sent, and what is not. That fields merge as
// they should is proven against a real one.

import assert from "node:assert/strict";
import { Api } from "./api.ts";
import { NotOursError, Writer } from "./apply.ts";
import { Cache } from "./cache.ts";
import { classify } from "./errors.ts";
import type { Live, OwnerReference } from "./object.ts";
import { FaultClient } from "./testing/fault_client.ts";
import { loseAnswer, write } from "./testing/faults.ts";
import { MemoryApi } from "./testing/memory_api.ts";
import { type Thing, thing, things } from "./testing/things.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";
import type { Applied, CreatedOnce } from "./tracked.ts";
import { watch } from "./watch.ts";

const PATH = "/apis/test.example/v1/namespaces/default/things/a";
const DIGEST = "test.example/applied";
const NAME = { namespace: "default", name: "a" };

const owner = (uid: string): OwnerReference => ({
  ...{ apiVersion: "test.example/v1", kind: "Owner", name: "o", uid, controller: true },
});
const OURS = owner("our-owner");

const wanted = (spec: Thing["spec"], metadata = {}): Thing => ({
  apiVersion: "test.example/v1",
  kind: "Thing",
  metadata: { ...NAME, ownerReferences: [OURS], ...metadata },
  ...(spec && { spec }),
});

/** A server, the writer, and a cache that follows the server when it is told. */
function setUp() {
  const clock = new VirtualClock();
  const server = new MemoryApi(clock);
  const client = new FaultClient(server);
  const api = new Api(client, clock);
  const cache = new Cache<Thing>();
  return {
    server,
    client,
    clock,
    writer: new Writer(api, "operator", DIGEST),
    /** The writer after a restart of the program. */
    restarted: () => new Writer(api, "operator", DIGEST),
    applied: { resource: things, cache, use: "apply" } satisfies Applied<Thing>,
    once: { resource: things, cache, use: "create" } satisfies CreatedOnce<Thing>,
    /** Lets the cache see everything that there is. */
    async catchUp() {
      const abort = new AbortController();
      const source = { api: new Api(server, clock), resource: things, clock, random: () => 0.5 };
      const following = cache.follow(watch(source, abort.signal));
      await clock.settle();
      abort.abort();
      await following;
    },
  };
}

const specOf = (server: MemoryApi) => server.read(PATH)?.spec;

Deno.test("Writer.apply() makes an object, leaves its digest on it, and knows it at once", async () => {
  const { server, client, writer, applied } = setUp();
  const live = await writer.apply(applied, wanted({ x: 1 }));
  assert.equal(applied.cache.get("default/a"), live);
  assert.deepEqual(specOf(server), { x: 1 });
  assert.match(live.metadata.annotations?.[DIGEST] ?? "", /^[0-9a-f]{64}$/);
  const [{ query, options } = assert.fail()] = client.writes;
  assert.equal(options.contentType, "application/apply-patch+yaml");
  assert.deepEqual([query.get("fieldManager"), query.get("force")], ["operator", "true"]);
});

Deno.test("Writer.apply() sends nothing when nothing has changed, also after a restart", async () => {
  const { client, writer, restarted, applied, catchUp } = setUp();
  const live = await writer.apply(applied, wanted({ x: 1, y: { z: [1, 2] } }));
  assert.equal(await writer.apply(applied, wanted({ y: { z: [1, 2] }, x: 1 })), live);
  await catchUp();
  await writer.apply(applied, wanted({ x: 1, y: { z: [1, 2] } }));
  await restarted().apply(applied, wanted({ x: 1, y: { z: [1, 2] } }));
  assert.equal(client.requests.length, 1);
});

Deno.test("Writer.apply() sends what we want differently, and takes back what we no longer want", async () => {
  const { server, client, writer, restarted, applied } = setUp();
  await writer.apply(applied, wanted({ x: 1, y: 2 }));
  await writer.apply(applied, wanted({ x: 3, y: 2 }));
  assert.deepEqual(specOf(server), { x: 3, y: 2 });
  await restarted().apply(applied, wanted({ x: 3 }));
  assert.deepEqual(specOf(server), { x: 3 });
  assert.equal(client.writes.length, 3);
});

Deno.test("Writer.apply() puts a hand edit of our field back and leaves the fields of others", async () => {
  const { server, client, writer, applied, catchUp } = setUp();
  await writer.apply(applied, wanted({ x: 1 }));
  server.put(PATH, { spec: { x: 7, theirs: true } });
  await catchUp();
  await writer.apply(applied, wanted({ x: 1 }));
  assert.deepEqual(specOf(server), { x: 1, theirs: true });
  await writer.apply(applied, wanted({ x: 1 }));
  server.put(PATH, { status: { theirs: true } });
  await catchUp();
  await writer.apply(applied, wanted({ x: 1 }));
  assert.equal(client.writes.length, 2);
});

Deno.test("Writer.apply() never touches an object that is not ours", async () => {
  for (const references of [[owner("another-owner")], []]) {
    for (const known of [true, false]) {
      const { server, writer, applied, catchUp } = setUp();
      const before = server.put(PATH, {
        metadata: { ownerReferences: references },
        spec: { x: 9 },
      });
      if (known) await catchUp();
      await assert.rejects(writer.apply(applied, wanted({ x: 1 })), (error: unknown) => {
        assert.ok(error instanceof NotOursError);
        assert.match(error.message, /^Thing "a" exists and is not managed by this operator/);
        return classify(error) === "invalid";
      });
      assert.deepEqual(server.read(PATH), before);
    }
  }
});

Deno.test("Writer.apply() takes an object of ours that it did not know of", async () => {
  const { server, client, writer, applied } = setUp();
  server.put(PATH, { metadata: { ownerReferences: [OURS] }, spec: { theirs: true } });
  await writer.apply(applied, wanted({ x: 1 }));
  assert.deepEqual(specOf(server), { theirs: true, x: 1 });
  assert.deepEqual(client.requests.map(({ method }) => method), ["PATCH", "GET", "PATCH"]);
});

Deno.test("Writer.apply() does not write again what the server words differently", async () => {
  const { client, writer, applied } = setUp();
  // As an API server does with quantities.
  client.add({
    when: write(1),
    then: async ({ forward }) => ({ ...await forward() as object, spec: { x: "1" } }),
  });
  for (const session of [writer, writer.session(), writer.session()]) {
    await session.apply(applied, wanted({ x: "1000m" }));
  }
  assert.equal(client.writes.length, 1);
});

Deno.test("Writer.apply() is not led astray by an answer that was lost", async () => {
  const { server, client, writer, applied } = setUp();
  client.add({ when: write(1), then: loseAnswer });
  await assert.rejects(writer.apply(applied, wanted({ x: 1 })), { name: "ConnectionError" });
  const made = server.read(PATH);
  await writer.apply(applied, wanted({ x: 1 }));
  assert.deepEqual(server.read(PATH), made);
});

Deno.test("Writer.apply() does not write to a later object of the same name", async () => {
  const { server, writer, applied } = setUp();
  await writer.apply(applied, wanted({ x: 1 }));
  server.remove(PATH);
  const another = server.put(PATH, { spec: { x: 9 } });
  await assert.rejects(writer.apply(applied, wanted({ x: 2 })), (error: unknown) => {
    return classify(error) === "conflict";
  });
  assert.deepEqual(server.read(PATH), another);
});

Deno.test("Writer.createOnce() creates, and never changes what there is", async () => {
  const { server, client, writer, once } = setUp();
  const make = (secret: string) => () => wanted({ secret });
  await writer.createOnce(once, NAME, OURS, make("first"));
  const again = await writer.createOnce(once, NAME, OURS, () => assert.fail("it was built again"));
  assert.equal(again, once.cache.get("default/a"));
  assert.deepEqual(specOf(server), { secret: "first" });
  assert.equal(client.requests.length, 1);
});

Deno.test("Writer.createOnce() finds what it made before it could remember it", async () => {
  const { server, client, writer, once } = setUp();
  client.add({ when: write(1), then: loseAnswer });
  const make = (secret: string) => () => wanted({ secret });
  await assert.rejects(writer.createOnce(once, NAME, OURS, make("first")));
  const live = await writer.createOnce(once, NAME, OURS, make("second"));
  assert.deepEqual(live.spec, { secret: "first" });
  assert.deepEqual(specOf(server), { secret: "first" });
});

Deno.test("Writer.createOnce() does not take what is not ours for its own", async () => {
  for (const known of [true, false]) {
    const { server, writer, once, catchUp } = setUp();
    server.put(PATH, { metadata: { ownerReferences: [owner("another")] }, spec: {} });
    if (known) await catchUp();
    const creating = writer.createOnce(once, NAME, OURS, () => wanted({}));
    await assert.rejects(creating, NotOursError);
  }
});

Deno.test("Writer.applyStatus() writes a status that differs, to this very object", async () => {
  const { server, client, writer, applied } = setUp();
  const live = await writer.apply(applied, wanted({ x: 1 }));
  assert.equal(await writer.applyStatus(applied, live, { ready: true }), true);
  assert.deepEqual(server.read(PATH)?.status, { ready: true });
  const now = applied.cache.get("default/a") as Live<Thing>;
  assert.equal(await writer.applyStatus(applied, now, { ready: true }), false);
  assert.equal(client.writes.length, 2);
  server.remove(PATH);
  server.put(PATH, { spec: {} });
  await assert.rejects(writer.applyStatus(applied, now, { ready: false }), (error: unknown) => {
    return classify(error) === "conflict";
  });
  assert.equal(server.read(PATH)?.status, undefined);
});

Deno.test("Writer.delete() deletes the object as it was last seen, and forgets it", async () => {
  const { server, writer, applied } = setUp();
  const live = await writer.apply(applied, wanted({ x: 1 }));
  const changed = server.put(PATH, { spec: { x: 2 } });
  await assert.rejects(writer.delete(applied, live), (error: unknown) => {
    return classify(error) === "conflict";
  });
  assert.deepEqual(server.read(PATH), changed);
  assert.equal(
    await writer.delete(
      applied,
      thing("a", changed.metadata.resourceVersion, {
        metadata: { uid: changed.metadata.uid },
      }),
    ),
    true,
  );
  assert.equal(server.read(PATH), undefined);
  assert.equal(applied.cache.get("default/a"), undefined);
  assert.equal(await writer.delete(applied, live), false);
});

Deno.test("Writer.session() counts writes of its own and shares what is known", async () => {
  const { writer, applied } = setUp();
  const [first, second] = [writer.session(), writer.session()];
  await first.apply(applied, wanted({ x: 1 }));
  await second.apply(applied, wanted({ x: 1 }));
  assert.deepEqual([first.writes, second.writes, writer.writes], [1, 0, 0]);
});
