import assert from "node:assert/strict";
import { defaulted, dittoServerDefinition } from "../dittoserver.ts";
import { type JsonSchema, jsonSchemaOf, propertiesOf } from "../json_schema.ts";
import { mutated } from "./mutation.ts";
import { seeded } from "./random.ts";
import { randomSpec } from "./random_spec.ts";

Deno.test("randomSpec() gives the same specs for the same seed, and others for another", () => {
  const specs = (seed: number) => {
    const random = seeded(seed);
    return Array.from({ length: 20 }, () => randomSpec(random));
  };
  assert.deepEqual(specs(1), specs(1));
  assert.notDeepEqual(specs(1), specs(2));
});

Deno.test("randomSpec() gives specs that the schema accepts", () => {
  const random = seeded(3);
  for (let i = 0; i < 500; i++) {
    const spec = randomSpec(random);
    const { error } = defaulted(spec);
    assert.equal(error, undefined, `${JSON.stringify(spec)}: ${error}`);
  }
});

Deno.test("randomSpec() sets every field sooner or later", () => {
  const random = seeded(4);
  const seen = new Set<string>();
  for (let i = 0; i < 4000; i++) {
    for (const path of pathsOf(randomSpec(random), "")) seen.add(path);
  }
  const [, spec = {}] = propertiesOf(jsonSchemaOf(dittoServerDefinition.schema))[0] ?? [];
  const fields = [...fieldsOf(spec, "")];
  assert.ok(fields.length > 200, `only ${fields.length} fields`);
  assert.deepEqual(fields.filter((path) => !seen.has(path)), []);
});

Deno.test("mutated() changes one thing and leaves the original alone", () => {
  const original = { a: { b: ["x", { c: 1 }] }, d: "10Gi" };
  const text = JSON.stringify(original);
  const random = seeded(5);
  const kinds = new Set<string>();
  for (let i = 0; i < 500; i++) {
    const { what, value } = mutated(original, random);
    kinds.add(what.split(" at ")[0] ?? "");
    assert.notEqual(value, original);
    assert.equal(JSON.stringify(original), text);
  }
  assert.equal(kinds.size, 9);
});

/** The paths of all fields in a schema. */
function* fieldsOf(schema: JsonSchema, path: string): Generator<string> {
  for (const [name, field] of propertiesOf(schema)) {
    yield `${path}.${name}`;
    yield* fieldsOf(field, `${path}.${name}`);
    yield* fieldsOf((field.items ?? {}) as JsonSchema, `${path}.${name}`);
  }
}

/** Paths without the positions in lists. */
function* pathsOf(value: unknown, path: string): Generator<string> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    yield* pathsOf(part, Array.isArray(value) ? path : `${path}.${key}`);
  }
}
