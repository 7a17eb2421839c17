// Whether a live object says all that we want: a table of cases.

import assert from "node:assert/strict";
import { covers, same } from "./covers.ts";
import { seededRandom } from "./testing/virtual_clock.ts";

const yes: [what: string, live: unknown, desired: unknown][] = [
  ["equal values", { a: [1, "x", null, true] }, { a: [1, "x", null, true] }],
  ["fields of others", { a: 1, theirs: { b: 2 } }, { a: 1 }],
  ["fields of others deep down", { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1 } } }],
  ["no wish about a field", { a: 1 }, { a: 1, b: undefined }],
  ["no wish about a field that is there", { a: 1, b: 5 }, { a: 1, b: undefined }],
  ["named elements in another order", [{ name: "x" }, { name: "y" }], [{ name: "y" }, {
    name: "x",
  }]],
  ["named elements of others", [{ name: "x", a: 1 }, { name: "sidecar" }], [{ name: "x" }]],
  ["defaults in elements", [{ port: 1, protocol: "TCP" }], [{ port: 1 }]],
  ["an empty wish", { a: 1 }, {}],
];

const no: [what: string, live: unknown, desired: unknown][] = [
  ["another value", { a: 1 }, { a: 2 }],
  ["another type", { a: 1 }, { a: "1" }],
  ["a missing field", {}, { a: 1 }],
  ["a missing object", undefined, {}],
  ["null where something is wanted", { a: null }, { a: {} }],
  ["something where null is wanted", { a: 1 }, { a: null }],
  ["a list that is too short", [1], [1, 2]],
  ["a list that is too long", [1, 2], [1]],
  ["a list in another order", [2, 1], [1, 2]],
  ["an object where a list is wanted", { 0: 1 }, [1]],
  ["a list where an object is wanted", [1], { 0: 1 }],
  ["a missing named element", [{ name: "x" }], [{ name: "x" }, { name: "y" }]],
  ["a changed named element", [{ name: "x", a: 2 }, { name: "y" }], [{ name: "x", a: 1 }]],
  ["an element more without names", [{ port: 1 }, { port: 2 }], [{ port: 1 }]],
  ["an element more where a name is there twice", [{ name: "x" }, { name: "x" }], [{ name: "x" }]],
  ["elements of which one has no name", [{ name: "x" }, {}], [{ name: "x" }]],
];

for (const [what, live, desired] of yes) {
  Deno.test(`covers() says yes to ${what}`, () => assert.equal(covers(live, desired), true));
}

for (const [what, live, desired] of no) {
  Deno.test(`covers() says no to ${what}`, () => assert.equal(covers(live, desired), false));
}

Deno.test("same() wants both sides to say the same, whatever the order of fields", () => {
  assert.equal(same({ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }), true);
  assert.equal(same({ a: 1 }, { a: 1, b: undefined }), true);
  assert.equal(same({ a: 1 }, { a: 1, b: 2 }), false);
  assert.equal(same({ a: 1, b: 2 }, { a: 1 }), false);
  assert.equal(same([{ name: "x" }], [{ name: "x" }, { name: "y" }]), false);
  assert.equal(same([{ name: "x" }, { name: "y" }], [{ name: "x" }]), false);
  assert.equal(same([{ name: "x" }], []), false);
  assert.equal(same([], [{ name: "x" }]), false);
  assert.equal(same({ l: [{ name: "x", m: [1] }] }, { l: [{ name: "x", m: [1, 2] }] }), false);
  assert.equal(same(undefined, {}), false);
  assert.equal(same(undefined, undefined), true);
});

Deno.test("covers() says yes to a value that only grew, and no to one that lost or changed a leaf", () => {
  const random = seededRandom(9);
  for (let i = 0; i < 500; i++) {
    const desired = { root: randomValue(random, 4) };
    assert.equal(covers(structuredClone(desired), desired), true);
    assert.equal(covers(grown(desired), desired), true, JSON.stringify(desired));
    assert.equal(covers(spoilt(desired), desired), false, JSON.stringify(desired));
  }
});

/** Any JSON value without lists of named elements; never an empty object, which wants nothing. */
function randomValue(random: () => number, depth: number): unknown {
  const dice = depth === 0 ? 0 : random();
  if (dice < 0.3) return Math.floor(random() * 10);
  const length = 1 + Math.floor(random() * 3);
  const parts = Array.from({ length }, () => randomValue(random, depth - 1));
  return dice < 0.6 ? parts : Object.fromEntries(parts.map((part, i) => [`field${i}`, part]));
}

function grown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grown);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, part]) => [name, grown(part)]);
  return { theirs: 1, ...Object.fromEntries(fields) };
}

/** The same with its last leaf changed. */
function spoilt(value: unknown): unknown {
  if (Array.isArray(value)) return [...value.slice(0, -1), spoilt(value.at(-1))];
  if (typeof value !== "object" || value === null) return "spoilt";
  const [name = "", part] = Object.entries(value).at(-1) ?? [];
  return { ...value, [name]: spoilt(part) };
}
