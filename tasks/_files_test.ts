import assert from "node:assert/strict";
import { sourceFiles, testKind } from "./_files.ts";

Deno.test("sourceFiles finds sources at every depth and leaves out what is not ours", async () => {
  const directory = await Deno.makeTempDir();
  try {
    for (const path of ["kube/deep/a.ts", "dist/b.ts", ".git/c.ts", "mod.ts", "kube/d.js"]) {
      await Deno.mkdir(`${directory}/${path.replace(/[^/]*$/, "")}`, { recursive: true });
      await Deno.writeTextFile(`${directory}/${path}`, "");
    }
    assert.deepEqual(await sourceFiles(`file://${directory}/`), ["kube/deep/a.ts", "mod.ts"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("testKind tells tests apart by what they need", () => {
  assert.equal(testKind("kube/queue_test.ts"), "unit");
  assert.equal(testKind("e2e/harness/audit_test.ts"), "unit");
  assert.equal(testKind("e2e/integration/signals_test.ts"), "integration");
  assert.equal(testKind("e2e/kind/idle_test.ts"), "kind");
  assert.equal(testKind("kube/queue.ts"), undefined);
});
