// How the server is reached: NetworkPolicy, Services, and what a drain of its node may do.

import type { Service } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import { disruptionBudgets } from "./disruption_budget.ts";
import { networkPolicies } from "./network_policies.ts";
import type { Pass } from "./pass.ts";
import { allServices } from "./services.ts";

/** Applies what decides who may come, before there is anybody to come to. */
export async function makePolicies(pass: Pass): Promise<void> {
  const { server, context: { kinds, operatorNamespace } } = pass;
  const policies = networkPolicies(server, operatorNamespace);
  await pass.applyAll("NetworkReady", kinds.networkPolicies, policies);
}

/** Applies what clients reach the server by. */
export async function makeServices(pass: Pass): Promise<void> {
  const { server, context: { kinds } } = pass;
  const [services] = await Promise.all([
    pass.applyAll("NetworkReady", kinds.services, allServices(server)),
    pass.applyAll("NetworkReady", kinds.disruptionBudgets, disruptionBudgets(server)),
  ]);
  for (const service of services) {
    if (!service || !waitsForAddress(service)) continue;
    const { metadata } = service;
    pass.problems.push({
      aspect: "NetworkReady",
      reason: "LoadBalancerPending",
      message: `Service "${metadata.name}" has no load balancer address yet`,
      stalled: false,
      aside: true,
    });
  }
}

function waitsForAddress({ spec, status }: Live<Service>): boolean {
  return spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress?.length ?? 0) === 0;
}
