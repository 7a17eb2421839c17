// How long the pod may take to start and to stop.

import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { secondsOf } from "../duration.ts";

/** Time for endpoints to be withdrawn before the server closes its listeners, in seconds. */
export const PRE_STOP_SECONDS = 5;

/**
 * How long the server may take to start, in seconds: `spec.startupTimeout`, or 10 minutes. It
 * loads every share before it listens, and one unreachable S3 endpoint alone takes 160 s.
 */
export function startupSeconds({ startupTimeout = "10m" }: DittoServerSpec): number {
  return Math.ceil(secondsOf(startupTimeout));
}

/**
 * How long the pod may take to stop, in seconds. A stop has up to six stages that may each take
 * `shutdownTimeout`, but after three times that and five seconds the server ends itself
 * (cmd/dfs/commands/start.go), so more time would not be used. The pause before it comes first,
 * and five seconds are left for the container to be taken down: 5 + 3 × shutdownTimeout + 10.
 */
export function gracePeriodSeconds(spec: DittoServerSpec): number {
  return spec.terminationGracePeriodSeconds ??
    PRE_STOP_SECONDS + Math.ceil(3 * secondsOf(spec.shutdownTimeout)) + 10;
}
