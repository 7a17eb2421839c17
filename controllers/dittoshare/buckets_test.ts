import assert from "node:assert/strict";
import { BucketGround, shareKey } from "./_bucket_ground.ts";
import { LOOK_AT_MOST_MS } from "./buckets.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The times between some moments. */
const gaps = (moments: readonly number[]) =>
  moments.slice(1).map((moment, i) => moment - (moments[i] ?? NaN));

Deno.test("Buckets are asked one thing, once in each 38 to 45 s, and no share has a pass for it", async () => {
  await using ground = new BucketGround();
  ground.share("a", {});
  ground.share("b", {});
  await ground.clock.advance(HOUR);
  assert.deepEqual(
    new Set(ground.asked.map(({ what }) => what)),
    new Set(["GET /store/block/remote/a/status", "GET /store/block/remote/b/status"]),
  );
  const between = gaps(ground.looksAt("a"));
  assert.ok(between.length >= 80 && between.length <= 95, `${between.length}`);
  for (const ms of between) assert.ok(ms >= 38_000 && ms <= LOOK_AT_MOST_MS + 100, `${ms}`);
  assert.notDeepEqual(between, gaps(ground.looksAt("b")));
  assert.deepEqual(ground.passes, []);
});

Deno.test("Buckets that die are told once, in time for a pass that waits for them too", async () => {
  await using ground = new BucketGround();
  const bucket = ground.share("a", {});
  // The worst moment is just after an answer.
  await ground.untilAsked();
  Object.assign(bucket, { health: "unhealthy", answerMs: 5_000 });
  const died = ground.clock.now();
  await ground.clock.advance(10 * MINUTE);
  assert.deepEqual(ground.passes.map(({ key }) => key), [shareKey("a")]);
  const [told] = ground.passes;
  assert.ok(told && told.at - died + bucket.answerMs < MINUTE);
});

Deno.test("Buckets that are back are told at once after a blink, and within a minute after a day", async () => {
  for (const [downMs, withinMs] of [[10_000, 6_500], [24 * HOUR, MINUTE]] as const) {
    await using ground = new BucketGround();
    const bucket = ground.share("a", { health: "unhealthy", answerMs: 10 });
    await ground.clock.advance(downMs);
    assert.equal(ground.passes.length, 0);
    bucket.health = "healthy";
    const back = ground.clock.now();
    await ground.clock.advance(2 * MINUTE);
    const [told, ...more] = ground.passes;
    assert.ok(told && told.at - back < withinMs);
    assert.deepEqual(more, []);
  }
});

Deno.test("Buckets that are dead for long are asked as seldom as those that answer", async () => {
  await using ground = new BucketGround();
  ground.share("a", { health: "unhealthy", answerMs: 5_000 });
  await ground.clock.advance(HOUR);
  ground.asked.length = 0;
  await ground.clock.advance(HOUR);
  assert.ok(ground.asked.length <= 80);
  assert.deepEqual(ground.passes, []);
});

Deno.test("Buckets do not answer when the server says nothing of them, or nothing at all", async () => {
  for (const fault of [{ health: "gone" }, { health: "broken" }, { answerMs: HOUR }] as const) {
    await using ground = new BucketGround();
    const bucket = ground.share("a", {});
    Object.assign(bucket, fault);
    await ground.clock.advance(MINUTE);
    assert.equal(ground.passes.length, 1);
    Object.assign(bucket, { health: "degraded", answerMs: 10 });
    await ground.clock.advance(MINUTE);
    assert.equal(ground.passes.length, 2);
  }
});

Deno.test("Buckets that take their time delay no other, of their server or of another", async () => {
  await using ground = new BucketGround();
  const dead = { health: "unhealthy", answerMs: 9_000 } as const;
  for (let i = 0; i < 200; i++) ground.share(`dead-${i}`, dead);
  ground.share("beside", {});
  ground.share("elsewhere", { server: "other" });
  await ground.clock.advance(10 * MINUTE);
  for (const name of ["beside", "elsewhere"]) {
    const between = gaps(ground.looksAt(name));
    assert.ok(between.length >= 12);
    assert.ok(between.every((ms) => ms <= LOOK_AT_MOST_MS + 100), `${Math.max(...between)}`);
  }
});

Deno.test("Buckets are not asked again just after a pass has asked them, and its word counts", async () => {
  await using ground = new BucketGround();
  const bucket = ground.share("a", {});
  const share = ground.shares.get(shareKey("a"));
  assert.ok(share);
  for (let i = 0; i < 20; i++) {
    await ground.clock.advance(30_000);
    ground.pass(share);
  }
  assert.deepEqual(ground.asked, []);
  // While a look is under way somebody else finds out.
  bucket.answerMs = 8_000;
  await ground.untilAsked();
  bucket.health = "unhealthy";
  ground.pass(share);
  await ground.clock.advance(9_000);
  assert.deepEqual(ground.passes, []);
});

Deno.test("Buckets of a server that is paused or does not run are not asked, and nothing is made of that", async () => {
  await using ground = new BucketGround();
  ground.share("a", {});
  ground.share("b", { server: "other" });
  ground.server("demo", { paused: true });
  ground.down.add("files/other");
  await ground.clock.advance(HOUR);
  assert.deepEqual([ground.asked, ground.passes], [[], []]);
  ground.server("demo");
  ground.down.clear();
  await ground.clock.advance(MINUTE);
  assert.deepEqual([ground.asked.length, ground.passes], [2, []]);
});

Deno.test("Buckets of shares that go are asked no more", async () => {
  await using ground = new BucketGround();
  ground.share("a", {});
  ground.deleting("a");
  await ground.clock.advance(HOUR);
  assert.deepEqual(ground.asked, []);
  assert.equal(ground.clock.pending, 0);
});

Deno.test("Buckets are not asked by a copy that does not lead, and at once by one that leads again", async () => {
  await using ground = new BucketGround();
  const bucket = ground.share("a", {});
  await ground.clock.advance(10);
  const lost = ground.clock.now();
  bucket.health = "unhealthy";
  await ground.loseLeadership(HOUR);
  await ground.clock.advance(1_000);
  assert.ok(ground.asked.every(({ at }) => at >= lost + HOUR));
  assert.equal(ground.passes.length, 1);
});
