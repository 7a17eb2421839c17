// Values of the types that Kubernetes defines, for random specs: all of them can work.

import type {
  Affinity,
  NetworkPolicyPeer,
  PodSecurityContext,
  ResourceRequirements,
  SecurityContext,
  Toleration,
  TopologySpreadConstraint,
} from "../kubernetes/types.ts";

const affinities: readonly Affinity[] = [
  {},
  {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd", "nvme"] }] },
        ],
      },
    },
  },
  {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{
        weight: 100,
        podAffinityTerm: {
          labelSelector: { matchLabels: { app: "dittofs-server" } },
          topologyKey: "kubernetes.io/hostname",
        },
      }],
    },
  },
];

const peers: readonly NetworkPolicyPeer[] = [
  { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
  { ipBlock: { cidr: "2001:db8::/32" } },
  { namespaceSelector: { matchLabels: { team: "storage" } } },
  { podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
];

const podSecurity: readonly PodSecurityContext[] = [
  {},
  { fsGroup: 1000, supplementalGroups: [2000], fsGroupChangePolicy: "Always" },
  { seLinuxOptions: { level: "s0:c1,c2" }, runAsNonRoot: true },
];

const resources: readonly ResourceRequirements[] = [
  {},
  { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi" } },
  { limits: { cpu: "2", memory: "1.5Gi", "ephemeral-storage": "1Gi" } },
];

/** As users write it in YAML: a number is a quantity too. */
const numbers = { limits: { cpu: 2, memory: 1_073_741_824 } };

const security: readonly SecurityContext[] = [
  {},
  { runAsUser: 1000, runAsGroup: 1000 },
  { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] }, readOnlyRootFilesystem: false },
];

const tolerations: readonly Toleration[] = [
  { operator: "Exists" },
  { key: "storage", operator: "Equal", value: "true", effect: "NoSchedule" },
  { key: "flaky", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
];

const spreads: readonly TopologySpreadConstraint[] = [
  { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
  {
    maxSkew: 2,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { app: "dittofs-server" } },
  },
];

/** By the name of the type, without its package. */
export const KUBERNETES_EXAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  Affinity: affinities,
  NetworkPolicyPeer: peers,
  PodSecurityContext: podSecurity,
  ResourceRequirements: [...resources, numbers],
  SecurityContext: security,
  Toleration: tolerations,
  TopologySpreadConstraint: spreads,
};
