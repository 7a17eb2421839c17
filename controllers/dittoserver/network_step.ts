// How the server is reached: Services, NetworkPolicy, and what a drain of its node may do.

import type { Service } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import { disruptionBudget } from "./disruption_budget.ts";
import { networkPolicies } from "./network_policies.ts";
import type { Pass } from "./pass.ts";
import { adapterServices, apiService, headlessService, metricsService } from "./services.ts";

/** Applies what the network consists of. Returns the live Services, by their names. */
export async function makeNetwork(pass: Pass): Promise<ReadonlyMap<string, Live<Service>>> {
  const { server, context } = pass;
  const { kinds, operatorNamespace } = context;
  const wanted = [
    headlessService(server),
    apiService(server),
    ...metricsService(server),
    ...adapterServices(server),
  ];
  const [services] = await Promise.all([
    pass.applyAll("NetworkReady", kinds.services, wanted),
    pass.applyAll(
      "NetworkReady",
      kinds.networkPolicies,
      networkPolicies(server, operatorNamespace),
    ),
    pass.applyAll("NetworkReady", kinds.disruptionBudgets, [disruptionBudget(server)]),
  ]);
  const live = services.filter((service) => service !== undefined);
  for (const { metadata, spec, status } of live) {
    const address = status?.loadBalancer?.ingress?.length ?? 0;
    if (spec?.type !== "LoadBalancer" || address > 0) continue;
    pass.problems.push({
      aspect: "NetworkReady",
      reason: "LoadBalancerPending",
      message: `Service "${metadata.name}" has no load balancer address yet`,
      stalled: false,
      aside: true,
    });
  }
  return new Map(live.map((service) => [service.metadata.name, service]));
}
