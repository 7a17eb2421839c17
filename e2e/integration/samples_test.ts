// Every sample is what the API server accepts, unchanged and without a warning.

import assert from "node:assert/strict";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const folder = new URL("../../samples/", import.meta.url);
const samples = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
assert.ok(samples.includes("demo.yaml"));

for (const sample of samples) {
  Deno.test(`samples/${sample} can be applied as it is (W38)`, async () => {
    const file = new URL(sample, folder).pathname;
    const said = await ground.kubectl([
      ...["apply", "--namespace=default", "--validate=strict", "--dry-run=server"],
      ...["--filename", file],
    ]);
    assert.match(said, /dittoserver\.dittofs\.dittofs\.com\/\S+ created \(server dry run\)/);
  });
}
