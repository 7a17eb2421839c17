// Who may reach the server: one NetworkPolicy for what every server has, one for each protocol.
//
// Each selects the pod, and a pod that is selected gets nothing but what some policy lets in; so
// a port is open exactly while the server has it. The kubelet's probes pass in any case.

import type {
  NetworkPolicy,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "../../api/kubernetes/types.ts";
import { adapterPorts, servedProtocols } from "./adapter_ports.ts";
import { type Protocol, selectorLabels } from "./names.ts";
import { ADAPTER_TYPE_LABEL } from "./services.ts";
import { childMeta, type Server } from "./server.ts";

/** On the policy of what every server has; the Go operator's too. */
const BASELINE_LABEL = "dittofs.io/baseline-networkpolicy";
/** On the policies of protocols; the Go operator's too. */
const ADAPTER_LABEL = "dittofs.io/adapter-networkpolicy";

/**
 * Every NetworkPolicy that the server should have. `operatorNamespace` is where the operator
 * itself runs, which may always reach the REST API; undefined outside of the cluster.
 */
export function allNetworkPolicies(
  server: Server,
  operatorNamespace: string | undefined,
): readonly NetworkPolicy[] {
  if (!server.spec.networkPolicy.enabled) return [];
  return [
    baselinePolicy(server, operatorNamespace),
    ...servedProtocols(server.spec).map((protocol) => adapterPolicy(server, protocol)),
  ];
}

/** The REST API, and the metrics while there are some. */
export function baselinePolicy(
  server: Server,
  operatorNamespace: string | undefined,
): NetworkPolicy {
  const { networkPolicy, controlPlane, metrics } = server.spec;
  const operator = operatorNamespace === undefined ? [] : [ofNamespace(operatorNamespace)];
  const { apiFrom, metricsFrom } = networkPolicy;
  return policy(server, server.names.baselinePolicy, { [BASELINE_LABEL]: "true" }, [
    ...ingress([tcp(controlPlane.port)], apiFrom && [...apiFrom, ...operator]),
    ...(metrics.enabled ? ingress([tcp(metrics.port)], metricsFrom) : []),
  ]);
}

/** The ports of a protocol, where the server listens. */
export function adapterPolicy(server: Server, protocol: Protocol): NetworkPolicy {
  const ports = adapterPorts(server.spec, protocol).map(
    ({ targetPort, protocol }): NetworkPolicyPort => ({ protocol, port: targetPort }),
  );
  const labels = { [ADAPTER_LABEL]: "true", [ADAPTER_TYPE_LABEL]: protocol };
  return policy(
    server,
    server.names.adapterPolicy(protocol),
    labels,
    ingress(different(ports), server.spec.networkPolicy.from),
  );
}

function policy(
  server: Server,
  name: string,
  labels: Readonly<Record<string, string>>,
  rules: readonly NetworkPolicyIngressRule[],
): NetworkPolicy {
  const meta = childMeta(server, name);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { ...meta, labels: { ...labels, ...meta.labels } },
    spec: {
      podSelector: { matchLabels: selectorLabels(server.name) },
      policyTypes: ["Ingress"],
      // Without rules nobody gets in. An empty list would come back as none at all.
      ...(rules.length > 0 && { ingress: rules }),
    },
  };
}

/** Lets peers reach ports: everybody if undefined, and with an empty list nobody. */
function ingress(
  ports: readonly NetworkPolicyPort[],
  peers: readonly NetworkPolicyPeer[] | undefined,
): readonly NetworkPolicyIngressRule[] {
  // To Kubernetes an empty list of peers would be everybody.
  if (peers?.length === 0) return [];
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
