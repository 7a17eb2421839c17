// How the server is reached: NetworkPolicy, Services, and what a drain of its node may do.

import type { Service } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import { disruptionBudgets } from "./disruption_budget.ts";
import { KEPT_ADDRESS_ANNOTATION, keptAddresses } from "./kept_address.ts";
import { networkPolicies } from "./network_policies.ts";
import type { Protocol } from "./names.ts";
import type { Pass } from "./pass.ts";
import { allServices } from "./services.ts";

/** Applies what decides who may come, before there is anybody to come to. */
export async function makePolicies(pass: Pass): Promise<void> {
  const { server, context: { kinds, operatorNamespace } } = pass;
  const policies = networkPolicies(server, operatorNamespace);
  await pass.applyAll("NetworkReady", kinds.networkPolicies, policies);
}

/** Applies what clients reach the server by. Returns the protocols that keep an earlier address. */
export async function makeForClients(pass: Pass): Promise<ReadonlySet<Protocol>> {
  const { server, context: { kinds } } = pass;
  const budgets = disruptionBudgets(server);
  const [kept] = await Promise.all([
    makeServices(pass),
    pass.applyAll("NetworkReady", kinds.disruptionBudgets, budgets),
  ]);
  return kept;
}

async function makeServices(pass: Pass): Promise<ReadonlySet<Protocol>> {
  const { server, context: { kinds } } = pass;
  const find = () => keptAddresses(pass);
  const kept = await pass.attempt("NetworkReady", "Services of the Go operator", find);
  // Better none than one that gives up an address.
  if (!kept) return new Set();
  const wanted = allServices(server, kept);
  for (const service of await pass.applyAll("NetworkReady", kinds.services, wanted)) {
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
  return kept;
}

/** Whether an address that the spec asks for is not there. */
function waitsForAddress({ metadata, spec, status }: Live<Service>): boolean {
  if (metadata.annotations?.[KEPT_ADDRESS_ANNOTATION] !== undefined) return false;
  return spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress?.length ?? 0) === 0;
}
