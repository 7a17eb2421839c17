// What is kept of an object.
//
// A cache holds as many objects as the cluster has; each is kept without what nobody reads. What
// is kept is shared by all who ask, so nobody can change it.

import { same } from "./covers.ts";
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

/**
 * What `keep` takes out of an object, frozen. The object itself is left as it is. Its parts that
 * are as they were in `old` are those of `old`: what is known of a spec stays known when only the
 * status changes.
 */
export function frozen<T extends KubernetesObject, S extends KubernetesObject>(
  object: Live<T>,
  keep: Keep<T, S>,
  old?: Live<S>,
): Live<S> {
  const { managedFields: _, ...metadata } = object.metadata;
  const kept = keep({ ...object, metadata });
  return sharing.share(old ? withPartsOf(old, kept) as Live<S> : kept);
}

/** `now`, in which what says the same as in `old` is that of `old`. */
function withPartsOf(old: unknown, now: unknown): unknown {
  if (!isOfParts(old) || !isOfParts(now) || Array.isArray(old) !== Array.isArray(now)) return now;
  // What is kept elsewhere already cannot be changed.
  if (Object.isFrozen(now)) return same(old, now) ? old : now;
  let differs = false;
  let more = 0;
  for (const name in now) {
    const before = old[name];
    const part = withPartsOf(before, now[name]);
    if (part !== now[name]) now[name] = part;
    differs ||= part !== before;
    more++;
  }
  for (const _ in old) more--;
  return differs || more !== 0 ? now : old;
}

function isOfParts(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
