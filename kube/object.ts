// The part of a Kubernetes object that every kind shares.
//
// kube/ knows no kind by name: whatever has this shape can be watched, cached and applied.

/** `metadata.ownerReferences[]`: who an object lives and dies with. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** `metadata.managedFields[]`: which fields a writer owns, as a tree in `fieldsV1`. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  /** `Apply` or `Update`. */
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

/** The fields of `metadata` that the runtime reads or writes. */
export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  /** Never in a cache. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any object as it is written: what a builder returns. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
}

/** `metadata` of an object that the API server has answered with. */
export interface LiveMeta extends ObjectMeta {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** An object as the API server holds it: name, UID and version are certain. */
export type Live<T extends KubernetesObject> = T & { readonly metadata: LiveMeta };

/** `namespace/name`, or `name` for a cluster-scoped object. The key of caches and queues. */
export type Key = string;

/** The key of an object. */
export function keyOf(object: KubernetesObject): Key {
  return makeKey(object.metadata?.namespace, object.metadata?.name ?? "");
}

/** The key of a name in a namespace; without a namespace, of a cluster-scoped name. */
export function makeKey(namespace: string | undefined, name: string): Key {
  return namespace ? `${namespace}/${name}` : name;
}

/** The inverse of {@link makeKey}. */
export function splitKey(key: Key): { namespace?: string; name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that has `controller: true`, of which an object has at most one. */
export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true);
}

/**
 * Whether version `a` is newer than `b` in the same resource.
 * Versions are decimal integers that grow (KEP-5504); they are longer than a double is exact,
 * so they are compared by length, then as text.
 */
export function isNewer(a: string, b: string): boolean {
  return a.length !== b.length ? a.length > b.length : a > b;
}
