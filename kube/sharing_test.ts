import { strict as assert } from "node:assert";
import { Sharing } from "./sharing.ts";

Deno.test("Sharing gives equal parts of two objects one place", () => {
  const sharing = new Sharing();
  const one = sharing.share({ name: "a", labels: { app: "files" }, ports: [{ port: 1 }] });
  const two = sharing.share({ name: "b", labels: { app: "files" }, ports: [{ port: 1 }] });
  assert.deepEqual(two, { name: "b", labels: { app: "files" }, ports: [{ port: 1 }] });
  assert.equal(two.labels, one.labels);
  assert.equal(two.ports, one.ports);
});

Deno.test("Sharing freezes all that it gives back", () => {
  const shared = new Sharing().share({ list: [{ deep: true }] });
  assert.ok(Object.isFrozen(shared) && Object.isFrozen(shared.list[0]));
});

Deno.test("Sharing tells a text from an object that is written like it", () => {
  const sharing = new Sharing();
  const object = sharing.share({ a: 1 });
  assert.equal(sharing.share('{"a":1}'), '{"a":1}');
  assert.equal(sharing.share({ a: 1 }), object);
});

Deno.test("Sharing forgets what was not met for a while, and nothing that was", () => {
  const sharing = new Sharing(1);
  const seldom = sharing.share({ seldom: 0 });
  const often = sharing.share({ often: 0 });
  for (let i = 0; i < 16; i++) {
    sharing.share(i % 2 ? { often: 0 } : { other: i });
  }
  assert.equal(sharing.share({ often: 0 }), often);
  assert.notEqual(sharing.share({ seldom: 0 }), seldom);
});

Deno.test("Sharing leaves long parts as they are", () => {
  const sharing = new Sharing();
  const long = () => ({ text: "x".repeat(1_000) });
  assert.notEqual(sharing.share(long()), sharing.share(long()));
});

Deno.test("Sharing does not hold on to a long part by what is around it", () => {
  const long = Object.freeze({ text: "x".repeat(1_000) });
  const sharing = new Sharing();
  assert.notEqual(sharing.share({ long }), sharing.share({ long }));
});
