// Declares the second controller of DittoShares, which looks at their buckets.
//
// It is one of its own so that a look is not a pass, and because a controller has what looks
// need: they end with the leadership and come back with it, and each has a worker.

import type { DittoShare } from "../../api/dittoshare.ts";
import { Controller, type ControllerOptions, EDIT_WORKERS } from "../../kube/controller.ts";
import type { Metrics } from "../../kube/metrics.ts";
import type { Tracked } from "../../kube/tracked.ts";
import type { Buckets } from "./buckets.ts";

/** The controller in logs and metrics. */
const NAME = "dittoshare-bucket";

/** Buckets looked at at the same time: two thousand that are all dead still get their turn. */
const WORKERS = 256;

/** The controller of looks at buckets. */
export function bucketController(
  primary: Tracked<DittoShare>,
  buckets: Buckets,
  { metrics, clock, random, log }: {
    readonly metrics: Pick<Metrics, "controller" | "queue">;
  } & Pick<ControllerOptions<DittoShare>, "clock" | "random" | "log">,
): Controller<DittoShare> {
  const controller = new Controller({
    ...{ primary, clock, random, log, name: NAME, workers: WORKERS, owned: [] },
    // That a share has a bucket, and what it said, is told by the pass that asked it.
    concerns: ({ metadata }) => metadata.uid,
    triggers: [buckets.planned],
    recheckMs: Infinity,
    observer: metrics.controller(NAME, WORKERS + EDIT_WORKERS),
    reconcile: (key) => buckets.look(key),
  });
  metrics.queue(NAME, controller.queue);
  return controller;
}
