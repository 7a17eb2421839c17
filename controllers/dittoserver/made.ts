// What one pass over a server has made, or found.

import type { Secrets } from "./references_step.ts";
import type { Workload } from "./workload_step.ts";

/** The results of the steps, as far as others need them. */
export interface Made {
  readonly secrets: Secrets;
  readonly workload: Workload;
  /** Whether ServiceMonitor or PodMonitor are wanted. */
  readonly monitored: boolean;
}
