// Where and how the pod runs.

import * as z from "zod";
import type {
  Affinity,
  PodSecurityContext,
  ResourceRequirements,
  SecurityContext,
  Toleration,
  TopologySpreadConstraint,
} from "../kubernetes/types.ts";
import { annotations, anyText, labelMap, labels, objectName } from "../fields.ts";
import { kubernetesSchema } from "../schema.ts";

const core = <T>(kind: string) => kubernetesSchema<T>(`io.k8s.api.core.v1.${kind}`);

/** Placement, and what else is said of the pod. */
export const pod = z.object({
  labels: labels("team").optional().meta({
    description: "Further labels of the pod. A change of them replaces the pod.",
  }),
  annotations: annotations("example.com/scrape").optional().meta({
    description: "Annotations of the pod. A change of them replaces the pod.",
  }),
  nodeSelector: labelMap({ "kubernetes.io/arch": "amd64" }).optional().meta({
    description: "Labels that a node must have.",
  }),
  affinity: core<Affinity>("Affinity").optional().meta({
    description: "Which nodes, and which neighbours, the pod wants or avoids.",
  }),
  tolerations: z.array(core<Toleration>("Toleration")).max(64).optional().meta({
    description: "Taints of nodes that the pod puts up with.",
  }),
  topologySpreadConstraints: z.array(
    core<TopologySpreadConstraint>("TopologySpreadConstraint"),
  ).max(16).optional().meta({
    description: "How the pods of several servers are spread over zones or nodes.",
  }),
  priorityClassName: objectName("storage-critical").optional().meta({
    description: "PriorityClass of the pod.",
  }),
  runtimeClassName: objectName("gvisor").optional().meta({
    description: "RuntimeClass of the pod.",
  }),
  schedulerName: anyText(253, "default-scheduler").optional().meta({
    description: "Scheduler that places the pod.",
  }),
  serviceAccountName: objectName("files").optional().meta({
    description:
      "ServiceAccount of the pod, such as one with pull secrets. Its token is never mounted: the server does not use the Kubernetes API.",
  }),
}).meta({ description: "Where the pod runs, and what else is said of it." });

/** The fields of the pod that stand at the top of the spec. */
export const podFields = {
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional().meta({
    description: "When a node pulls the image; Kubernetes' own default else.",
    examples: ["IfNotPresent"],
  }),
  imagePullSecrets: z.array(z.object({
    name: objectName("registry-credentials").meta({ description: "Name of the Secret." }),
  })).max(16).optional().meta({
    description: "Secrets with credentials for the registry of the image.",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
  }),
  resources: core<ResourceRequirements>("ResourceRequirements").optional().meta({
    description:
      "CPU and memory of the server's container. The sizes of the server's caches follow from the memory limit.",
  }),
  securityContext: core<SecurityContext>("SecurityContext").optional().meta({
    description:
      "Security settings of the container. What is set here wins over the hardened defaults, field by field.",
  }),
  podSecurityContext: core<PodSecurityContext>("PodSecurityContext").optional().meta({
    description:
      "Security settings of the pod. What is set here wins over the hardened defaults, field by field.",
  }),
} as const;
