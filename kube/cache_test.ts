// What a cache makes of a watch: state, changes, indexes. cache_own_writes_test.ts has the rest.
// Rule numbers are those of the watch loop.

import assert from "node:assert/strict";
import { Cache, type CacheChange } from "./cache.ts";
import type { KubernetesObject, Live } from "./object.ts";
import { type Thing, thing } from "./testing/things.ts";
import { seededRandom } from "./testing/virtual_clock.ts";
import { cacheOf, del, keysOf, put, sync, textOf } from "./testing/cache_feed.ts";

Deno.test("Cache is synced by the first whole state, not by events before it", async () => {
  const { cache, feed } = cacheOf();
  let resolved = false;
  cache.synced.then(() => (resolved = true));
  await feed(put(thing("a", 1)));
  assert.deepEqual([cache.isSynced, resolved], [false, false]);
  await feed(sync(2, thing("a", 1)));
  assert.deepEqual([cache.isSynced, resolved], [true, true]);
});

Deno.test("Cache holds what the last whole state and the events since then say", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 1), thing("b", 2)));
  await feed(put(thing("b", 11)), put(thing("c", 12)), del(thing("a", 13)));
  assert.deepEqual(keysOf(cache), ["default/b@11", "default/c@12"]);
  assert.equal(cache.size, 2);
  assert.equal(cache.get("default/b")?.metadata.resourceVersion, "11");
  assert.equal(cache.get("default/a"), undefined);
  assert.deepEqual(changes.map(textOf), [
    "default/a: none → 1 (initial)",
    "default/b: none → 2 (initial)",
    "default/b: 2 → 11",
    "default/c: none → 12",
    "default/a: 1 → none",
  ]);
});

Deno.test("Cache takes a later whole state for what was missed: changed, new and gone", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 1), thing("b", 2), thing("c", 3)));
  changes.length = 0;
  await feed(sync(20, thing("a", 1), thing("b", 15), thing("d", 16)));
  assert.deepEqual(keysOf(cache), ["default/a@1", "default/b@15", "default/d@16"]);
  assert.deepEqual(changes.map(textOf), [
    "default/b: 2 → 15",
    "default/d: none → 16",
    "default/c: 3 → none",
  ]);
});

Deno.test("Cache [rule 8] takes the same name with another UID for a deletion and a new object", async () => {
  const again = thing("a", 15, { metadata: { uid: "another" } });
  for (const event of [put(again), sync(20, again)]) {
    const { cache, feed, changes } = cacheOf();
    await feed(sync(10, thing("a", 1)));
    changes.length = 0;
    await feed(event);
    assert.deepEqual(changes.map(textOf), ["default/a: 1 → none", "default/a: none → 15"]);
    assert.equal(cache.get("default/a")?.metadata.uid, "another");
  }
});

Deno.test("Cache ignores the late deletion of an object whose name is in use again", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(10, thing("a", 5, { metadata: { uid: "second" } })));
  await feed(del(thing("a", 4, { metadata: { uid: "first" } })));
  assert.deepEqual(keysOf(cache), ["default/a@5"]);
});

Deno.test("Cache ignores versions that are older than what it has, or the same", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 9)));
  changes.length = 0;
  await feed(put(thing("a", 9)), put(thing("a", 8)), sync(11, thing("a", 7)));
  await feed(put(thing("a", 6, { metadata: { uid: "an earlier one" } })));
  assert.deepEqual(keysOf(cache), ["default/a@9"]);
  assert.deepEqual(changes, []);
});

Deno.test("Cache compares versions as numbers beyond what a double can hold", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync("9007199254740993", thing("a", "9007199254740993")));
  await feed(put(thing("a", "9007199254740992")));
  assert.deepEqual(keysOf(cache), ["default/a@9007199254740993"]);
  await feed(put(thing("a", "10000000000000000000")));
  assert.deepEqual(keysOf(cache), ["default/a@10000000000000000000"]);
});

Deno.test("Cache follows a server whose history was set back", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(100, thing("a", 90), thing("b", 95), thing("c", 99)), del(thing("c", 101)));
  cache.observeDeleted("default/b", "uid-b");
  changes.length = 0;
  await feed(sync(50, thing("a", 40), thing("b", 41), thing("c", 42), { rewound: true }));
  assert.deepEqual(keysOf(cache), ["default/a@40", "default/b@41", "default/c@42"]);
  await feed(put(thing("a", 51)), sync(45, { rewound: true }));
  assert.deepEqual(keysOf(cache), []);
});

Deno.test("Cache [rule 13] drops managedFields, and what it is told not to keep", async () => {
  const big = thing("a", 1, { spec: { huge: "x" }, status: { ready: true } });
  const managed = { ...big, metadata: { ...big.metadata, managedFields: [{ manager: "m" }] } };
  const plain = cacheOf();
  await plain.feed(sync(1, managed));
  assert.deepEqual(plain.cache.get("default/a"), big);

  const keep = ({ spec: _, ...rest }: Live<Thing>) => rest;
  const slim = cacheOf({ keep });
  await slim.feed(sync(1, managed));
  assert.deepEqual(slim.cache.get("default/a"), keep(big));
  assert.deepEqual(slim.cache.observe(thing("a", 2, { spec: { huge: "y" } })), thing("a", 2));
});

Deno.test("Cache [rule 13] freezes what it keeps, to the bottom", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(1, thing("a", 1, { spec: { list: [{ deep: 1 }] } })));
  cache.observe(thing("b", 2, { spec: { list: [{ deep: 1 }] } }));
  for (const object of cache.values()) {
    const list = object.spec?.list as { deep: number }[];
    assert.throws(() => (list[0] = { deep: 2 }), TypeError);
    assert.throws(() => Object.assign(list[0] ?? {}, { deep: 2 }), TypeError);
    assert.throws(() => Object.assign(object.metadata, { name: "z" }), TypeError);
  }
});

Deno.test("Cache does not freeze or change the object that it was given", async () => {
  const { cache, feed } = cacheOf();
  const managedFields = [{ manager: "m" }];
  const mine = { ...thing("a", 1), metadata: { ...thing("a", 1).metadata, managedFields } };
  await feed(sync(1, mine));
  assert.deepEqual(mine.metadata.managedFields, [{ manager: "m" }]);
  assert.notEqual(cache.get("default/a"), mine);
});

const byColour = { colour: ({ spec }: Live<Thing>) => (spec?.colours ?? []) as string[] };
const coloured = (name: string, version: number, ...colours: string[]) =>
  thing(name, version, { spec: { colours } });

Deno.test("Cache finds objects by index, through every kind of change", async () => {
  const { cache, feed } = cacheOf({ indexes: byColour });
  const named = (colour: string) =>
    cache.byIndex("colour", colour).map(({ metadata }) => metadata.name).sort();
  await feed(sync(10, coloured("a", 1, "red", "blue"), coloured("b", 2, "red")));
  assert.deepEqual([named("red"), named("blue"), named("green")], [["a", "b"], ["a"], []]);
  await feed(put(coloured("a", 11, "green")), put(coloured("b", 3)));
  assert.deepEqual([named("red"), named("blue"), named("green")], [[], [], ["a"]]);
  cache.observe(coloured("b", 12, "green"));
  assert.deepEqual([named("red"), named("green")], [[], ["a", "b"]]);
  cache.observeDeleted("default/a", "uid-a");
  assert.deepEqual(named("green"), ["b"]);
  await feed(del(coloured("b", 13, "green")));
  assert.deepEqual(named("green"), []);
  await feed(sync(20, coloured("c", 19, "red")), sync(30));
  assert.deepEqual(named("red"), []);
});

Deno.test("Cache indexes agree with its objects after any walk", async () => {
  const { cache, feed } = cacheOf({ indexes: byColour });
  const random = seededRandom(11);
  const pick = <V>(...values: V[]): V => values[Math.floor(random() * values.length)] as V;
  for (let version = 1; version < 2_000; version++) {
    const name = pick("a", "b", "c", "d");
    const object = thing(name, version - pick(0, 0, 0, 5), {
      spec: { colours: pick<string[]>([], ["red"], ["blue", "red"], ["blue"]) },
      metadata: { uid: `${name}-${pick(1, 1, 1, 2)}` },
    });
    if (random() < 0.2) cache.observe(object);
    else await feed(pick(put(object), put(object), del(object), sync(version, object)));
    for (const colour of ["red", "blue"]) {
      const right = [...cache.values()].filter((o) => byColour.colour(o).includes(colour));
      assert.deepEqual(new Set(cache.byIndex("colour", colour)), new Set(right));
    }
  }
});

Deno.test("Cache names the index that it does not have", () => {
  assert.throws(() => new Cache<Thing>().byIndex("owner", "x"), /no index "owner"/);
});

Deno.test("Cache.onChange() calls all listeners, after the change is there to be read", async () => {
  const { cache, feed } = cacheOf();
  const seen: [string, string | undefined][] = [];
  const listen = (name: string) => ({ key }: CacheChange<Thing>) =>
    void seen.push([name, cache.get(key)?.metadata.resourceVersion]);
  cache.onChange(listen("one"));
  cache.onChange(listen("two"));
  await feed(put(thing("a", 1)), del(thing("a", 2)));
  assert.deepEqual(seen, [["one", "1"], ["two", "1"], ["one", undefined], ["two", undefined]]);
});

Deno.test("Cache.observeStatus() tells of an edit that came in just before our own write", async () => {
  const cache = new Cache<KubernetesObject>();
  const news: (number | undefined)[] = [];
  const at = (resourceVersion: string, generation: number) => ({
    metadata: { name: "a", namespace: "n", uid: "u", resourceVersion, generation },
  });
  const seen = cache.observe(at("1", 1));
  cache.onChange(({ now }) => news.push(now?.metadata.generation));
  cache.observeStatus(at("2", 1), seen);
  assert.deepEqual(news, [], "our own write is no news");
  // Generation 2 was somebody's edit, version 3; our write of status made version 4 of it.
  cache.observeStatus(at("4", 2), seen);
  assert.deepEqual(news, [2]);
  const put = (async function* () {
    yield { type: "put" as const, object: at("3", 2) };
  })();
  await cache.follow(put);
  assert.deepEqual(news, [2], "the edit's own event is older than what is known");
});

Deno.test("Cache forgets all when its kind does not exist any more, and begins anew", async () => {
  const { cache, changes, feed } = cacheOf();
  const first = cache.synced;
  cache.clear();
  await feed(sync(10, thing("a", 9)), del(thing("b", 11)));
  await first;
  changes.length = 0;
  cache.clear();
  assert.deepEqual(changes.map(textOf), ["default/a: 9 → none"]);
  assert.deepEqual([cache.size, cache.isSynced], [0, false]);
  let synced = false;
  void cache.synced.then(() => (synced = true));
  await Promise.resolve();
  assert.equal(synced, false);
  // Another server may have taken the same numbers again.
  await feed(sync(5, thing("b", 4)));
  await cache.synced;
  assert.deepEqual(changes.map(textOf).slice(1), ["default/b: none → 4 (initial)"]);
  cache.clear();
  cache.clear();
  assert.equal(changes.length, 3);
});

Deno.test("Cache keeps a part of an object that is as it was", async () => {
  const { cache, feed } = cacheOf();
  const version = (number: number, phase: string) =>
    thing("a", number, { spec: { text: "x".repeat(1_000) }, status: { phase } });
  await feed(sync(1, version(1, "Pending")));
  const before = cache.get("default/a");
  await feed(put(version(2, "Ready")));
  const now = cache.get("default/a");
  assert.deepEqual(now?.status, { phase: "Ready" });
  assert.equal(now?.spec, before?.spec);
});
