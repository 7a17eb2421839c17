// Defaults are filled in by the API server and by defaulted(), and both have to say the same.

import assert from "node:assert/strict";
import { defaulted, dittoServerDefinition } from "../../api/dittoserver.ts";
import { type JsonSchema, jsonSchemaOf, propertiesOf } from "../../api/json_schema.ts";
import { EMBED } from "../../api/schema.ts";
import { operatorGround } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";
import { tryToCreate } from "./_verdict.ts";
import { MINIMAL } from "./specs/_full.ts";
import { type Json, type JsonObject, merged, withValue } from "./specs/_json.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

async function assertSameDefaults(spec: JsonObject): Promise<void> {
  const verdict = await tryToCreate(ground, "demo", spec);
  assert.ok(verdict.accepted, JSON.stringify(verdict));
  assert.deepEqual(verdict.stored.spec, defaulted(spec).data);
}

Deno.test("defaulted() fills in what the API server does for the smallest spec", async () => {
  await assertSameDefaults(MINIMAL);
});

/** What a block needs elsewhere. */
const NEEDS: Readonly<Record<string, JsonObject>> = {
  "database.postgres": { database: { type: "postgres" }, percona: { enabled: true } },
  "logging.rotation": { logging: { output: "/tmp/dittofs.log" } },
};

const spec = new Map(propertiesOf(jsonSchemaOf(dittoServerDefinition.schema))).get("spec") ?? {};

for (const [path, block] of blocksOf(spec, "")) {
  Deno.test(`defaulted() fills in what the API server does for an empty ${path}`, async () => {
    // A block may stand in another that cannot be without more.
    let around = merged(MINIMAL, NEEDS[path] ?? {});
    for (const [outer, schema] of blocksOf(spec, "")) {
      if (path.startsWith(`${outer}.`)) around = merged(withBlock({}, outer, schema), around);
    }
    await assertSameDefaults(withBlock(around, path, block));
  });
}

/** With the block in the spec, and in it nothing but what it must have. */
function withBlock(around: JsonObject, path: string, block: JsonSchema): JsonObject {
  const fields = requiredOf(block);
  return path.endsWith("[0]")
    ? withValue(around, path.slice(0, -"[0]".length), [fields])
    : withValue(around, path, merged(fields, {}));
}

function requiredOf(block: JsonSchema): JsonObject {
  const required = new Set(block.required as readonly string[] | undefined);
  return Object.fromEntries(
    propertiesOf(block).filter(([name]) => required.has(name)).map(([name, field]) => {
      const [example] = field.examples as readonly Json[];
      assert.ok(example !== undefined, `${name} has no example`);
      return [name, example];
    }),
  );
}

/** The blocks of a schema by their path; those in lists with `[0]`. */
function* blocksOf(schema: JsonSchema, prefix: string): Generator<[string, JsonSchema]> {
  for (const [name, field] of propertiesOf(schema)) {
    const items = field.items as JsonSchema | undefined;
    const [block, path] = items ? [items, `${prefix}${name}[0]`] : [field, `${prefix}${name}`];
    if (block[EMBED] !== undefined || !block.properties) continue;
    if (path !== "storage") yield [path, block];
    yield* blocksOf(block, `${path}.`);
  }
}
