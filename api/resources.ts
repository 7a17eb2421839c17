// All resources of the operator, in the order in which a reader meets them.

import {
  type Conditions,
  DITTO_GROUP_CONDITIONS,
  DITTO_SERVER_CONDITIONS,
  DITTO_SHARE_CONDITIONS,
  DITTO_USER_CONDITIONS,
} from "./conditions.ts";
import type { ResourceDefinition } from "./crd.ts";
import { dittoGroupDefinition } from "./dittogroup/definition.ts";
import { dittoServerDefinition } from "./dittoserver/definition.ts";
import { dittoShareDefinition } from "./dittoshare/definition.ts";
import { dittoUserDefinition } from "./dittouser/definition.ts";

/** A resource with what is said of it beside its schema. */
export interface DescribedResource {
  readonly definition: ResourceDefinition;
  readonly conditions: Conditions;
}

/** Every resource. */
export const RESOURCES: readonly DescribedResource[] = [
  { definition: dittoServerDefinition, conditions: DITTO_SERVER_CONDITIONS },
  { definition: dittoShareDefinition, conditions: DITTO_SHARE_CONDITIONS },
  { definition: dittoUserDefinition, conditions: DITTO_USER_CONDITIONS },
  { definition: dittoGroupDefinition, conditions: DITTO_GROUP_CONDITIONS },
];
