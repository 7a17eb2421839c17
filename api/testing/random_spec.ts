// Random specs of a DittoServer: valid ones, from the schema itself, so that a new field is in
// them without anybody thinking of it.

import { dittoServerDefinition, type DittoServerInput } from "../dittoserver.ts";
import { type JsonSchema, jsonSchemaOf, propertiesOf } from "../json_schema.ts";
import type { Random } from "./random.ts";
import { randomValue } from "./random_value.ts";
import { REPAIRS } from "./repairs.ts";

const SPEC: JsonSchema =
  new Map(propertiesOf(jsonSchemaOf(dittoServerDefinition.schema))).get("spec") ?? {};

/** A valid spec. */
export function randomSpec(random: Random): DittoServerInput {
  // A copy, because examples are shared and repairs change in place.
  const spec = structuredClone(randomValue(SPEC, random)) as DittoServerInput;
  for (const repair of REPAIRS) repair(spec);
  return spec;
}
