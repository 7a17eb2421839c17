// Facts about named objects: when they are read, and what is remembered.

import assert from "node:assert/strict";
import { Api } from "./api.ts";
import { Cache } from "./cache.ts";
import { classify } from "./errors.ts";
import { identityOnly } from "./kept.ts";
import type { KubernetesObject, Live } from "./object.ts";
import { References } from "./references.ts";
import { del, put, sync } from "./testing/cache_feed.ts";
import { ScriptedClient } from "./testing/scripted_client.ts";
import { failure, rejection } from "./testing/statuses.ts";
import { type Thing, thing, things } from "./testing/things.ts";
import { VirtualClock } from "./testing/virtual_clock.ts";
import type { WatchEvent } from "./watch.ts";

const KEY = "default/a";

/** A thing that says `word`. */
const saying = (word: string, version: number, uid = "uid-a") =>
  thing("a", version, { spec: { word }, metadata: { uid, labels: { much: "more" } } });

/** References to things, of which the fact is their word; and the watch by hand. */
function references() {
  const client = new ScriptedClient();
  const cache = new Cache<Thing, KubernetesObject>({ keep: identityOnly });
  const derived: string[] = [];
  const derive = ({ spec }: Live<Thing>) => {
    derived.push(String(spec?.word));
    return `the word is ${spec?.word}`;
  };
  const tracked = { resource: things, cache, use: "read" } as const;
  return {
    client,
    cache,
    derived,
    refs: new References(new Api(client, new VirtualClock()), tracked, derive),
    feed: (...events: readonly WatchEvent<Thing>[]) =>
      cache.follow((async function* () {
        yield* events;
      })()),
    /** The next read gives this object; none: it does not exist. */
    answers: (...objects: readonly (Live<Thing> | undefined)[]) =>
      client.script(
        ...objects.map((object) => () => object ?? Promise.reject(rejection(failure(404)))),
      ),
  };
}

const isConflict = (error: unknown) => classify(error) === "conflict";

Deno.test("References read an object once for each version that is asked for", async () => {
  const { client, refs, feed, answers, derived } = references();
  await feed(sync(10, saying("x", 1)));
  assert.equal(client.requests.length, 0);
  answers(saying("x", 1));
  assert.equal(await refs.get(KEY), "the word is x");
  assert.equal(await refs.get(KEY), "the word is x");
  assert.equal(client.requests.length, 1);
  assert.match(client.requests[0]?.path ?? "", /\/namespaces\/default\/things\/a$/);
  await feed(put(saying("y", 11)), put(saying("z", 12)));
  answers(saying("z", 12));
  assert.equal(await refs.get(KEY), "the word is z");
  assert.deepEqual(derived, ["x", "z"]);
});

Deno.test("References read another object of the same name", async () => {
  const { refs, feed, answers } = references();
  await feed(sync(10, saying("x", 1)));
  answers(saying("x", 1));
  await refs.get(KEY);
  await feed(sync(1, saying("y", 1, "uid-another"), { rewound: true }));
  answers(saying("y", 1, "uid-another"));
  assert.equal(await refs.get(KEY), "the word is y");
});

Deno.test("References know nothing of what does not exist, and ask for none of it", async () => {
  const { client, refs, feed, answers } = references();
  await feed(sync(10));
  assert.equal(await refs.get(KEY), undefined);
  assert.equal(client.requests.length, 0);
  await feed(put(saying("x", 11)));
  answers(undefined);
  assert.equal(await refs.get(KEY), undefined, "it went before the watch could tell");
  answers(saying("x", 11));
  assert.equal(await refs.get(KEY), "the word is x");
  await feed(del(saying("x", 12)));
  assert.equal(await refs.get(KEY), undefined);
  assert.equal(client.requests.length, 2);
});

Deno.test("References forget the fact of what is gone", async () => {
  const { cache, refs, feed, answers, derived } = references();
  await feed(sync(10, saying("x", 1)));
  answers(saying("x", 1));
  await refs.get(KEY);
  await feed(del(saying("x", 11)));
  // A restored backup has the very same object at the very same version.
  await feed(sync(5, saying("x", 1), { rewound: true }));
  answers(saying("x", 1));
  await refs.get(KEY);
  assert.deepEqual(derived, ["x", "x"]);
  assert.equal(cache.size, 1);
});

Deno.test("References take what is newer than the watch, and read again when the watch has come", async () => {
  const { client, refs, feed, answers } = references();
  await feed(sync(10, saying("x", 1)));
  answers(saying("y", 11));
  assert.equal(await refs.get(KEY), "the word is y");
  await feed(put(saying("y", 11)));
  assert.equal(await refs.get(KEY), "the word is y");
  assert.equal(client.requests.length, 1);
});

Deno.test("References refuse what is older than the watch, and remember none of it", async () => {
  for (const old of [saying("x", 1), saying("x", 1, "uid-another")]) {
    const { refs, feed, answers } = references();
    await feed(sync(20, saying("y", 11)));
    answers(old);
    await assert.rejects(refs.get(KEY), isConflict);
    answers(saying("y", 11));
    assert.equal(await refs.get(KEY), "the word is y");
  }
});

Deno.test("References compare with what the watch has told when the answer comes", async () => {
  const { client, refs, feed } = references();
  await feed(sync(10, saying("x", 1)));
  const answer = Promise.withResolvers<Live<Thing>>();
  client.script(() => answer.promise);
  const reading = refs.get(KEY);
  await feed(put(saying("y", 11)));
  answer.resolve(saying("x", 1));
  await assert.rejects(reading, isConflict);

  const gone = Promise.withResolvers<never>();
  client.script(() => gone.promise);
  const missing = refs.get(KEY);
  await feed(del(saying("y", 12)), put(saying("z", 13, "uid-again")));
  gone.reject(rejection(failure(404)));
  await assert.rejects(missing, isConflict);

  const late = Promise.withResolvers<Live<Thing>>();
  client.script(() => late.promise);
  const lost = refs.get(KEY);
  await feed(del(saying("z", 14, "uid-again")));
  late.resolve(saying("z", 13, "uid-again"));
  assert.equal(await lost, undefined);
});

Deno.test("References read once for all who ask at the same time, and fail for all", async () => {
  const { client, refs, feed, answers } = references();
  await feed(sync(10, saying("x", 1)));
  client.script(() => Promise.reject(rejection(failure(503))));
  const failed = await Promise.allSettled([refs.get(KEY), refs.get(KEY)]);
  assert.deepEqual(failed.map(({ status }) => status), ["rejected", "rejected"]);
  assert.equal(client.requests.length, 1);
  answers(saying("x", 1));
  assert.deepEqual(await Promise.all([refs.get(KEY), refs.get(KEY)]), [
    "the word is x",
    "the word is x",
  ]);
  assert.equal(client.requests.length, 2);
});

Deno.test("identityOnly keeps four short texts of an object", async () => {
  const { cache, feed } = references();
  await feed(sync(10, saying("x".repeat(1_000_000), 1)));
  assert.equal(
    JSON.stringify([...cache.values()]),
    '[{"metadata":{"name":"a","namespace":"default","uid":"uid-a","resourceVersion":"1"}}]',
  );
});
