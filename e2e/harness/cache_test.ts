import assert from "node:assert/strict";
import { Cache, cacheKey, cacheRoot, exists } from "./cache.ts";

async function withCache(body: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "cache-test-" });
  try {
    await body(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const writing = (content: string) => (directory: string) =>
  Deno.writeTextFile(`${directory}/file`, content);

Deno.test("cacheRoot follows XDG_CACHE_HOME, then HOME, and asks for one of them", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  assert.equal(cacheRoot(env({ XDG_CACHE_HOME: "/x", HOME: "/h" })), "/x/dittofs-operator");
  assert.equal(cacheRoot(env({ XDG_CACHE_HOME: "", HOME: "/h" })), "/h/.cache/dittofs-operator");
  assert.throws(() => cacheRoot(env({})), /XDG_CACHE_HOME nor HOME/);
});

Deno.test("cacheKey depends on each input and its name, not on their order", () => {
  const key = cacheKey({ a: "1", b: "2" });
  assert.equal(cacheKey({ b: "2", a: "1" }), key);
  assert.notEqual(cacheKey({ a: "1", b: "3" }), key);
  assert.notEqual(cacheKey({ a: "1", c: "2" }), key);
});

Deno.test("cacheKey keeps inputs apart that read the same when put together", () => {
  assert.notEqual(cacheKey({ a: "12", b: "" }), cacheKey({ a: "1", b: "2" }));
  assert.notEqual(cacheKey({ a: "1 1 b 1 2" }), cacheKey({ a: "1", b: "2" }));
});

Deno.test("Cache.ensure builds once and finds the entry afterwards", async () => {
  await withCache(async (root) => {
    using cache = new Cache(root);
    const first = await cache.ensure("kind", "key", writing("one"));
    const second = await cache.ensure("kind", "key", writing("two"));
    assert.deepEqual([first.found, second.found], [false, true]);
    assert.equal(await Deno.readTextFile(`${second.path}/file`), "one");
  });
});

Deno.test("Cache.ensure leaves nothing of a build that failed", async () => {
  await withCache(async (root) => {
    using cache = new Cache(root);
    const broken = async (directory: string) => {
      await writing("half")(directory);
      throw new Error("out of paper");
    };
    await assert.rejects(cache.ensure("kind", "key", broken), /out of paper/);
    assert.equal(await cache.find("kind", "key"), undefined);
    const again = await cache.ensure("kind", "key", writing("whole"));
    assert.equal(await Deno.readTextFile(`${again.path}/file`), "whole");
  });
});

Deno.test("Cache.ensure lets one of many builders build and the others wait for it", async () => {
  await withCache(async (root) => {
    using caches = new DisposableStack();
    const many = Array.from({ length: 8 }, () => caches.use(new Cache(root)));
    let builds = 0;
    const build = async (directory: string) => {
      builds++;
      await writing("once")(directory);
    };
    const entries = await Promise.all(many.map((it) => it.ensure("kind", "key", build)));
    assert.equal(builds, 1);
    assert.equal(entries.filter(({ found }) => !found).length, 1);
  });
});

Deno.test("Cache.exclusively runs one at a time and tells the one that waits", async () => {
  await withCache(async (root) => {
    const order: string[] = [];
    const begun = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const first = new Cache(root).exclusively("x", async () => {
      order.push("first begins");
      begun.resolve();
      await waiting.promise;
      order.push("first ends");
    });
    await begun.promise;
    const second = new Cache(root).exclusively("x", () => {
      order.push("second");
      return Promise.resolve();
    }, () => {
      order.push("second waits");
      waiting.resolve();
    });
    await Promise.all([first, second]);
    assert.deepEqual(order, ["first begins", "second waits", "first ends", "second"]);
  });
});

Deno.test("Cache.trim removes old entries, but none that is young, of this run or in use", async () => {
  await withCache(async (root) => {
    const day = 24 * 60 * 60 * 1000;
    for (const key of ["old", "young", "held", "mine"]) {
      using cache = new Cache(root);
      await cache.ensure("kind", key, writing(key));
    }
    const age = async (key: string, days: number) => {
      const time = new Date(Date.now() - days * day);
      await Deno.utime(`${root}/kind/${key}.lock`, time, time);
    };
    using other = new Cache(root);
    await other.find("kind", "held");
    using cache = new Cache(root);
    await cache.find("kind", "mine");
    for (const key of ["old", "held", "mine"]) await age(key, 15);
    await age("young", 13);
    assert.deepEqual(await cache.trim(), ["kind/old"]);
    assert.equal(await exists(`${root}/kind/old`), false);
    assert.equal(await exists(`${root}/kind/held/file`), true);
  });
});

Deno.test("Cache.trim removes what an interrupted run left in scratch, but not what is in work", async () => {
  await withCache(async (root) => {
    using cache = new Cache(root);
    const left = await cache.scratch("build");
    const working = await cache.scratch("build");
    const time = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await Deno.utime(left, time, time);
    assert.deepEqual(await cache.trim(), [left.slice(root.length + 1)]);
    assert.deepEqual([await exists(left), await exists(working)], [false, true]);
  });
});
