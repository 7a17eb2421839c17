// What the server says of the health of an adapter, a store or a share.

import { z } from "zod";
import { wireObject } from "./wire.ts";

/** The schema of {@link Status}. A word that is not known yet reads as `unknown`. */
export const wireStatus = wireObject({
  message: z.string().default(""),
  status: z.enum(["healthy", "degraded", "unhealthy", "unknown", "disabled"]).catch("unknown"),
});

/** Health as the server sees it; adapters, stores and shares are judged at most every 5 s. */
export type Status = z.output<typeof wireStatus>;
