// Random specs of our resources: valid ones, from the schema itself, so that a new field is in
// them without anybody thinking of it.

import type { ResourceDefinition } from "../crd.ts";
import type { DittoGroupInput } from "../dittogroup.ts";
import { dittoGroupDefinition } from "../dittogroup/definition.ts";
import type { DittoServerInput } from "../dittoserver.ts";
import { dittoServerDefinition } from "../dittoserver/definition.ts";
import type { DittoShareInput } from "../dittoshare.ts";
import { dittoShareDefinition } from "../dittoshare/definition.ts";
import type { DittoUserInput } from "../dittouser.ts";
import { dittoUserDefinition } from "../dittouser/definition.ts";
import { type JsonSchema, jsonSchemaOf, propertiesOf } from "../json_schema.ts";
import type { Random } from "./random.ts";
import { randomValue } from "./random_value.ts";
import { type Repair, REPAIRS } from "./repairs.ts";
import { SHARE_REPAIRS } from "./share_repairs.ts";

/** A valid spec of a DittoServer. */
export const randomSpec = specsOf<DittoServerInput>(dittoServerDefinition, REPAIRS);

/** A valid spec of a DittoShare. */
export const randomShareSpec = specsOf<DittoShareInput>(dittoShareDefinition, SHARE_REPAIRS);

/** A valid spec of a DittoUser. */
export const randomUserSpec = specsOf<DittoUserInput>(dittoUserDefinition);

/** A valid spec of a DittoGroup. */
export const randomGroupSpec = specsOf<DittoGroupInput>(dittoGroupDefinition);

function specsOf<T extends object>(
  definition: ResourceDefinition,
  repairs: readonly Repair<T>[] = [],
): (random: Random) => T {
  const schema: JsonSchema = new Map(propertiesOf(jsonSchemaOf(definition.schema))).get("spec") ??
    {};
  return (random) => {
    // A copy, because examples are shared and repairs change in place.
    const spec = structuredClone(randomValue(schema, random)) as T;
    for (const repair of repairs) repair(spec);
    return spec;
  };
}
