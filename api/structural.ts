// JSON Schema to the structural form that a CRD demands.
//
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema

import type { JsonSchema } from "./json_schema.ts";
import { EMBED, FORM, INSTEAD, type ValidationRule } from "./schema.ts";

/** Schemas of Kubernetes types by full name, as in kubernetes/openapi.json. */
export type KubernetesSchemas = Readonly<Record<string, JsonSchema>>;

const INT_OR_STRING = {
  "x-kubernetes-int-or-string": true,
  anyOf: [{ type: "integer" }, { type: "string" }],
};

/** What Kubernetes reads as a quantity, https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource. */
const QUANTITY =
  "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+))?$";

/** Types that have no structure of their own. */
const SCALARS: Readonly<Record<string, JsonSchema>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { ...INT_OR_STRING, pattern: QUANTITY },
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
    const kept = Object.entries(own).filter(([field]) => !DROPPED.has(field));
    return explained(schema, { ...structural(target, kubernetes), ...Object.fromEntries(kept) });
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
  return explained(schema, wellFormed(schema, withFullDefault(withinBounds(result))));
}

/** Rules are checked on a default as it is written, before the defaults within it are filled in. */
function withFullDefault(schema: Record<string, unknown>): Record<string, unknown> {
  const { default: value, properties } = schema;
  if (!isSchema(value) || !isSchema(properties)) return schema;
  const inner = Object.entries(properties as Readonly<Record<string, JsonSchema>>)
    .filter(([, field]) => field.default !== undefined)
    .map(([name, field]) => [name, field.default]);
  return { ...schema, default: { ...Object.fromEntries(inner), ...value } };
}

/** Said by JSON Schema or by us, and refused by the API server or without meaning in a CRD. */
const DROPPED = new Set([
  ...["$schema", "additionalProperties", "x-kubernetes-group-version-kind", "x-kubernetes-unions"],
  ...["examples", "deprecated", FORM, INSTEAD],
]);

/** What a text has to look like: its pattern in words, and a rule beyond the pattern. */
interface Form {
  readonly form: string;
  readonly rule?: string;
}

/** A pattern becomes a rule, whose message can say in words what is wanted. */
function wellFormed(schema: JsonSchema, result: Record<string, unknown>): Record<string, unknown> {
  const stated = schema[FORM] as string | Form | undefined;
  const { pattern } = schema;
  if (stated === undefined || typeof pattern !== "string") return result;
  const { form, rule }: Form = typeof stated === "string" ? { form: stated } : stated;
  const matches = `self.matches(${JSON.stringify(pattern.replaceAll("\\/", "/"))})`;
  const validation: ValidationRule = {
    rule: rule === undefined ? matches : `${matches} && (${rule})`,
    message: `must be ${form}${exampleOf(schema)}`,
  };
  const { pattern: _, ...rest } = result;
  const others = (result["x-kubernetes-validations"] ?? []) as readonly ValidationRule[];
  return { ...rest, "x-kubernetes-validations": [validation, ...others] };
}

/** `kubectl explain` shows the description alone, so all that a reader should know is in it. */
function explained(schema: JsonSchema, result: Record<string, unknown>): JsonSchema {
  const { description } = result;
  if (typeof description !== "string") return result;
  const instead = schema[INSTEAD];
  const example = exampleOf(schema);
  return {
    ...result,
    description: [
      // Kubernetes' own descriptions are not all sentences.
      /[.!]$/.test(description) ? description : `${description}.`,
      ...(example ? [`Example: ${example.slice(", such as ".length)}.`] : []),
      ...(typeof instead === "string" ? [`Deprecated: ${instead}.`] : []),
    ].join(" "),
  };
}

function exampleOf({ examples }: JsonSchema): string {
  const [example] = Array.isArray(examples) ? examples : [];
  if (example === undefined) return "";
  return `, such as ${typeof example === "object" ? JSON.stringify(example) : String(example)}`;
}

function refOf(schema: JsonSchema): string | undefined {
  const { $ref, allOf } = schema;
  const ref = $ref ?? (Array.isArray(allOf) && allOf.length === 1 ? allOf[0].$ref : undefined);
  return typeof ref === "string" ? ref.slice(ref.lastIndexOf("/") + 1) : undefined;
}

/** zod bounds every integer by what a double is exact for; the API server needs no telling. */
function withinBounds(schema: Record<string, unknown>): Record<string, unknown> {
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
