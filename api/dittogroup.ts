// What a group of the server is declared with: the one source of the DittoGroup resource. Who is
// in it is said by the users.

import type * as z from "zod";
import { dittoGroupSpec } from "./dittogroup/spec.ts";
import type { dittoGroupStatus } from "./dittogroup/status.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";

/** `spec` as a user may write it: defaults may be missing. */
export type DittoGroupInput = z.input<typeof dittoGroupSpec>;

/** `spec` with every default filled in. */
export type DittoGroupSpec = z.output<typeof dittoGroupSpec>;

/** `status` of a DittoGroup. */
export type DittoGroupStatus = z.output<typeof dittoGroupStatus>;

/** The whole resource. */
export interface DittoGroup {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoGroupInput;
  readonly status?: DittoGroupStatus;
}

/** Fills in every default, as the API server does for a stored object. */
export function defaultedGroup(spec: unknown): z.ZodSafeParseResult<DittoGroupSpec> {
  return dittoGroupSpec.safeParse(spec);
}
