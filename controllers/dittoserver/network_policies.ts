// Who may reach the server: one NetworkPolicy with a rule for each thing that it serves.
//
// It selects the pod, and a pod that is selected gets nothing but what some policy lets in; so a
// port is open exactly while the server has it. The kubelet's probes pass in any case.

import type {
  NetworkPolicy,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "../../api/kubernetes/types.ts";
import { adapterPorts, servedProtocols } from "./adapter_ports.ts";
import { selectorLabels } from "./names.ts";
import { childMeta, type Server } from "./server.ts";

/** The Go operator's too. */
const BASELINE_LABEL = "dittofs.io/baseline-networkpolicy";

/**
 * The NetworkPolicy of the server, unless it is switched off. `operatorNamespace` is where the
 * operator itself runs, which may always reach the REST API, and the file protocols to see that
 * they listen; undefined outside of the cluster.
 */
export function networkPolicies(
  server: Server,
  operatorNamespace: string | undefined,
): readonly NetworkPolicy[] {
  const { networkPolicy, controlPlane, metrics } = server.spec;
  if (!networkPolicy.enabled) return [];
  const operator = operatorNamespace === undefined ? [] : [ofNamespace(operatorNamespace)];
  const { from, apiFrom, metricsFrom } = networkPolicy;
  const meta = childMeta(server, server.names.networkPolicy);
  const rules = [
    ...ingress([tcp(controlPlane.port)], apiFrom && [...apiFrom, ...operator]),
    ...(metrics.enabled ? ingress([tcp(metrics.port)], metricsFrom) : []),
    ...ingress(filePorts(server), from && [...from, ...operator]),
  ];
  return [{
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { ...meta, labels: { [BASELINE_LABEL]: "true", ...meta.labels } },
    spec: {
      podSelector: { matchLabels: selectorLabels(server.name) },
      policyTypes: ["Ingress"],
      // Without rules nobody gets in. An empty list would come back as none at all.
      ...(rules.length > 0 && { ingress: rules }),
    },
  }];
}

/** The ports of all protocols, where the server listens. */
function filePorts({ spec }: Server): readonly NetworkPolicyPort[] {
  const ports = servedProtocols(spec).flatMap((protocol) => adapterPorts(spec, protocol));
  return different(
    ports.map(({ targetPort, protocol }): NetworkPolicyPort => ({ protocol, port: targetPort })),
  );
}

/** Lets peers reach ports: everybody if undefined, and with an empty list nobody. */
function ingress(
  ports: readonly NetworkPolicyPort[],
  peers: readonly NetworkPolicyPeer[] | undefined,
): readonly NetworkPolicyIngressRule[] {
  // To Kubernetes an empty list of ports or peers would be all of them.
  if (ports.length === 0 || peers?.length === 0) return [];
  return [{ ports, ...(peers && { from: peers }) }];
}

function tcp(port: number): NetworkPolicyPort {
  return { protocol: "TCP", port };
}

function ofNamespace(name: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** A Service may show one port of the pod twice; a policy opens it once. */
function different(ports: readonly NetworkPolicyPort[]): readonly NetworkPolicyPort[] {
  return [...new Map(ports.map((port) => [`${port.protocol} ${port.port}`, port])).values()];
}
