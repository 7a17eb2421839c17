// How the server is reached: Services, the protocols behind them, and who may come.

import * as z from "zod";
import type { NetworkPolicyPeer } from "../kubernetes/types.ts";
import { annotations, anyText, cidr, labels, objectName, port, seconds } from "../fields.ts";
import { nfsOperations } from "./nfs_operations.ts";
import { deprecated, kubernetesSchema, listSet, rules } from "../schema.ts";

const type = z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).default("ClusterIP");

/** The fields of every Service, with words for whose they are. */
const serviceFields = (whose: string) => ({
  type: type.meta({
    description:
      `Type of ${whose}: reachable within the cluster, on a port of each node, or from outside through a load balancer.`,
  }),
  annotations: annotations("service.example.com/load-balancer-type").optional().meta({
    description: `Annotations of ${whose}, such as those that load balancers are configured with.`,
  }),
  labels: labels("team").optional().meta({ description: `Further labels of ${whose}.` }),
  loadBalancerClass: anyText(253, "service.k8s.aws/nlb").optional().meta({
    description: "Which load balancer implementation is to serve it.",
  }),
  loadBalancerSourceRanges: listSet(z.array(cidr("10.0.0.0/8")).max(64)).optional().meta({
    description: "Address ranges from which the load balancer lets clients in.",
  }),
  externalTrafficPolicy: z.enum(["Cluster", "Local"]).optional().meta({
    description:
      "Local keeps the addresses of clients outside of the cluster, which rules on addresses need; Cluster, the default of Kubernetes, hides them.",
    examples: ["Local"],
  }),
  internalTrafficPolicy: z.enum(["Cluster", "Local"]).optional().meta({
    description: "Local serves only clients on the node of the pod.",
    examples: ["Cluster"],
  }),
});

const serviceRules = [
  {
    rule: "!has(self.loadBalancerClass) || self.type == 'LoadBalancer'",
    message: "loadBalancerClass is for type LoadBalancer; change the type, or remove it",
    fieldPath: ".loadBalancerClass",
  },
  {
    rule: "!has(self.loadBalancerSourceRanges) || self.type == 'LoadBalancer'",
    message: "loadBalancerSourceRanges is for type LoadBalancer; change the type, or remove it",
    fieldPath: ".loadBalancerSourceRanges",
  },
  {
    rule: "!has(self.externalTrafficPolicy) || self.type != 'ClusterIP'",
    message:
      "externalTrafficPolicy is for type NodePort or LoadBalancer; change the type, or remove it",
    fieldPath: ".externalTrafficPolicy",
  },
  {
    rule:
      "oldSelf.type != 'LoadBalancer' || self.type != 'LoadBalancer' || (has(self.loadBalancerClass) == has(oldSelf.loadBalancerClass) && (!has(self.loadBalancerClass) || self.loadBalancerClass == oldSelf.loadBalancerClass))",
    message:
      "loadBalancerClass cannot change while the type is LoadBalancer, because Kubernetes refuses it; change the type to ClusterIP first, which gives up the address",
    fieldPath: ".loadBalancerClass",
  },
] as const;

/** The Service of the REST API. */
export const apiService = z.object(serviceFields("the Service NAME-api of the REST API"))
  .meta(rules(...serviceRules));

/** The Services of the protocols. */
export const adapterServices = z.object(
  serviceFields("the Services NAME-adapter-nfs and NAME-adapter-smb"),
).meta(rules(...serviceRules));

const adapterTls = z.object({
  certSecretName: objectName("files-nfs-tls").meta({
    description: "Secret with tls.crt and tls.key.",
  }),
  clientCASecretName: objectName("files-client-ca").optional().meta({
    description: "Secret with ca.crt: clients must then present a certificate that it has signed.",
  }),
  mode: z.enum(["opportunistic", "require"]).default("opportunistic").meta({
    description: "Whether clients may come without TLS.",
  }),
});

const adapter = (protocol: string, listens: number, service: number) => ({
  enabled: z.boolean().optional().meta({
    description:
      `Whether ${protocol} is served. Without it the server's own setting stays: on, from its first start.`,
  }),
  port: z.int().min(1024).max(65535).optional().meta({
    description:
      `TCP port that the server listens on for ${protocol}. Without it the server's own setting stays: ${listens}, from its first start.`,
    examples: [listens],
  }),
  servicePort: port(service).default(service).meta({
    description: `TCP port of the Service for ${protocol}, the one that clients use.`,
  }),
});

const maxConnections = z.int().min(0).max(100_000).optional().meta({
  description:
    "Connections of clients at the same time; 0, the default of the server, is no bound.",
  examples: [1000],
});

const portmapper = z.object({
  enabled: z.boolean().default(false).meta({
    description:
      "Serves the portmapper, which NFSv3 clients ask that do not name ports; the Service then has port 111.",
  }),
  port: z.int().min(1024).max(65535).default(10111).meta({
    description: "Port that the server listens on for it.",
    examples: [10111],
  }),
});

const nfs = z.object({
  ...adapter("NFS", 12049, 2049),
  udp: z.boolean().default(false).meta({
    description:
      "Serves the side protocols of NFSv3 over UDP as well. Some load balancers refuse a Service with TCP and UDP.",
  }),
  portmapper: portmapper.optional().meta({ description: "The portmapper of NFSv3." }),
  tls: adapterTls.optional().meta({ description: "NFS over TLS, as RFC 9289 has it." }),
  maxConnections,
  maxConnectionsPerSession: z.int().min(0).max(1024).optional().meta({
    description:
      "Connections that one NFSv4.1 session may have; 0 is no bound. The default of the server is 16.",
    examples: [16],
  }),
  leaseTime: seconds("10s", "1h", "90s").optional().meta({
    description:
      "How long an NFSv4 client that is silent keeps its locks and open files. The default of the server is 90s.",
  }),
  gracePeriod: seconds("10s", "1h", "90s").optional().meta({
    description:
      "How long NFSv4 clients may take their locks back after a restart, before others get them. The default of the server is 90s.",
  }),
  delegations: z.boolean().optional().meta({
    description:
      "Whether NFSv4 clients may keep files to themselves for a while. The default of the server is true.",
  }),
  maxDelegations: z.int().min(0).max(1_000_000).optional().meta({
    description:
      "Files and directories that clients may keep to themselves at the same time. The default of the server is 10000.",
    examples: [10_000],
  }),
  blockedOperations: nfsOperations.optional().meta({
    description: "Operations of NFS that the server refuses.",
    examples: [["MKNOD", "SYMLINK"]],
  }),
});

const dialect = z.enum(["SMB2.0", "SMB2.1", "SMB3.0", "SMB3.0.2", "SMB3.1.1"]);

const smb = z.object({
  ...adapter("SMB", 1445, 445),
  signing: z.enum(["disabled", "enabled", "required"]).optional().meta({
    description: "Whether messages are signed.",
    examples: ["required"],
  }),
  encryption: z.boolean().optional().meta({
    description:
      "Offers encryption to SMB 3 clients. The server does so by itself, and false does not keep it from that.",
  }),
  minDialect: dialect.optional().meta({
    description: "The oldest dialect that is spoken. The default of the server is SMB2.0.",
    examples: ["SMB3.0"],
  }),
  maxDialect: dialect.optional().meta({
    description: "The newest dialect that is spoken. The default of the server is SMB3.1.1.",
    examples: ["SMB3.1.1"],
  }),
  maxConnections,
  directoryLeasing: z.boolean().optional().meta({
    description: "Whether clients may cache directories. The default of the server is true.",
  }),
}).meta(rules({
  // In the order of the versions, the texts are in the order of the alphabet.
  rule: "!has(self.minDialect) || !has(self.maxDialect) || self.minDialect <= self.maxDialect",
  message: "minDialect is newer than maxDialect, so that nobody could connect; change one of them",
  fieldPath: ".minDialect",
}));

/** The protocols that files are served by. */
export const adapters = z.object({
  nfs: nfs.prefault({}).meta({ description: "NFS, versions 3, 4.0 and 4.1." }),
  smb: smb.prefault({}).meta({ description: "SMB, versions 2 and 3." }),
}).meta(rules(
  {
    rule:
      "(has(self.nfs.port) ? self.nfs.port : 12049) != (has(self.smb.port) ? self.smb.port : 1445)",
    message:
      "nfs.port and smb.port are the same, and a port can serve one protocol; change one of them",
    fieldPath: ".smb",
  },
  {
    rule:
      "!has(self.nfs.portmapper) || !self.nfs.portmapper.enabled || (self.nfs.portmapper.port != (has(self.nfs.port) ? self.nfs.port : 12049) && self.nfs.portmapper.port != (has(self.smb.port) ? self.smb.port : 1445))",
    message: "nfs.portmapper.port is the port of NFS or SMB as well; change one of them",
    fieldPath: ".nfs",
  },
  {
    rule:
      "!has(self.nfs.portmapper) || !self.nfs.portmapper.enabled || self.nfs.servicePort != 111",
    message:
      "nfs.servicePort is 111, which is the portmapper's; change it, or switch the portmapper off",
    fieldPath: ".nfs",
  },
));

/** How the Go operator looked for adapters. */
export const adapterDiscovery = z.object({
  pollingInterval: z.string().max(64).default("30s").meta({
    description: "Accepted for manifests of the Go operator.",
    ...deprecated("the operator does not poll; what it manages is said by spec.adapters"),
  }),
});

const peers = (who: string) =>
  z.array(kubernetesSchema<NetworkPolicyPeer>("io.k8s.api.networking.v1.NetworkPolicyPeer"))
    .max(64).optional().meta({
      description: `${who} Without it everybody may; an empty list lets nobody in.`,
    });

/** Who may reach the server. */
export const networkPolicy = z.object({
  enabled: z.boolean().default(true).meta({
    description:
      "Makes NetworkPolicies that let in only what the server serves. They have an effect where the cluster's network enforces them.",
  }),
  from: peers("Who may reach the file protocols, as in a NetworkPolicy."),
  apiFrom: peers(
    "Who may reach the REST API besides the operator, as in a NetworkPolicy.",
  ),
  metricsFrom: peers("Who may reach the metrics, as in a NetworkPolicy."),
});
