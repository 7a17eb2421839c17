// Whom a change concerns, and how soon.

import assert from "node:assert/strict";
import type { Outcome } from "./controller.ts";
import type { Key, Live } from "./object.ts";
import { ownedBy, related } from "./relations.ts";
import { type CacheFeed, cacheOf, del, put, sync } from "./testing/cache_feed.ts";
import { ControllerRun } from "./testing/controller_run.ts";
import { type Thing, thing, things } from "./testing/things.ts";

const tracked = ({ cache }: CacheFeed) => ({ resource: things, cache, use: "watch" } as const);

/** A thing that two labels relate to primary resources. */
const of = (name: string, version: number, ...owners: string[]) =>
  thing(name, version, { metadata: { labels: Object.fromEntries(owners.map((o) => [o, ""])) } });

const keysOf = ({ metadata }: Live<Thing>): Key[] =>
  Object.keys(metadata.labels ?? {}).map((owner) => `default/${owner}`);

/** A related kind, and what it told: `lane key`. */
function listening(lane?: "user") {
  const feed = cacheOf();
  const told: string[] = [];
  related(tracked(feed), keysOf, lane).listen((key, lane) => told.push(`${lane} ${key}`));
  return { ...feed, take: () => told.splice(0) };
}

Deno.test("related() tells of what had the object before and of what has it now, each once", async () => {
  const { feed, take } = listening();
  await feed(sync(10), put(of("x", 11, "a", "b")));
  assert.deepEqual(take(), ["background default/a", "background default/b"]);
  await feed(put(of("x", 12, "b", "c")));
  assert.deepEqual(
    take(),
    ["default/a", "default/b", "default/c"].map((key) => `background ${key}`),
  );
  await feed(del(of("x", 13, "nobody")));
  assert.deepEqual(take(), ["background default/b", "background default/c"]);
});

Deno.test("related() takes a change for an edit if it is told so, but never what was there", async () => {
  const { feed, take } = listening("user");
  await feed(sync(10, of("x", 1, "a")));
  assert.deepEqual(take(), ["background default/a"]);
  await feed(put(of("x", 11, "a")), put(of("y", 12, "b")), del(of("x", 13)));
  assert.deepEqual(take(), ["user default/a", "user default/b", "user default/a"]);
});

Deno.test("ownedBy() tells the owner also when it has lost the object", async () => {
  const feed = cacheOf();
  const told: Key[] = [];
  ownedBy(things, tracked(feed)).listen((key) => told.push(key));
  const controlled = { apiVersion: "test.example/v1", kind: "Thing", uid: "u", controller: true };
  const ownerReferences = [{ ...controlled, name: "a" }];
  await feed.feed(sync(10, thing("x", 1, { metadata: { ownerReferences } })), put(thing("x", 11)));
  assert.deepEqual(told, ["default/a", "default/a"]);
});

Deno.test("Controller looks at what a related change concerns, an edit before the backlog", async () => {
  const [secrets, pods] = [cacheOf(), cacheOf()];
  const run = new ControllerRun({
    related: [related(tracked(secrets), keysOf, "user"), related(tracked(pods), keysOf)],
  });
  const gate = Promise.withResolvers<Outcome>();
  run.outcomes.push(() => gate.promise);
  await run.primary.feed(sync(10, ...["a", "b", "c", "d"].map((name, i) => thing(name, i + 1))));
  await secrets.feed(sync(10));
  await run.clock.settle();
  await pods.feed(sync(10, of("pod", 1, "c")));
  await secrets.feed(put(of("rotated", 11, "d")));
  gate.resolve({ result: "done" });
  await run.clock.settle();
  assert.deepEqual(run.visits, ["a", "d", "b", "c"]);
  await run.stop();
});
