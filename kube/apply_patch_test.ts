// What the writer does with objects besides keeping them as they should be: patches, deletions.

import assert from "node:assert/strict";
import { classify } from "./errors.ts";
import type { Live } from "./object.ts";
import { type Thing, thing } from "./testing/things.ts";
import { OURS, PATH, specOf, wanted, writing } from "./testing/writer_run.ts";

const isConflict = (error: unknown) => classify(error) === "conflict";
const KEY = "default/a";

/** A thing of somebody else that the cache has seen. */
async function seen(content: Record<string, unknown> = { spec: { x: 1, y: { z: 1 } } }) {
  const run = writing();
  run.server.put(PATH, content);
  await run.catchUp();
  return { ...run, live: run.theirs.cache.get(KEY) ?? assert.fail() };
}

Deno.test("Writer.patch() changes what it names, counts, and knows the answer at once", async () => {
  const { server, client, writer, theirs, live } = await seen();
  const patched = await writer.patch(theirs, live, { spec: { x: null, y: { w: 2 } } });
  assert.deepEqual(specOf(server), { y: { z: 1, w: 2 } });
  assert.equal(theirs.cache.get(KEY), patched);
  assert.equal(patched.metadata.resourceVersion, server.read(PATH)?.metadata.resourceVersion);
  assert.equal(writer.writes, 1);
  const [{ query, options } = assert.fail()] = client.writes;
  assert.equal(options.contentType, "application/merge-patch+json");
  assert.equal(query.get("fieldManager"), "operator");
});

Deno.test("Writer.patch() changes nothing that has changed since, or is another object", async () => {
  for (const remove of [true, false]) {
    const { server, client, writer, theirs, live } = await seen();
    if (remove) server.remove(PATH);
    const changed = server.put(PATH, { spec: { x: 7 } });
    const patch = { metadata: { labels: { a: "b" } }, spec: { x: 2 } };
    await assert.rejects(writer.patch(theirs, live, patch), isConflict);
    assert.deepEqual(server.read(PATH), changed);
    const { uid, resourceVersion } = live.metadata;
    assert.deepEqual(client.writes[0]?.options.bodyJson, {
      metadata: { labels: { a: "b" }, uid, resourceVersion },
      spec: { x: 2 },
    });
  }
});

Deno.test("Writer.patch() takes off the last finalizer, and the watch tells of the end", async () => {
  const { server, writer, theirs, live, catchUp } = await seen({
    metadata: { finalizers: ["ours"], deletionTimestamp: "2030-01-01T00:00:00Z" },
  });
  await writer.patch(theirs, live, { metadata: { finalizers: [] } });
  assert.equal(server.read(PATH), undefined);
  await catchUp();
  assert.equal(theirs.cache.get(KEY), undefined);
});

Deno.test("Writer.delete() deletes the object as it was last seen, and forgets it", async () => {
  const { server, writer, theirs, live } = await seen();
  const changed = server.put(PATH, { spec: { x: 2 } });
  await assert.rejects(writer.delete(theirs, live), isConflict);
  assert.deepEqual(server.read(PATH), changed);
  const { uid, resourceVersion } = changed.metadata;
  const now = thing("a", resourceVersion, { metadata: { uid } });
  assert.equal(await writer.delete(theirs, now), undefined);
  assert.equal(server.read(PATH), undefined);
  assert.equal(theirs.cache.get(KEY), undefined);
  assert.equal(await writer.delete(theirs, live), undefined);
});

for (const propagation of ["Orphan", "Foreground", "Background"] as const) {
  Deno.test(`Writer.delete() with ${propagation} shows what is held as ending until the watch tells`, async () => {
    const finalizers = propagation === "Background" ? ["somebody's"] : [];
    const { server, writer, theirs, live, catchUp } = await seen({ metadata: { finalizers } });
    const left = await writer.delete(theirs, live, propagation);
    assert.ok(left?.metadata.deletionTimestamp);
    assert.equal(theirs.cache.get(KEY), left);
    await catchUp();
    assert.equal(theirs.cache.get(KEY), left);
    // The garbage collector, or whose finalizer it is.
    server.put(PATH, { metadata: { ...left.metadata, finalizers: [] } });
    await catchUp();
    assert.equal(theirs.cache.get(KEY), undefined);
  });
}

Deno.test("Writer.delete() takes an object for gone that the answer shows as it last was", async () => {
  const { client, writer, theirs, live } = await seen();
  client.add({
    when: ({ method }) => method === "DELETE",
    then: async ({ forward }) => {
      await forward();
      return live;
    },
  });
  assert.equal(await writer.delete(theirs, live), undefined);
  assert.equal(theirs.cache.get(KEY), undefined);
});

Deno.test("Writer.createOnce() gives what it finds the labels by which it is watched, and no more", async () => {
  const { server, client, writer, once } = writing();
  const metadata = { ownerReferences: [OURS], labels: { theirs: "1", app: "old" } };
  server.put(PATH, { metadata, spec: { secret: "kept" } });
  const build = () => wanted({ secret: "new" }, { labels: { app: "x", part: "y" } });
  const name = { namespace: "default", name: "a" };
  const live = await writer.createOnce(once, name, OURS, build);
  assert.deepEqual(server.read(PATH)?.metadata.labels, { theirs: "1", app: "x", part: "y" });
  assert.deepEqual(specOf(server), { secret: "kept" });
  assert.equal(once.cache.get(KEY), live);
  assert.equal(writer.writes, 2);
  const patch = client.writes[1]?.options.bodyJson as Live<Thing> | undefined;
  assert.deepEqual(Object.keys(patch ?? {}), ["metadata"]);
  assert.deepEqual(Object.keys(patch?.metadata ?? {}).sort(), ["labels", "resourceVersion", "uid"]);
});

Deno.test("Writer.createOnce() does not patch what has its labels", async () => {
  const { server, writer, once } = writing();
  server.put(PATH, { metadata: { ownerReferences: [OURS], labels: { app: "x", more: "z" } } });
  const build = () => wanted({}, { labels: { app: "x" } });
  await writer.createOnce(once, { namespace: "default", name: "a" }, OURS, build);
  assert.equal(writer.writes, 1);
});
