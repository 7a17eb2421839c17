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
  ["merged elements in another order", { env: [{ name: "x" }, { name: "y" }] }, {
    env: [{ name: "y" }, { name: "x" }],
  }],
  ["merged elements of others", { containers: [{ name: "x", a: 1 }, { name: "sidecar" }] }, {
    containers: [{ name: "x" }],
  }],
  ["merged lists in merged elements", {
    containers: [{ name: "x", volumeMounts: [{ mountPath: "/theirs" }, { mountPath: "/a" }] }],
  }, { containers: [{ name: "x", volumeMounts: [{ mountPath: "/a" }] }] }],
  ["two mounts of one volume and one of others", {
    volumeMounts: [{ name: "v", mountPath: "/a" }, { name: "v", mountPath: "/b" }, {
      name: "token",
      mountPath: "/t",
    }],
  }, { volumeMounts: [{ name: "v", mountPath: "/b" }, { name: "v", mountPath: "/a" }] }],
  ["owners of others", { ownerReferences: [{ uid: "1", name: "x" }, { uid: "2", name: "x" }] }, {
    ownerReferences: [{ uid: "2", name: "x" }],
  }],
  ["a port of both protocols", {
    ports: [{ port: 1, protocol: "UDP" }, { port: 1, protocol: "TCP" }],
  }, {
    ports: [{ port: 1 }],
  }],
  ["container ports of others", {
    ports: [{ containerPort: 2, protocol: "TCP" }, { containerPort: 1, protocol: "TCP" }],
  }, { ports: [{ containerPort: 1 }] }],
  ["finalizers of others", { finalizers: ["theirs", "ours"] }, { finalizers: ["ours"] }],
  ["spread constraints of others", {
    topologySpreadConstraints: [
      { topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" },
      { topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
    ],
  }, {
    topologySpreadConstraints: [{ topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }],
  }],
  ["defaults in elements of an atomic list", { items: [{ key: "a", mode: 420 }] }, {
    items: [{ key: "a" }],
  }],
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
  ["a missing merged element", { env: [{ name: "x" }] }, { env: [{ name: "x" }, { name: "y" }] }],
  ["a changed merged element", { env: [{ name: "x", a: 2 }, { name: "y" }] }, {
    env: [{ name: "x", a: 1 }],
  }],
  [
    "a merged element that is there twice",
    { env: [{ name: "x" }, { name: "x", value: "edited" }] },
    {
      env: [{ name: "x" }],
    },
  ],
  ["an element more in an atomic list of named things", {
    httpHeaders: [{ name: "x" }, { name: "edited" }],
  }, { httpHeaders: [{ name: "x" }] }],
  ["another order in an atomic list of named things", { sysctls: [{ name: "x" }, { name: "y" }] }, {
    sysctls: [{ name: "y" }, { name: "x" }],
  }],
  ["an element more in a merged name within an atomic list", {
    ingress: [{ ports: [{ port: 1 }, { port: 2 }] }],
  }, { ingress: [{ ports: [{ port: 1 }] }] }],
  ["a rule more in an atomic list", { ingress: [{ from: [] }, {}] }, { ingress: [{ from: [] }] }],
  ["a port of the other protocol", { ports: [{ port: 1, protocol: "UDP" }] }, {
    ports: [{ port: 1 }],
  }],
  ["a missing finalizer", { finalizers: ["theirs"] }, { finalizers: ["ours"] }],
  ["an object where a merged list is wanted", { env: { name: "x" } }, { env: [{ name: "x" }] }],
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
  assert.equal(same({ env: [{ name: "x" }, { name: "y" }] }, { env: [{ name: "x" }] }), false);
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
