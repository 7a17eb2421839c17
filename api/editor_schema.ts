// JSON Schema for editors: completion, explanations and red lines while a manifest is written.
//
// It knows less than the API server, which also checks the rules between fields, and more than
// the CRD: an editor understands patterns, examples and deprecation as they are.

import type { ResourceDefinition } from "./crd.ts";
import { API_VERSION } from "./group.ts";
import { type JsonSchema, jsonSchemaOf } from "./json_schema.ts";
import { EMBED } from "./schema.ts";
import { type KubernetesSchemas, structural } from "./structural.ts";

/** The schema of a resource as a document of its own. */
export function editorSchema(
  definition: ResourceDefinition,
  kubernetes: KubernetesSchemas,
): JsonSchema {
  const { properties, description } = jsonSchemaOf(definition.schema) as {
    properties: Record<string, JsonSchema>;
    description: string;
  };
  const { status: _, ...written } = properties;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: definition.kind,
    description,
    type: "object",
    required: ["apiVersion", "kind", "metadata", "spec"],
    properties: {
      apiVersion: { const: API_VERSION },
      kind: { const: definition.kind },
      metadata: { type: "object" },
      ...closed(written, kubernetes) as JsonSchema,
    },
  };
}

/** Without what only Kubernetes understands, and with our objects closed to unknown fields. */
function closed(value: unknown, kubernetes: KubernetesSchemas): unknown {
  if (Array.isArray(value)) return value.map((part) => closed(part, kubernetes));
  if (typeof value !== "object" || value === null) return value;
  const schema = value as JsonSchema;
  if (typeof schema[EMBED] === "string") {
    return withoutExtensions(structural(schema, kubernetes));
  }
  const entries = Object.entries(schema)
    .filter(([field]) => !field.startsWith("x-"))
    .map(([field, part]) => [field, LITERAL.has(field) ? part : closed(part, kubernetes)]);
  const copy = Object.fromEntries(entries);
  const isObject = schema.type === "object" && schema.properties !== undefined;
  return isObject ? { ...copy, additionalProperties: false } : copy;
}

/** Fields that hold values and not schemas. */
const LITERAL = new Set(["default", "examples", "enum", "required"]);

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => !field.startsWith("x-"))
      .map(([field, part]) => [field, withoutExtensions(part)]),
  );
}
