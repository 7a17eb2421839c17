// The kinds that the controllers read and write, by their names in the API.

import type { DittoServer } from "../api/dittoserver.ts";
import { GROUP, VERSION } from "../api/group.ts";
import type { ConfigMap, Secret, Service, StatefulSet } from "../api/kubernetes/types.ts";
import { resource } from "../kube/resource.ts";

export const dittoServers = resource<DittoServer>({
  group: GROUP,
  version: VERSION,
  kind: "DittoServer",
  plural: "dittoservers",
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
