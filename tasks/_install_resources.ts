// The kinds that an installation consists of, by their names in the API.

import type { Deployment } from "../api/kubernetes/types.ts";
import type { KubernetesObject } from "../kube/object.ts";
import { apiVersionOf, type Resource, resource } from "../kube/resource.ts";

const core = (kind: string, plural: string, namespaced: boolean) =>
  resource({ group: "", version: "v1", kind, plural, namespaced });

const rbac = (kind: string, plural: string, namespaced: boolean) =>
  resource({ group: "rbac.authorization.k8s.io", version: "v1", kind, plural, namespaced });

export const deployments = resource<Deployment>({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
});

export const crds = resource({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
});

const RESOURCES: readonly Resource<KubernetesObject>[] = [
  core("Namespace", "namespaces", false),
  core("ServiceAccount", "serviceaccounts", true),
  crds,
  rbac("ClusterRole", "clusterroles", false),
  rbac("ClusterRoleBinding", "clusterrolebindings", false),
  rbac("Role", "roles", true),
  rbac("RoleBinding", "rolebindings", true),
  deployments,
];

/** The resource of an object of an installation. */
export function resourceOf(object: KubernetesObject): Resource<KubernetesObject> {
  const found = RESOURCES.find((candidate) =>
    candidate.kind === object.kind && apiVersionOf(candidate) === object.apiVersion
  );
  if (!found) throw new TypeError(`an installation has no ${object.apiVersion} ${object.kind}`);
  return found;
}
