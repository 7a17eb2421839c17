import assert from "node:assert/strict";
import { type Thing, things } from "../../kube/testing/things.ts";
import { PATH, writing } from "../../kube/testing/writer_run.ts";
import { Cache } from "../../kube/cache.ts";
import { classify } from "../../kube/errors.ts";
import type { Live } from "../../kube/object.ts";
import { hold, isHeld, letGo } from "./finalizer.ts";

const OURS = "test.example/ours";
const tracked = { resource: things, cache: new Cache<Thing>(), use: "patch" } as const;

/** A thing with finalizers of others, and the writer. */
function ground(...finalizers: string[]) {
  const { server, client, writer } = writing();
  const metadata = { finalizers, deletionTimestamp: undefined };
  const live = server.put(PATH, { metadata }) as unknown as Live<Thing>;
  const now = () => server.read(PATH)?.metadata.finalizers;
  return { server, client, writer, live, now };
}

Deno.test("hold() puts the finalizer beside those of others, once", async () => {
  const { client, writer, live, now } = ground("another");
  const held = await hold(writer, tracked, live, OURS);
  assert.deepEqual(now(), ["another", OURS]);
  assert.ok(isHeld(held, OURS));
  assert.equal(await hold(writer, tracked, held, OURS), held);
  assert.equal(client.writes.length, 1);
});

Deno.test("letGo() takes it off and leaves those of others, once", async () => {
  const { client, writer, live, now } = ground("another", OURS);
  await letGo(writer, tracked, live, OURS);
  assert.deepEqual(now(), ["another"]);
  await letGo(writer, tracked, { ...live, metadata: { ...live.metadata, finalizers: [] } }, OURS);
  assert.equal(client.writes.length, 1);
});

Deno.test("hold() does not overwrite a list that somebody else has changed meanwhile", async () => {
  const { server, writer, live, now } = ground();
  server.put(PATH, { metadata: { finalizers: ["another"] } });
  await assert.rejects(
    hold(writer, tracked, live, OURS),
    (error) => classify(error) === "conflict",
  );
  assert.deepEqual(now(), ["another"]);
});
