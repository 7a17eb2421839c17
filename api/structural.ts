// JSON Schema to the structural form that a CRD demands.
//
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema

import { EMBED } from "./schema.ts";

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [field: string]: unknown;
}

/** Schemas of Kubernetes types by full name, as in kubernetes/openapi.json. */
export type KubernetesSchemas = Readonly<Record<string, JsonSchema>>;

const INT_OR_STRING = {
  "x-kubernetes-int-or-string": true,
  anyOf: [{ type: "integer" }, { type: "string" }],
};

/** Types that have no structure of their own. */
const SCALARS: Readonly<Record<string, JsonSchema>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": INT_OR_STRING,
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": INT_OR_STRING,
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": { type: "string", format: "date-time" },
};

/** The structural form of a schema, with everything that it refers to written out. */
export function structural(schema: JsonSchema, kubernetes: KubernetesSchemas): JsonSchema {
  const embedded = schema[EMBED] ?? refOf(schema);
  if (typeof embedded === "string") {
    const target = SCALARS[embedded] ?? kubernetes[embedded];
    if (!target) {
      throw new Error(`no schema ${embedded} in the snapshot; add it to KINDS and take a new one`);
    }
    const { [EMBED]: _, allOf: _allOf, $ref: _ref, ...own } = schema;
    return { ...structural(target, kubernetes), ...own };
  }
  const result: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(schema)) {
    if (field === "properties") {
      result[field] = mapValues(value as JsonSchema, (part) => structural(part, kubernetes));
    } else if (field === "items" || (field === "additionalProperties" && isSchema(value))) {
      result[field] = structural(value as JsonSchema, kubernetes);
    } else if (!DROPPED.has(field)) {
      result[field] = value;
    }
  }
  return withinBounds(result);
}

/** Said by JSON Schema, refused by the API server, or without meaning in a CRD. */
const DROPPED = new Set(["$schema", "additionalProperties", "x-kubernetes-group-version-kind"]);

function refOf(schema: JsonSchema): string | undefined {
  const { $ref, allOf } = schema;
  const ref = $ref ?? (Array.isArray(allOf) && allOf.length === 1 ? allOf[0].$ref : undefined);
  return typeof ref === "string" ? ref.slice(ref.lastIndexOf("/") + 1) : undefined;
}

/** zod bounds every integer by what a double is exact for; the API server needs no telling. */
function withinBounds(schema: Record<string, unknown>): JsonSchema {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.type === "integer") schema.format ??= "int64";
  return schema;
}

function mapValues(
  schemas: JsonSchema,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, part]) => [name, change(part as JsonSchema)]),
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
