// One line for a person: what is wrong with reaching a kind, and what to do about it.

import { classify, messageOf } from "./errors.ts";
import { apiVersionOf, qualifiedName, type ResourceName } from "./resource.ts";

/** Why a kind cannot be listed or watched, with the remedy. */
export function explain(error: unknown, resource: ResourceName): string {
  const name = qualifiedName(resource);
  switch (classify(error)) {
    case "notFound":
      return `the API server does not serve ${name} in ${apiVersionOf(resource)}: ` +
        `its CustomResourceDefinition is missing; apply the operator's manifests (install.yaml)`;
    case "forbidden":
      return `not allowed to list and watch ${name}: ${messageOf(error)}; ` +
        `apply the operator's RBAC manifests, or use credentials that have these permissions`;
    default:
      return messageOf(error);
  }
}
