// The JSON Schema of a definition, from which everything else that is generated is made.

import * as z from "zod";

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [field: string]: unknown;
}

/** The schema of what a user may write: fields with defaults are not required. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
}

/** The schemas of an object's fields, in the order in which they were declared. */
export function propertiesOf(schema: JsonSchema): [string, JsonSchema][] {
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
}
