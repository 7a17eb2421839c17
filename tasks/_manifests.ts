// Everything that has to be in a cluster for the operator to run, as objects.
//
// The files in manifests/ and `deno task deploy` are made from the same objects.

import { crd } from "../api/crd.ts";
import { GROUP } from "../api/group.ts";
import type {
  ClusterRole,
  CustomResourceDefinition,
  PolicyRule,
  Role,
  RoleBinding,
} from "../api/kubernetes/types.ts";
import { RESOURCES } from "../api/resources.ts";
import type { KubernetesSchemas } from "../api/structural.ts";
import { OPERATOR } from "../controllers/dittoserver/names.ts";
import { operatorPermissions } from "../controllers/operator.ts";
import { leases } from "../kube/lease.ts";
import type { KubernetesObject } from "../kube/object.ts";
import type { Permission } from "../kube/permissions.ts";
import { type InstallOptions, operatorDeployment } from "./_operator_deployment.ts";

const LABELS = {
  "app.kubernetes.io/name": OPERATOR,
  "app.kubernetes.io/part-of": OPERATOR,
} as const;

/** The CRDs. */
export function crds(kubernetes: KubernetesSchemas): CustomResourceDefinition[] {
  return RESOURCES.map(({ definition }) => crd(definition, kubernetes));
}

/** Service account, roles and bindings of the operator, and roles for people. */
export function rbac(namespace: string): KubernetesObject[] {
  const metadata = { name: OPERATOR, labels: LABELS };
  const subjects = [{ kind: "ServiceAccount", name: OPERATOR, namespace }];
  const serviceAccount = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...metadata, namespace },
  };
  const clusterRole: ClusterRole = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata,
    rules: operatorPermissions().map(policyRule),
  };
  const clusterRoleBinding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: OPERATOR },
    subjects,
  };
  const election: Role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { ...metadata, namespace },
    rules: [
      policyRule({ resource: leases, verbs: ["create"] }),
      {
        ...policyRule({ resource: leases, verbs: ["list", "watch", "patch"] }),
        resourceNames: [OPERATOR],
      },
    ],
  };
  const electionBinding: RoleBinding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { ...metadata, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: OPERATOR },
    subjects,
  };
  return [
    serviceAccount,
    clusterRole,
    clusterRoleBinding,
    election,
    electionBinding,
    ...rolesForPeople(),
  ];
}

/** Everything, in the order in which it must be applied. */
export function install(
  kubernetes: KubernetesSchemas,
  options: InstallOptions,
): KubernetesObject[] {
  const namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: options.namespace,
      labels: { ...LABELS, "pod-security.kubernetes.io/enforce": "restricted" },
    },
  };
  return [
    namespace,
    ...crds(kubernetes),
    ...rbac(options.namespace),
    operatorDeployment(options, LABELS),
  ];
}

/** The cluster's own roles view, edit and admin learn of our resources. */
function rolesForPeople(): ClusterRole[] {
  const role = (suffix: string, aggregateTo: readonly string[], verbs: readonly string[]) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: `${OPERATOR}-${suffix}`,
      labels: {
        ...LABELS,
        ...Object.fromEntries(
          aggregateTo.map((to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, "true"]),
        ),
      },
    },
    rules: [{ apiGroups: [GROUP], resources: ["*"], verbs }],
  });
  return [
    role("view", ["view"], ["get", "list", "watch"]),
    role("edit", ["edit", "admin"], ["create", "delete", "deletecollection", "patch", "update"]),
  ];
}

function policyRule({ resource, subresource, verbs }: Permission): PolicyRule {
  const name = subresource ? `${resource.plural}/${subresource}` : resource.plural;
  return { apiGroups: [resource.group], resources: [name], verbs };
}
