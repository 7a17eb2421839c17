// Keys, owners and versions.

import assert from "node:assert/strict";
import { controllerOf, isNewer, keyOf, makeKey, splitKey } from "./object.ts";
import { seededRandom } from "./testing/virtual_clock.ts";

Deno.test("isNewer() compares versions as numbers", () => {
  assert.equal(isNewer("10", "9"), true);
  assert.equal(isNewer("9", "10"), false);
  assert.equal(isNewer("10", "10"), false);
  assert.equal(isNewer("2", "1"), true);
});

Deno.test("isNewer() is exact beyond what a double can hold", () => {
  assert.equal(isNewer("9007199254740993", "9007199254740992"), true);
  assert.equal(isNewer("9007199254740992", "9007199254740993"), false);
  assert.equal(isNewer("18446744073709551616", "18446744073709551615"), true);
  const random = seededRandom(1);
  for (let i = 0; i < 1_000; i++) {
    const a = BigInt(Math.floor(random() * 2 ** 53)) * BigInt(Math.floor(random() * 2 ** 20));
    const b = a + BigInt(Math.floor(random() * 5) - 2);
    if (b > 0n) assert.equal(isNewer(String(a), String(b)), a > b, `${a} ${b}`);
  }
});

Deno.test("makeKey() and splitKey() are inverse, with and without a namespace", () => {
  assert.equal(makeKey("ns", "a"), "ns/a");
  assert.equal(makeKey(undefined, "a"), "a");
  assert.deepEqual(splitKey("ns/a"), { namespace: "ns", name: "a" });
  assert.deepEqual(splitKey("a"), { name: "a" });
});

Deno.test("keyOf() is the key of the metadata, also of an object without any", () => {
  assert.equal(keyOf({ metadata: { namespace: "ns", name: "a" } }), "ns/a");
  assert.equal(keyOf({ metadata: { name: "a" } }), "a");
  assert.equal(keyOf({}), "");
});

Deno.test("controllerOf() finds the one owner that controls", () => {
  const owner = { apiVersion: "v1", kind: "Thing", name: "a", uid: "1" };
  const controller = { ...owner, uid: "2", controller: true };
  const others = [owner, { ...owner, uid: "3", controller: false }];
  assert.deepEqual(
    controllerOf({ metadata: { ownerReferences: [...others, controller] } }),
    controller,
  );
  assert.equal(controllerOf({ metadata: { ownerReferences: others } }), undefined);
  assert.equal(controllerOf({}), undefined);
});
