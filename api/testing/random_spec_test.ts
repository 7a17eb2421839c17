import assert from "node:assert/strict";
import { defaultedGroup } from "../dittogroup.ts";
import { dittoGroupDefinition } from "../dittogroup/definition.ts";
import { defaulted } from "../dittoserver.ts";
import { dittoServerDefinition } from "../dittoserver/definition.ts";
import { defaultedShare } from "../dittoshare.ts";
import { dittoShareDefinition } from "../dittoshare/definition.ts";
import { defaultedUser } from "../dittouser.ts";
import { dittoUserDefinition } from "../dittouser/definition.ts";
import { type JsonSchema, jsonSchemaOf, propertiesOf } from "../json_schema.ts";
import { mutated } from "./mutation.ts";
import { seeded } from "./random.ts";
import { randomGroupSpec, randomShareSpec, randomSpec, randomUserSpec } from "./random_spec.ts";

const MAKERS = [
  {
    name: "randomSpec",
    make: randomSpec,
    read: defaulted,
    definition: dittoServerDefinition,
    atLeast: 200,
  },
  {
    name: "randomShareSpec",
    make: randomShareSpec,
    read: defaultedShare,
    definition: dittoShareDefinition,
    atLeast: 80,
  },
  {
    name: "randomUserSpec",
    make: randomUserSpec,
    read: defaultedUser,
    definition: dittoUserDefinition,
    atLeast: 14,
  },
  {
    name: "randomGroupSpec",
    make: randomGroupSpec,
    read: defaultedGroup,
    definition: dittoGroupDefinition,
    atLeast: 7,
  },
] as const;

for (const { name, make, read, definition, atLeast } of MAKERS) {
  Deno.test(`${name}() gives the same specs for the same seed, and others for another`, () => {
    const specs = (seed: number) => {
      const random = seeded(seed);
      return Array.from({ length: 20 }, () => make(random));
    };
    assert.deepEqual(specs(1), specs(1));
    assert.notDeepEqual(specs(1), specs(2));
  });

  Deno.test(`${name}() gives specs that the schema accepts`, () => {
    const random = seeded(3);
    for (let i = 0; i < 500; i++) {
      const spec = make(random);
      const { error } = read(spec);
      assert.equal(error, undefined, `${JSON.stringify(spec)}: ${error}`);
    }
  });

  Deno.test(`${name}() sets every field sooner or later`, () => {
    const random = seeded(4);
    const seen = new Set<string>();
    for (let i = 0; i < 4000; i++) {
      for (const path of pathsOf(make(random), "")) seen.add(path);
    }
    const [, spec = {}] = propertiesOf(jsonSchemaOf(definition.schema))[0] ?? [];
    const fields = [...fieldsOf(spec, "")];
    assert.ok(fields.length > atLeast, `only ${fields.length} fields`);
    assert.deepEqual(fields.filter((path) => !seen.has(path)), []);
  });
}

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
