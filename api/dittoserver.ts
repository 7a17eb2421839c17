// What a user writes to get a DittoFS server: the one source of the DittoServer resource.
//
// The TypeScript types, the CRD schema with its defaults and rules, what `kubectl explain` says,
// the schema for editors and the reference page are made from the schemas in dittoserver/.
// `deno task generate` writes them.

import type * as z from "zod";
import { dittoServerSpec } from "./dittoserver/spec.ts";
import type { dittoServerStatus } from "./dittoserver/status.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";

/** `spec` as a user may write it: defaults may be missing. */
export type DittoServerInput = z.input<typeof dittoServerSpec>;

/** `spec` with every default filled in. */
export type DittoServerSpec = z.output<typeof dittoServerSpec>;

/** `status` of a DittoServer. */
export type DittoServerStatus = z.output<typeof dittoServerStatus>;

/** The whole resource. */
export interface DittoServer {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoServerInput;
  readonly status?: DittoServerStatus;
}

/**
 * Fills in every default, as the API server does for a stored object. Throws a `z.ZodError` with
 * the fields that are wrong; what the rules of the CRD refuse is not looked for again.
 */
export function defaulted(spec: unknown): z.ZodSafeParseResult<DittoServerSpec> {
  return dittoServerSpec.safeParse(spec);
}
