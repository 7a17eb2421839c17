// What a user writes to get a share: the one source of the DittoShare resource.
//
// Types, CRD, explain texts, editor schema and reference page are made from the schemas in
// dittoshare/, as those of DittoServer are from its own.

import type * as z from "zod";
import { dittoShareSpec } from "./dittoshare/spec.ts";
import type { dittoShareStatus } from "./dittoshare/status.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";

/** `spec` as a user may write it: defaults may be missing. */
export type DittoShareInput = z.input<typeof dittoShareSpec>;

/** `spec` with every default filled in. */
export type DittoShareSpec = z.output<typeof dittoShareSpec>;

/** `status` of a DittoShare. */
export type DittoShareStatus = z.output<typeof dittoShareStatus>;

/** The whole resource. */
export interface DittoShare {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoShareInput;
  readonly status?: DittoShareStatus;
}

/** Fills in every default, as the API server does for a stored object. */
export function defaultedShare(spec: unknown): z.ZodSafeParseResult<DittoShareSpec> {
  return dittoShareSpec.safeParse(spec);
}
