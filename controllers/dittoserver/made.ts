// What one pass over a server has made, or found.

import type { Protocol } from "./names.ts";
import type { Secrets } from "./references_step.ts";
import type { Workload } from "./workload_step.ts";

/** The results of the steps, as far as others need them. */
export interface Made {
  readonly secrets: Secrets;
  readonly workload: Workload;
  /** The protocols that keep an earlier address; see kept_address.ts. */
  readonly kept: ReadonlySet<Protocol>;
  /** Whether ServiceMonitor or PodMonitor are wanted. */
  readonly monitored: boolean;
}
