import assert from "node:assert/strict";
import { sourceFiles } from "./_files.ts";
import { longestFirst, slowFiles } from "./_longest_first.ts";

Deno.test("longestFirst() begins with the slow files that there are, and leaves out none", () => {
  const [slow = ""] = slowFiles;
  assert.deepEqual(longestFirst(["a_test.ts", slow, "b_test.ts"]), [
    slow,
    "a_test.ts",
    "b_test.ts",
  ]);
  assert.deepEqual(longestFirst(["a_test.ts"]), ["a_test.ts"]);
});

Deno.test("slowFiles are files that exist", async () => {
  const files = await sourceFiles(new URL("../", import.meta.url).href);
  assert.deepEqual(slowFiles.filter((file) => !files.includes(file)), []);
});
