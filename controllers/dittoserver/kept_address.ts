// Addresses that the Go operator opened, and that the spec does not ask for.
//
// Its Services for NFS and SMB were load balancers unless it was told otherwise; ours are
// ClusterIP, and a default that the API server has filled in looks like a wish. An address that
// is given up does not come back. So a Service that is a load balancer when it is taken over stays
// one, with the port that its clients know beside the new one, until somebody decides: by another
// type in the spec, or by taking away the annotation that says so. The annotation is all that is
// remembered, and it is where it matters: on the Service.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Service } from "../../api/kubernetes/types.ts";
import { controllerOf, type Live, makeKey } from "../../kube/object.ts";
import { services } from "../kinds.ts";
import { adapterPorts, servedProtocols } from "./adapter_ports.ts";
import type { InOrder } from "./aspects.ts";
import { APPLIED_ANNOTATION, type Protocol } from "./names.ts";
import type { Pass } from "./pass.ts";
import type { Server } from "./server.ts";
import { isOfGoOperator } from "./take_over.ts";

/** On a Service that stays a load balancer though the spec does not say so. */
export const KEPT_ADDRESS_ANNOTATION = "dittofs.dittofs.com/kept-address";

/** The protocols whose Services keep the address that the Go operator gave them. */
export async function keptAddresses(pass: Pass): Promise<ReadonlySet<Protocol>> {
  const { server: { spec, namespace, names, owner }, resource, context: { api, kinds } } = pass;
  const kept = new Set<Protocol>();
  if (spec.adapterServices.type !== "ClusterIP") return kept;
  // One that we have not labelled yet, or that has lost its label, is not watched.
  const mayBeUnknown = isOfGoOperator(resource) || saysKept(resource);
  for (const protocol of servedProtocols(spec)) {
    const name = names.adapterService(protocol);
    const live = kinds.services.cache.get(makeKey(namespace, name)) ??
      (mayBeUnknown ? await api.get(services, { namespace, name }) : undefined);
    if (live && controllerOf(live)?.uid === owner.uid && isKept(live)) kept.add(protocol);
  }
  return kept;
}

/** What NetworkReady says of kept addresses; undefined if there are none. */
export function keptInOrder(
  { spec, names }: Server,
  kept: ReadonlySet<Protocol>,
): InOrder["NetworkReady"] {
  if (kept.size === 0) return undefined;
  const list = [...kept].map((protocol) => {
    const mapped = adapterPorts(spec, protocol, true).find(({ name }) => name.endsWith("-mapped"));
    return `"${names.adapterService(protocol)}"${mapped ? ` (with port ${mapped.port})` : ""}`;
  });
  const message = `As the Go operator left them, these Services are load balancers, though ` +
    `spec.adapterServices.type is ClusterIP: ${list.join(", ")}. To keep the addresses, set the ` +
    `type to LoadBalancer, and spec.adapters to the ports that clients use; to give them up, ` +
    `remove the annotation ${KEPT_ADDRESS_ANNOTATION} from the Services`;
  return { reason: "AddressKept", message };
}

/** A load balancer that is kept already, or was never applied by us. */
function isKept({ metadata: { annotations = {} }, spec }: Live<Service>): boolean {
  return spec?.type === "LoadBalancer" &&
    (annotations[KEPT_ADDRESS_ANNOTATION] !== undefined ||
      annotations[APPLIED_ANNOTATION] === undefined);
}

function saysKept({ status }: DittoServer): boolean {
  return status?.conditions?.some(({ reason }) => reason === "AddressKept") ?? false;
}
