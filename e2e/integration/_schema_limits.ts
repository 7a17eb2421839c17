// Everything that the schema of a resource refuses, found in its generated CRD.

import snapshot from "../../api/kubernetes/openapi.json" with { type: "json" };
import { crd, type ResourceDefinition } from "../../api/crd.ts";
import { type JsonSchema, jsonSchemaOf } from "../../api/json_schema.ts";
import { EMBED, type ValidationRule } from "../../api/schema.ts";
import type { Cause } from "./specs/_table.ts";

/** One thing that is refused: where this is said, and how. */
export interface Limit {
  /** A path in which `[]` stands for any element and `{}` for any key. */
  readonly field: string;
  /** The end of the message for a rule of ours, a part of it for a limit of the schema. */
  readonly says: string;
}

/** What the words of the API server are for each limit that a schema can have. */
const WORDS: Readonly<Record<string, string>> = {
  enum: "Unsupported value",
  minimum: "should be greater than or equal to",
  maximum: "should be less than or equal to",
  maxLength: "Too long",
  minLength: "should be at least",
  maxItems: "Too many",
  minItems: "should have at least",
  maxProperties: "Too many",
};

/** All limits of a resource but those of types that Kubernetes defines. */
export function schemaLimits(definition: ResourceDefinition): Limit[] {
  const generated = crd(definition, snapshot).spec.versions[0]?.schema?.openAPIV3Schema;
  const source = jsonSchemaOf(definition.schema);
  const whole = generated as JsonSchema;
  const spec = partOf(whole, "properties", "spec");
  return [
    ...rulesOf(whole, ""),
    ...requiredOf(whole, ""),
    ...limitsOf(spec, partOf(source, "properties", "spec"), "spec"),
  ];
}

/** Whether a refusal is the one that a limit causes. */
export function isOf({ field, says }: Limit, cause: Cause): boolean {
  const path = field
    .replaceAll(/[.$]/g, "\\$&")
    .replaceAll("[]", "\\[\\d+\\]")
    .replaceAll("{}", "(\\[[^\\]]+\\]|\\.\\w+)");
  return new RegExp(`^${path}$`).test(cause.field) && cause.message.includes(says);
}

function* limitsOf(schema: JsonSchema, source: JsonSchema, path: string): Generator<Limit> {
  if (source[EMBED] !== undefined) return;
  yield* rulesOf(schema, path);
  yield* requiredOf(schema, path);
  for (const [limit, says] of Object.entries(WORDS)) {
    if (limit === "maxItems" && isOfFew(schema)) continue;
    if (schema[limit] !== undefined) yield { field: path, says };
  }
  const fields = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  for (const [name, field] of Object.entries(fields)) {
    yield* limitsOf(field, partOf(source, "properties", name), `${path}.${name}`);
  }
  if (schema.items) yield* limitsOf(partOf(schema, "items"), partOf(source, "items"), `${path}[]`);
  if (schema.additionalProperties) {
    const key = "additionalProperties";
    yield* limitsOf(partOf(schema, key), partOf(source, key), `${path}{}`);
  }
}

/** More than all different values would be some value twice, which is refused as such. */
function isOfFew(schema: JsonSchema): boolean {
  const values = partOf(schema, "items").enum;
  return Array.isArray(values) && values.length === schema.maxItems &&
    schema["x-kubernetes-list-type"] === "set";
}

function rulesOf(schema: JsonSchema, path: string): Limit[] {
  const rules = (schema["x-kubernetes-validations"] ?? []) as readonly ValidationRule[];
  return rules.map(({ message, fieldPath = "" }) => ({
    field: `${path}${fieldPath}`.replace(/^\./, ""),
    says: `": ${message}`,
  }));
}

function requiredOf(schema: JsonSchema, path: string): Limit[] {
  const required = (schema.required ?? []) as readonly string[];
  return required.map((name) => ({
    field: path === "" ? name : `${path}.${name}`,
    says: "Required value",
  }));
}

function partOf(schema: JsonSchema, ...path: readonly string[]): JsonSchema {
  return path.reduce((at, name) => (at[name] ?? {}) as JsonSchema, schema);
}
