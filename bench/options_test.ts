import assert from "node:assert/strict";
import { OptionsError, partsOf, readOptions } from "./options.ts";
import { PARTS } from "./run.ts";

Deno.test("readOptions measures everything at three sizes unless told", () => {
  const options = readOptions([]);
  assert.deepEqual(options?.servers, [200, 1000, 5000]);
  assert.deepEqual([...options?.parts ?? []], [...PARTS]);
  assert.equal(options?.save, true);
});

Deno.test("readOptions sorts sizes and takes parts by name", () => {
  const options = readOptions(["--servers", "1000,200", "--only", "limit,create", "--dry"]);
  assert.deepEqual(options?.servers, [200, 1000]);
  assert.deepEqual([...options?.parts ?? []], ["limit", "create"]);
  assert.equal(options?.save, false);
});

Deno.test("readOptions says what it does not understand", () => {
  const refused = (...args: string[]) => assert.throws(() => readOptions(args), OptionsError);
  refused("--servers", "many");
  refused("--servers", "0");
  refused("--only", "speed");
  refused("--fast");
});

Deno.test("partsOf measures edits and foreign objects once, and load only where it is affordable", () => {
  const options = readOptions([]);
  assert.ok(options);
  assert.ok(partsOf(options, 200).has("foreign"));
  assert.ok(!partsOf(options, 1000).has("foreign"));
  assert.ok(!partsOf(options, 1000).has("edit"));
  assert.ok(partsOf(options, 1000).has("load"));
  assert.ok(!partsOf(options, 5000).has("load"));
});
