// The writer against an API server in memory: what is sent, and what is not. That fields merge as
// they should is proven against a real one.

import assert from "node:assert/strict";
import { classify } from "./errors.ts";
import type { Live } from "./object.ts";
import { NotOursError } from "./ownership.ts";
import { loseAnswer, write } from "./testing/faults.ts";
import { type Thing } from "./testing/things.ts";
import { DIGEST, NAME, OURS, owner, PATH, specOf, wanted, writing } from "./testing/writer_run.ts";

Deno.test("Writer.apply() makes an object, leaves its digest on it, and knows it at once", async () => {
  const { server, client, writer, applied } = writing();
  const live = await writer.apply(applied, wanted({ x: 1 }));
  assert.equal(applied.cache.get("default/a"), live);
  assert.deepEqual(specOf(server), { x: 1 });
  assert.match(live.metadata.annotations?.[DIGEST] ?? "", /^[0-9a-f]{64}$/);
  const [{ query, options } = assert.fail()] = client.writes;
  assert.equal(options.contentType, "application/apply-patch+yaml");
  assert.deepEqual([query.get("fieldManager"), query.get("force")], ["operator", "true"]);
});

Deno.test("Writer.apply() sends nothing when nothing has changed, also after a restart", async () => {
  const { client, writer, restarted, applied, catchUp } = writing();
  const live = await writer.apply(applied, wanted({ x: 1, y: { z: [1, 2] } }));
  assert.equal(await writer.apply(applied, wanted({ y: { z: [1, 2] }, x: 1 })), live);
  await catchUp();
  await writer.apply(applied, wanted({ x: 1, y: { z: [1, 2] } }));
  await restarted().apply(applied, wanted({ x: 1, y: { z: [1, 2] } }));
  assert.equal(client.requests.length, 1);
});

Deno.test("Writer.apply() sends what we want differently, and takes back what we no longer want", async () => {
  const { server, client, writer, restarted, applied } = writing();
  await writer.apply(applied, wanted({ x: 1, y: 2 }));
  await writer.apply(applied, wanted({ x: 3, y: 2 }));
  assert.deepEqual(specOf(server), { x: 3, y: 2 });
  await restarted().apply(applied, wanted({ x: 3 }));
  assert.deepEqual(specOf(server), { x: 3 });
  assert.equal(client.writes.length, 3);
});

Deno.test("Writer.apply() puts a hand edit of our field back and leaves the fields of others", async () => {
  const { server, client, writer, applied, catchUp } = writing();
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
      const { server, writer, applied, catchUp } = writing();
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
  const { server, client, writer, applied } = writing();
  server.put(PATH, { metadata: { ownerReferences: [OURS] }, spec: { theirs: true } });
  await writer.apply(applied, wanted({ x: 1 }));
  assert.deepEqual(specOf(server), { theirs: true, x: 1 });
  assert.deepEqual(client.requests.map(({ method }) => method), ["PATCH", "GET", "PATCH"]);
});

Deno.test("Writer.apply() does not write again what the server words differently", async () => {
  const { client, writer, applied } = writing();
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
  const { server, client, writer, applied } = writing();
  client.add({ when: write(1), then: loseAnswer });
  await assert.rejects(writer.apply(applied, wanted({ x: 1 })), { name: "ConnectionError" });
  const made = server.read(PATH);
  await writer.apply(applied, wanted({ x: 1 }));
  assert.deepEqual(server.read(PATH), made);
});

Deno.test("Writer.apply() does not write to a later object of the same name", async () => {
  const { server, writer, applied } = writing();
  await writer.apply(applied, wanted({ x: 1 }));
  server.remove(PATH);
  const another = server.put(PATH, { spec: { x: 9 } });
  await assert.rejects(writer.apply(applied, wanted({ x: 2 })), (error: unknown) => {
    return classify(error) === "conflict";
  });
  assert.deepEqual(server.read(PATH), another);
});

Deno.test("Writer.createOnce() creates, and never changes what there is", async () => {
  const { server, client, writer, once } = writing();
  const make = (secret: string) => () => wanted({ secret });
  await writer.createOnce(once, NAME, OURS, make("first"));
  const again = await writer.createOnce(once, NAME, OURS, () => assert.fail("it was built again"));
  assert.equal(again, once.cache.get("default/a"));
  assert.deepEqual(specOf(server), { secret: "first" });
  assert.equal(client.requests.length, 1);
});

Deno.test("Writer.createOnce() finds what it made before it could remember it", async () => {
  const { server, client, writer, once } = writing();
  client.add({ when: write(1), then: loseAnswer });
  const make = (secret: string) => () => wanted({ secret });
  await assert.rejects(writer.createOnce(once, NAME, OURS, make("first")));
  const live = await writer.createOnce(once, NAME, OURS, make("second"));
  assert.deepEqual(live.spec, { secret: "first" });
  assert.deepEqual(specOf(server), { secret: "first" });
});

Deno.test("Writer.apply() knows by its labels what can have no owner, and touches no other", async () => {
  const heirloom = { "test.example/for": "1" };
  const free = { ...wanted({ x: 1 }), metadata: { ...NAME, labels: heirloom } };
  for (const known of [true, false]) {
    for (const labels of [heirloom, { "test.example/for": "2" }, {}]) {
      const { server, writer, applied, catchUp } = writing();
      server.put(PATH, { metadata: { labels }, spec: { x: 9 } });
      if (known) await catchUp();
      const applying = writer.apply(applied, free, heirloom);
      if (labels === heirloom) await applying;
      else await assert.rejects(applying, NotOursError);
      assert.deepEqual(specOf(server), { x: labels === heirloom ? 1 : 9 });
    }
  }
});

Deno.test("Writer.createOnce() does not take what is not ours for its own", async () => {
  for (const known of [true, false]) {
    const { server, writer, once, catchUp } = writing();
    server.put(PATH, { metadata: { ownerReferences: [owner("another")] }, spec: {} });
    if (known) await catchUp();
    const creating = writer.createOnce(once, NAME, OURS, () => wanted({}));
    await assert.rejects(creating, NotOursError);
  }
});

Deno.test("Writer.applyStatus() writes a status that differs, to this very object", async () => {
  const { server, client, writer, applied } = writing();
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

Deno.test("Writer.session() counts writes of its own and shares what is known", async () => {
  const { writer, applied } = writing();
  const [first, second] = [writer.session(), writer.session()];
  await first.apply(applied, wanted({ x: 1 }));
  await second.apply(applied, wanted({ x: 1 }));
  assert.deepEqual([first.writes, second.writes, writer.writes], [1, 0, 0]);
});
