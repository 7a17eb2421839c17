// What the server says of the health of an adapter, a store or a share.

import * as z from "zod";
import { wireObject } from "./wire.ts";

/** The schema of {@link Status}. A word that is not known yet reads as `unknown`. */
export const wireStatus = wireObject({
  latencyMs: z.number().default(0),
  message: z.string().default(""),
  status: z.enum(["healthy", "degraded", "unhealthy", "unknown", "disabled"]).catch("unknown"),
});

/**
 * Health as the server sees it, judged at most every 5 s. A share whose S3 does not answer is
 * called healthy after a `latencyMs` of 30 000: the status of its remote store tells the truth.
 */
export type Status = z.output<typeof wireStatus>;
