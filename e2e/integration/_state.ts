// What a namespace looks like, without what differs between two runs that did the same.

import type { KubernetesObject } from "../../kube/object.ts";
import type { TestPlane } from "./_plane.ts";
import { readAll } from "./_read.ts";

const KINDS = [
  ...["dittoservers", "statefulsets", "configmaps", "services", "secrets"] as const,
  ...["networkpolicies", "poddisruptionbudgets", "persistentvolumeclaims"] as const,
];

type Item = KubernetesObject & { readonly data?: unknown };

/** Fields that are new for each object or each write. */
const VOLATILE = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "lastTransitionTime",
  "managedFields",
  "namespace",
  "clusterIP",
  "clusterIPs",
  "nodePort",
  // Of random Secrets, or of what contains one of the above.
  "configHash",
  "dittofs.io/config-hash",
  "dittofs.dittofs.com/applied",
  "dittofs.dittofs.com/rollout-inputs",
  "kubectl.kubernetes.io/last-applied-configuration",
]);

/** Every object of the operator's kinds in a namespace, as comparable text. */
export async function stateOf(ground: TestPlane, namespace: string): Promise<string> {
  const found = await Promise.all(KINDS.map((kind) => readAll<Item>(ground, kind, namespace)));
  const kept = found.flat()
    .filter((item) => !JSON.stringify(item).includes("kube-root-ca.crt"))
    .map((item) => masked(comparable(item)));
  const text = JSON.stringify(
    kept.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    null,
    1,
  );
  // Addresses and messages name the namespace.
  return text.replaceAll(namespace, "*");
}

/**
 * The keys of a Secret. Of a StatefulSet what is wanted: how many edits it took depends on when
 * the operator saw what, and whose revision Kubernetes counts as current on which it came to see.
 */
function comparable({ metadata, data, status, ...item }: Item & { readonly status?: unknown }) {
  if (item.kind === "StatefulSet") return { ...item, metadata: { ...metadata, generation: "*" } };
  return { ...item, metadata, status, data: item.kind === "Secret" ? keysOf(data) : data };
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    fields.map(([name, content]) => [name, VOLATILE.has(name) ? "*" : masked(content)]),
  );
}

function keysOf(data: unknown): string[] {
  return Object.keys(data ?? {}).sort();
}
