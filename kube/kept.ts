// What is kept of an object.
//
// A cache holds as many objects as the cluster has; each is kept without what nobody reads. What
// is kept is shared by all who ask, so nobody can change it.

import type { KubernetesObject, Live } from "./object.ts";
import { Sharing } from "./sharing.ts";

/** Takes what is read out of an object; it is given one without `managedFields`. */
export type Keep<T extends KubernetesObject, S extends KubernetesObject> = (
  object: Live<T>,
) => Live<S>;

/** Keeps the identity of an object and nothing else. */
export const identityOnly: Keep<KubernetesObject, KubernetesObject> = ({ metadata }) => {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { metadata: { name, ...(namespace && { namespace }), uid, resourceVersion } };
};

/** What all caches share: a label of a Service is also one of a Secret. */
const sharing = new Sharing();

/** What `keep` takes out of an object, frozen. The object itself is left as it is. */
export function frozen<T extends KubernetesObject, S extends KubernetesObject>(
  object: Live<T>,
  keep: Keep<T, S>,
): Live<S> {
  const { managedFields: _, ...metadata } = object.metadata;
  return sharing.share(keep({ ...object, metadata }));
}
