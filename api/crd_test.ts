import assert from "node:assert/strict";
import snapshot from "./kubernetes/openapi.json" with { type: "json" };
import { crd } from "./crd.ts";
import { jsonSchemaOf, propertiesOf } from "./json_schema.ts";
import type { JSONSchemaProps } from "./kubernetes/types.ts";
import { RESOURCES } from "./resources.ts";

function* fields(at: JSONSchemaProps, path: string): Generator<[string, JSONSchemaProps]> {
  yield [path, at];
  for (const [name, field] of Object.entries(at.properties ?? {})) {
    yield* fields(field, `${path}.${name}`);
  }
  const { items } = at as { items?: JSONSchemaProps };
  if (items) yield* fields(items, `${path}[]`);
}

for (const { definition } of RESOURCES) {
  const { kind } = definition;
  const generated = crd(definition, snapshot);
  const schema = generated.spec.versions[0]?.schema?.openAPIV3Schema ?? {};

  Deno.test(`crd() of ${kind} describes every field, so that kubectl explain has a sentence for it`, () => {
    for (const [path, field] of fields(schema, "")) {
      // A list describes its elements: `kubectl explain` shows no more of them than their fields.
      if (path === ".metadata" || path.endsWith("[]")) continue;
      assert.ok(field.description, `${path} has no description`);
      assert.match(field.description, /[.!]$/, `${path} is not described by a sentence`);
    }
  });

  Deno.test(`crd() of ${kind} describes every field of ours in words that begin as a sentence does`, () => {
    const source = jsonSchemaOf(definition.schema) as JSONSchemaProps;
    for (const [path, field] of fields(source, "")) {
      // A list describes its elements.
      if (path === "" || path.endsWith("[]")) continue;
      assert.match(field.description ?? "", /^[A-Z0-9]/, `${path} begins in another way`);
    }
  });

  Deno.test(`crd() of ${kind} has a type for every field, as a structural schema must`, () => {
    for (const [path, field] of fields(schema, "")) {
      assert.ok(field.type ?? field["x-kubernetes-int-or-string"], `${path} has no type`);
      assert.equal(field.$ref, undefined, `${path} has a $ref`);
    }
  });

  Deno.test(`jsonSchemaOf() of ${kind} bounds all that a user writes and that a rule could read`, () => {
    const [, spec = {}] = propertiesOf(jsonSchemaOf(definition.schema))[0] ?? [];
    for (const [path, field] of fields(spec as JSONSchemaProps, "spec")) {
      if (field.type === "string" && !field.enum) {
        assert.ok(field.maxLength, `${path} has no maxLength`);
      }
      if (field.type === "array") assert.ok(field.maxItems, `${path} has no maxItems`);
      const isMap = (field as { additionalProperties?: unknown }).additionalProperties;
      if (isMap) assert.ok(field.maxProperties, `${path} has no maxProperties`);
    }
  });

  Deno.test(`crd() of ${kind} stays below the size that a last-applied annotation can hold`, () => {
    assert.ok(JSON.stringify(generated).length < 262_144);
  });

  Deno.test(`crd() of ${kind} has the status subresource`, () => {
    assert.deepEqual(generated.spec.versions[0]?.subresources, { status: {} });
  });

  Deno.test(`crd() of ${kind} has a rule for nothing without a remedy`, () => {
    for (const [path, field] of fields(schema, "")) {
      for (const { message = "" } of field["x-kubernetes-validations"] ?? []) {
        assert.match(message, /^must |[;:] /, `${path}: ${message}`);
      }
    }
  });
}

Deno.test("crd() has short names that are different for all resources", () => {
  const names = RESOURCES.flatMap(({ definition }) => [
    definition.singular,
    definition.plural,
    ...definition.shortNames,
  ]);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(RESOURCES[0]?.definition.shortNames, ["ditto", "dittofs"]);
});
