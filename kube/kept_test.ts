// What is kept says what it was made from, and shares what it can.

import assert from "node:assert/strict";
import { frozen } from "./kept.ts";
import type { KubernetesObject, Live } from "./object.ts";
import { seededRandom } from "./testing/virtual_clock.ts";

interface Thing extends KubernetesObject {
  readonly spec?: unknown;
}

const thing = (version: number, spec: unknown, labels = { app: "files" }): Live<Thing> => ({
  metadata: { name: "a", uid: "u", resourceVersion: String(version), labels },
  spec,
});

const keep = (object: Live<Thing>, old?: Live<Thing>) =>
  frozen<Thing, Thing>(object, (o) => o, old);

/** More than is shared between objects: what is one and the same here is so because of `old`. */
const long = "x".repeat(1_000);

Deno.test("frozen() keeps parts that are as they were, however deep", () => {
  const old = keep(thing(1, { list: [{ text: long, port: 1 }, { text: long, port: 2 }] }));
  const now = keep(thing(2, { list: [{ text: long, port: 1 }, { text: long, port: 3 }] }), old);
  const [before, after] = [old, now].map(({ spec }) => (spec as { list: unknown[] }).list);
  assert.equal(after?.[0], before?.[0]);
  assert.deepEqual(after?.[1], { text: long, port: 3 });
  assert.equal(now.metadata.labels, old.metadata.labels);
});

Deno.test("frozen() sees what is gone", () => {
  const old = keep(thing(1, { a: long, b: [1, 2, { c: long }] }));
  assert.deepEqual(keep(thing(2, { a: long, b: [1, 2] }), old).spec, { a: long, b: [1, 2] });
  assert.deepEqual(keep(thing(2, { b: [1, 2, {}] }), old).spec, { b: [1, 2, {}] });
  assert.deepEqual(keep(thing(2, { a: long, b: {} }), old).spec, { a: long, b: {} });
  assert.deepEqual(keep(thing(2, { a: long, b: null }), old).spec, { a: long, b: null });
});

Deno.test("frozen() says what the object says, whatever was kept before", () => {
  const random = seededRandom(5);
  let old = keep(thing(1, {}));
  for (let i = 0; i < 2_000; i++) {
    const object = thing(i, randomValue(random, 4));
    const said = structuredClone(object);
    old = keep(object, old);
    assert.deepEqual(old, said, `step ${i}`);
    assert.ok(Object.isFrozen(old.metadata));
  }
});

/** Values of few kinds, so that parts are often equal and often nearly so. */
function randomValue(random: () => number, depth: number): unknown {
  const dice = depth === 0 ? 0 : random();
  if (dice < 0.2) return [0, 1, "", "1", null, true, "a text that is long"][pick(random, 7)];
  const parts = Array.from({ length: pick(random, 3) }, () => randomValue(random, depth - 1));
  if (dice < 0.5) return parts;
  return Object.fromEntries(parts.map((part) => ["ab1"[pick(random, 3)], part]));
}

const pick = (random: () => number, below: number) => Math.floor(random() * below);
