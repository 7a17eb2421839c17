import assert from "node:assert/strict";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import { BELIEVED_MS, Listing } from "./listing.ts";
import type { Row } from "./mark.ts";

const alice = { id: "1", name: "alice", text: "" };
const bob = { id: "2", name: "bob", text: "" };

const names = async (rows: Promise<{ values(): Iterable<Row> }>) =>
  [...(await rows).values()].map(({ name }) => name);

/** A server that counts its lists. */
function server(...rows: Row[]) {
  let asked = 0;
  const list = () => {
    asked++;
    return Promise.resolve(rows);
  };
  return { list, asked: () => asked };
}

Deno.test("Listing asks once for a hundred who ask together", async () => {
  const listing = new Listing<Row>(new VirtualClock());
  const { list, asked } = server(alice);
  await Promise.all(Array.from({ length: 100 }, () => listing.of("files/demo", list)));
  assert.deepEqual(await names(listing.of("files/demo", list)), ["alice"]);
  assert.equal(asked(), 1);
});

Deno.test("Listing asks again after a few seconds, when told to forget, and for each server", async () => {
  const clock = new VirtualClock();
  const listing = new Listing<Row>(clock);
  const { list, asked } = server();
  await listing.of("files/demo", list);
  await listing.of("files/other", list);
  assert.equal(asked(), 2);
  await clock.advance(BELIEVED_MS - 1);
  await listing.of("files/demo", list);
  assert.equal(asked(), 2);
  await clock.advance(1);
  await listing.of("files/demo", list);
  assert.equal(asked(), 3);
  listing.forget("files/demo");
  await listing.of("files/demo", list);
  assert.equal(asked(), 4);
});

Deno.test("Listing keeps what we have written, though the list was on its way then", async () => {
  const listing = new Listing<Row>(new VirtualClock());
  const { promise, resolve } = Promise.withResolvers<Row[]>();
  const rows = listing.of("files/demo", () => promise);
  listing.put("files/demo", alice);
  listing.remove("files/demo", bob);
  resolve([bob]);
  assert.deepEqual(await names(rows), ["alice"]);
  listing.put("files/demo", bob);
  listing.remove("files/demo", alice);
  assert.deepEqual(await names(listing.of("files/demo", () => promise)), ["bob"]);
});

Deno.test("Listing tells a failure to those who asked for it, and asks anew for the next", async () => {
  const listing = new Listing<Row>(new VirtualClock());
  const failing = () => Promise.reject(new Error("no answer"));
  const asked = [listing.of("files/demo", failing), listing.of("files/demo", failing)];
  for (const rows of asked) await assert.rejects(rows, /no answer/);
  assert.deepEqual(await names(listing.of("files/demo", server(alice).list)), ["alice"]);
});

Deno.test("Listing tells of rows that come and go by our own hand, and not of those that change", async () => {
  const listing = new Listing<Row>(new VirtualClock());
  const told: string[] = [];
  listing.onChange((server, { name, moved, freed }) => {
    told.push(
      `${server} ${name}${moved ? "" : " stays"}${freed === undefined ? "" : ` frees ${freed}`}`,
    );
  });
  await listing.of("files/demo", server(alice).list);
  listing.put("files/demo", { ...alice, text: "changed" });
  assert.deepEqual(told.splice(0), []);
  listing.put("files/demo", bob);
  listing.remove("files/demo", alice);
  // Where nothing has been listed yet, it may be new to who waits for it.
  listing.put("files/other", bob);
  assert.deepEqual(told.splice(0), ["files/demo bob", "files/demo alice", "files/other bob"]);
  listing.put("files/demo", { ...bob, number: 1001 });
  listing.put("files/demo", { ...bob, number: 1002 });
  listing.remove("files/demo", bob);
  assert.deepEqual(told, ["files/demo bob stays frees 1001", "files/demo bob frees 1002"]);
});
