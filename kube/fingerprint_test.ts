import assert from "node:assert/strict";
import { fingerprint } from "./fingerprint.ts";

const value = {
  metadata: { name: "demo", labels: { "app.kubernetes.io/name": "dittofs" } },
  spec: { replicas: 1, ports: [{ port: 2049 }, { port: 445 }] },
};

Deno.test("fingerprint() of an equal value is the same, and an integer that JSON can carry", () => {
  const mark = fingerprint(value);
  assert.equal(fingerprint(structuredClone(value)), mark);
  assert.equal(fingerprint({ ...value, status: undefined }), mark);
  assert.ok(Number.isSafeInteger(mark));
});

Deno.test("fingerprint() tells apart what differs by one bit of one character, anywhere", () => {
  const text = JSON.stringify(value).repeat(3);
  const seen = new Map([[fingerprint(text), text]]);
  for (let i = 0; i < text.length; i++) {
    for (let bit = 1; bit <= 0x8000; bit *= 2) {
      const changed = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ bit) +
        text.slice(i + 1);
      const mark = fingerprint(changed);
      assert.equal(seen.get(mark), undefined, `character ${i}, bit ${bit}`);
      seen.set(mark, changed);
    }
  }
  assert.ok(seen.size > 5_000);
});

Deno.test("fingerprint() tells small numbers, orders and lengths apart", () => {
  const values = [
    ...Array.from({ length: 10_000 }, (_, i) => ({ resourceVersion: `${i}` })),
    ...Array.from({ length: 1_000 }, (_, i) => "0".repeat(i + 1)),
    ...[[1, 2], [2, 1], [12], "", null, {}, []],
  ];
  assert.equal(new Set(values.map(fingerprint)).size, values.length);
});
