// Read your own writes [rule 14]: a cache is never behind what this program has written, and a
// write of its own does not wake it up again.

import assert from "node:assert/strict";
import { cacheOf, del, keysOf, put, sync, textOf } from "./testing/cache_feed.ts";
import { thing } from "./testing/things.ts";

Deno.test("Cache.observe() [rule 14] shows a write at once, and what the watch then says of it is no news (W47)", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  changes.length = 0;
  const kept = cache.observe(thing("a", 11));
  assert.equal(cache.get("default/a"), kept);
  cache.observe(thing("b", 12));
  await feed(put(thing("a", 11)), put(thing("b", 12)));
  assert.equal(cache.get("default/a"), kept);
  assert.deepEqual(changes, []);
  await feed(put(thing("a", 13)));
  assert.deepEqual(changes.map(textOf), ["default/a: 11 → 13"]);
});

Deno.test("Cache.observe() [rule 14] is not undone by events from before the write", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  changes.length = 0;
  cache.observe(thing("a", 12));
  await feed(put(thing("a", 11)));
  assert.deepEqual(keysOf(cache), ["default/a@12"]);
  assert.deepEqual(changes, []);
});

Deno.test("Cache.observe() returns what the watch has already brought", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(10, thing("a", 5)), put(thing("a", 12)));
  assert.equal(cache.observe(thing("a", 12)), cache.get("default/a"));
  assert.equal(cache.observe(thing("a", 11)), cache.get("default/a"));
  assert.deepEqual(keysOf(cache), ["default/a@12"]);
});

Deno.test("Cache.observe() [rule 14] survives a list that was taken before the write", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  changes.length = 0;
  cache.observe(thing("a", 22));
  cache.observe(thing("b", 21));
  await feed(sync(20, thing("a", 5)));
  assert.deepEqual(keysOf(cache), ["default/a@22", "default/b@21"]);
  assert.deepEqual(changes, []);
  await feed(sync(30, thing("a", 22)));
  assert.deepEqual(keysOf(cache), ["default/a@22"]);
});

Deno.test("Cache.observe() takes an object of another UID for the present one, if it is newer", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  cache.observe(thing("a", 11, { metadata: { uid: "second" } }));
  assert.equal(cache.get("default/a")?.metadata.uid, "second");
  cache.observe(thing("a", 6));
  assert.equal(cache.get("default/a")?.metadata.uid, "second");
});

Deno.test("Cache.observe() does not bring back what was deleted before the answer arrived", async () => {
  const late = thing("a", 11);
  const byEvent = cacheOf();
  await byEvent.feed(sync(10, thing("a", 5)), put(late), del(thing("a", 12)));
  byEvent.cache.observe(late);
  assert.deepEqual(keysOf(byEvent.cache), []);

  const bySync = cacheOf();
  await bySync.feed(sync(10, thing("a", 5)), sync(20));
  bySync.cache.observe(late);
  assert.deepEqual(keysOf(bySync.cache), []);
});

Deno.test("Cache takes an object back that left its selection and came again", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(10, thing("a", 5)), del(thing("a", 11)), put(thing("a", 12)));
  assert.deepEqual(keysOf(cache), ["default/a@12"]);
  await feed(del(thing("a", 13)));
  cache.observe(thing("a", 14));
  assert.deepEqual(keysOf(cache), ["default/a@14"]);
});

Deno.test("Cache does not remember all deletions for ever", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(1, thing("first", 1)), del(thing("first", 2)));
  for (let i = 0; i < 999; i++) await feed(del(thing(`other-${i}`, 3)));
  cache.observe(thing("first", 1));
  assert.deepEqual(keysOf(cache), []);
  await feed(del(thing("one-more", 3)));
  cache.observe(thing("first", 1));
  assert.deepEqual(keysOf(cache), ["default/first@1"]);
});

Deno.test("Cache.observeDeleted() [rule 14] removes at once and in silence", async () => {
  const { cache, feed, changes } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  changes.length = 0;
  cache.observeDeleted("default/a", "uid-a");
  assert.deepEqual(keysOf(cache), []);
  await feed(put(thing("a", 11)), del(thing("a", 12)));
  assert.deepEqual(keysOf(cache), []);
  assert.deepEqual(changes, []);
});

Deno.test("Cache.observeDeleted() leaves another object of the same name alone", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  cache.observeDeleted("default/a", "another");
  cache.observeDeleted("default/b", "uid-b");
  assert.deepEqual(keysOf(cache), ["default/a@5"]);
  await feed(put(thing("b", 11)));
  assert.deepEqual(keysOf(cache), ["default/a@5", "default/b@11"]);
});

Deno.test("Cache.observeDeleted() [rule 14] survives a list that was taken before the deletion", async () => {
  const { cache, feed } = cacheOf();
  await feed(sync(10, thing("a", 5)));
  cache.observeDeleted("default/a", "uid-a");
  await feed(sync(11, thing("a", 5)), put(thing("a", 12)));
  assert.deepEqual(keysOf(cache), []);
  await feed(del(thing("a", 13)), put(thing("a", 14, { metadata: { uid: "second" } })));
  assert.deepEqual(keysOf(cache), ["default/a@14"]);
});
