// The PodDisruptionBudget of the server. It never holds up a drain: with one pod, any budget that
// could would hold it up for ever.
//
// What it is good for: a cluster that demands a budget of every workload gets one, and a pod that
// is not ready may be evicted too, which a budget without `AlwaysAllow` refuses. What it costs:
// Kubernetes refuses to evict a pod that has two budgets, so whoever brings one of his own for
// this pod has to know that there is one.

import type { PodDisruptionBudget } from "../../api/kubernetes/types.ts";
import { selectorLabels } from "./names.ts";
import { childMeta, type Server } from "./server.ts";

/** The budget, if the spec wants one: the one pod may go at any time. */
export function disruptionBudgets(server: Server): readonly PodDisruptionBudget[] {
  if (!server.spec.podDisruptionBudget.enabled) return [];
  return [{
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: childMeta(server, server.names.disruptionBudget),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(server.name) },
    },
  }];
}
