// Random values that a schema accepts, made of what the schema says: fields, enums, bounds,
// examples and defaults. Rules between fields are not looked at; see repairs.ts.

import { type JsonSchema, propertiesOf } from "../json_schema.ts";
import { EMBED } from "../schema.ts";
import { KUBERNETES_EXAMPLES } from "./kubernetes_examples.ts";
import { integerFrom, oneOf, type Random } from "./random.ts";

/** How likely a field that may be absent is there. */
const PRESENT = 0.4;

/** Elements of a list at most. */
const ELEMENTS = 3;

/** A random value that the schema accepts. */
export function randomValue(schema: JsonSchema, random: Random): unknown {
  const embedded = schema[EMBED];
  if (typeof embedded === "string") {
    return oneOf(random, KUBERNETES_EXAMPLES[embedded.split(".").at(-1) ?? ""] ?? []);
  }
  if (Array.isArray(schema.enum)) return oneOf(random, schema.enum);
  switch (schema.type) {
    case "boolean":
      return random() < 0.5;
    case "integer":
      return randomInteger(schema, random);
    case "string":
      return randomText(schema, random);
    case "array":
      return randomList(schema, random);
    case "object":
      return schema.properties
        ? randomObject(schema, random)
        : oneOf(random, [{}, ...known(schema)]);
    default:
      throw new TypeError(`no random value for a schema of type ${schema.type}`);
  }
}

function randomObject(schema: JsonSchema, random: Random): Record<string, unknown> {
  const required = new Set(schema.required as readonly string[] | undefined);
  const object: Record<string, unknown> = {};
  for (const [name, field] of propertiesOf(schema)) {
    if (required.has(name) || random() < PRESENT) object[name] = randomValue(field, random);
  }
  return object;
}

function randomList(schema: JsonSchema, random: Random): unknown[] {
  const { minItems = 0, maxItems = ELEMENTS } = schema as { minItems?: number; maxItems?: number };
  const length = integerFrom(random, minItems, Math.min(maxItems, ELEMENTS));
  const elements = new Map<string, unknown>();
  for (let i = 0; i < length; i++) {
    const element = randomValue(schema.items as JsonSchema, random);
    elements.set(identityOf(element, schema), element);
  }
  return [...elements.values()];
}

/** Elements of a set, or with the same key in a list map, may be there only once. */
function identityOf(element: unknown, schema: JsonSchema): string {
  const keys = schema["x-kubernetes-list-map-keys"] as readonly string[] | undefined;
  if (!keys) return JSON.stringify(element);
  const fields = element as Readonly<Record<string, unknown>>;
  return JSON.stringify(keys.map((key) => fields[key]));
}

function randomInteger(schema: JsonSchema, random: Random): unknown {
  const { minimum, maximum } = schema as { minimum: number; maximum: number };
  const any = integerFrom(random, minimum, maximum);
  return oneOf(random, [...known(schema), minimum, maximum, any]);
}

function randomText(schema: JsonSchema, random: Random): unknown {
  const { pattern, maxLength = 10 } = schema as { pattern?: string; maxLength?: number };
  // What a text of some form looks like is known from its examples alone.
  if (pattern !== undefined || known(schema).length > 0) return oneOf(random, known(schema));
  const length = integerFrom(random, 1, maxLength);
  return Array.from({ length }, () => oneOf(random, [..."abc XYZ-._/ä€"])).join("");
}

/** Values that the schema itself names. */
function known({ examples, default: standard }: JsonSchema): unknown[] {
  return [
    ...(Array.isArray(examples) ? examples : []),
    ...(standard === undefined ? [] : [standard]),
  ];
}
