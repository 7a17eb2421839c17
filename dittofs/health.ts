// Whether the server runs. Open to everybody.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { wireObject } from "./wire.ts";

const live = wireObject({
  data: wireObject({
    controlPlaneDb: z.enum(["reachable", "unreachable", "unknown"]).catch("unknown"),
    startedAt: z.string(),
  }),
  status: z.string(),
});

const ready = wireObject({
  data: wireObject({
    adapters: wireObject({ running: z.number(), types: z.array(z.string()).nullable() }),
    metadataStores: z.number(),
    shares: z.number(),
  }),
  status: z.string(),
});

/** What `/health` says: only a dead process does not answer. */
export type Liveness = z.output<typeof live>;

/** What `/health/ready` says. Its status is nearly a constant: `shares` tells how many loaded. */
export type Readiness = z.output<typeof ready>;

/** `/health` and `/health/ready`. */
export class Health {
  constructor(private readonly requests: Requests) {}

  live(options: CallOptions = {}): Promise<Liveness> {
    return this.requests.ask(live, { ...options, method: "GET", open: true, path: "/health" });
  }

  ready(options: CallOptions = {}): Promise<Readiness> {
    return this.requests.ask(ready, {
      ...options,
      method: "GET",
      open: true,
      path: "/health/ready",
    });
  }
}
