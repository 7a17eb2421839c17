// What a user of the server is declared with: the one source of the DittoUser resource.

import type * as z from "zod";
import { dittoUserSpec } from "./dittouser/spec.ts";
import type { dittoUserStatus } from "./dittouser/status.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";

/** `spec` as a user may write it: defaults may be missing. */
export type DittoUserInput = z.input<typeof dittoUserSpec>;

/** `spec` with every default filled in. */
export type DittoUserSpec = z.output<typeof dittoUserSpec>;

/** `status` of a DittoUser. */
export type DittoUserStatus = z.output<typeof dittoUserStatus>;

/** The whole resource. */
export interface DittoUser {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoUserInput;
  readonly status?: DittoUserStatus;
}

/** Fills in every default, as the API server does for a stored object. */
export function defaultedUser(spec: unknown): z.ZodSafeParseResult<DittoUserSpec> {
  return dittoUserSpec.safeParse(spec);
}
