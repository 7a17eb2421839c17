// What is kept of an object.
//
// A cache holds as many objects as the cluster has; each is kept without what nobody reads. What
// is kept is shared by all who ask, so nobody can change it.

import type { KubernetesObject, Live } from "./object.ts";

/** Takes what is read out of an object; it is given one without `managedFields`. */
export type Keep<T extends KubernetesObject, S extends KubernetesObject> = (
  object: Live<T>,
) => Live<S>;

/** Keeps the identity of an object and nothing else. */
export const identityOnly: Keep<KubernetesObject, KubernetesObject> = ({ metadata }) => {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { metadata: { name, ...(namespace && { namespace }), uid, resourceVersion } };
};

/** What `keep` takes out of an object, frozen. The object itself is left as it is. */
export function frozen<T extends KubernetesObject, S extends KubernetesObject>(
  object: Live<T>,
  keep: Keep<T, S>,
): Live<S> {
  const { managedFields: _, ...metadata } = object.metadata;
  return deepFrozen(keep({ ...object, metadata }));
}

function deepFrozen<V>(value: V): V {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFrozen(part);
  }
  return value;
}
