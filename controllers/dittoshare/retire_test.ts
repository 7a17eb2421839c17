import assert from "node:assert/strict";
import { look } from "./_look.ts";
import { METADATA, storeRow } from "./_rows.ts";
import { retire } from "./retire.ts";

const USUAL = "/store/metadata/share-projects";
const FURTHER = "share-projects-0f0e0d0c";
const left = (config: object) =>
  storeRow("used", "share-projects", "memory", { retired: true, ...config });

async function retired(name: string, routes: Readonly<Record<string, unknown>>) {
  const { connection, http } = look({ routes: { ...routes, [`PUT ${USUAL}`]: METADATA } });
  await retire("projects", connection.client, name);
  return http.writes;
}

Deno.test("retire() leaves the row of the usual name, so that it is never used again", async () => {
  assert.deepEqual(await retired("share-projects", { [`GET ${USUAL}`]: METADATA }), [
    `PUT ${USUAL} {"config":"{\\"retired\\":true}","type":"memory"}`,
  ]);
});

Deno.test("retire() does nothing about what it has done, or what is gone", async () => {
  assert.deepEqual(await retired("share-projects", { [`GET ${USUAL}`]: left({}) }), []);
  assert.deepEqual(await retired("share-projects", {}), []);
});

Deno.test("retire() takes the pointer to a further name away before its row", async () => {
  assert.deepEqual(await retired(FURTHER, { [`GET ${USUAL}`]: left({ next: FURTHER }) }), [
    `PUT ${USUAL} {"config":"{\\"retired\\":true}","type":"memory"}`,
    `DELETE /store/metadata/${FURTHER}`,
  ]);
});

Deno.test("retire() leaves the pointer to somebody else's name", async () => {
  assert.deepEqual(await retired(FURTHER, { [`GET ${USUAL}`]: left({ next: "other" }) }), [
    `DELETE /store/metadata/${FURTHER}`,
  ]);
});
