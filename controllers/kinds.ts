// The kinds that the controllers read and write, by their names in the API.

import type { DittoGroup } from "../api/dittogroup.ts";
import type { DittoServer } from "../api/dittoserver.ts";
import type { DittoShare } from "../api/dittoshare.ts";
import type { DittoUser } from "../api/dittouser.ts";
import { GROUP, VERSION } from "../api/group.ts";
import type {
  ConfigMap,
  ControllerRevision,
  Job,
  NetworkPolicy,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
  StatefulSet,
  StorageClass,
} from "../api/kubernetes/types.ts";
import type { KubernetesObject } from "../kube/object.ts";
import { resource } from "../kube/resource.ts";
import type { PodMonitor, ServiceMonitor } from "./prometheus.ts";

export const dittoServers = resource<DittoServer>({
  group: GROUP,
  version: VERSION,
  kind: "DittoServer",
  plural: "dittoservers",
  namespaced: true,
});

export const dittoShares = resource<DittoShare>({
  group: GROUP,
  version: VERSION,
  kind: "DittoShare",
  plural: "dittoshares",
  namespaced: true,
});

export const dittoUsers = resource<DittoUser>({
  group: GROUP,
  version: VERSION,
  kind: "DittoUser",
  plural: "dittousers",
  namespaced: true,
});

export const dittoGroups = resource<DittoGroup>({
  group: GROUP,
  version: VERSION,
  kind: "DittoGroup",
  plural: "dittogroups",
  namespaced: true,
});

export const configMaps = resource<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
});

export const secrets = resource<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
});

export const services = resource<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  namespaced: true,
});

export const statefulSets = resource<StatefulSet>({
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  namespaced: true,
});

export const jobs = resource<Job>({
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  namespaced: true,
});

export const networkPolicies = resource<NetworkPolicy>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  namespaced: true,
});

export const podDisruptionBudgets = resource<PodDisruptionBudget>({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  namespaced: true,
});

export const persistentVolumes = resource<PersistentVolume>({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  namespaced: false,
});

export const persistentVolumeClaims = resource<PersistentVolumeClaim>({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  namespaced: true,
});

export const pods = resource<Pod>({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  namespaced: true,
});

export const storageClasses = resource<StorageClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  namespaced: false,
});

// Only while the Prometheus operator is installed.
export const serviceMonitors = resource<ServiceMonitor>({
  group: "monitoring.coreos.com",
  version: "v1",
  kind: "ServiceMonitor",
  plural: "servicemonitors",
  namespaced: true,
});

export const podMonitors = resource<PodMonitor>({
  group: "monitoring.coreos.com",
  version: "v1",
  kind: "PodMonitor",
  plural: "podmonitors",
  namespaced: true,
});

export const controllerRevisions = resource<ControllerRevision>({
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  namespaced: true,
});

/** Of which only the name is ever read. */
export const resourceQuotas = resource<KubernetesObject>({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  namespaced: true,
});
