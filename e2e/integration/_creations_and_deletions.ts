// What the API server has made and taken away, by its audit log.

import type { TestPlane } from "./_plane.ts";

/**
 * Events depend on timing. Pods, revisions and the slices of Services are made by controllers of
 * Kubernetes that may be a version behind: of two changes they follow both, or the second alone.
 */
const UNCOUNTED = new Set(["events", "pods", "controllerrevisions", "endpointslices"]);

/** How often each object was created and deleted, garbage collection included. */
export async function creationsAndDeletions(
  { plane }: TestPlane,
  namespace: string,
): Promise<string[]> {
  const counts = new Map<string, number>();
  const requests = await plane.audit.requests({ namespace });
  for (const { code, verb, resource, name, uri } of requests) {
    const done = verb === "delete" ? code === 200 : code === 201;
    if (!done || UNCOUNTED.has(resource)) continue;
    // A POST names its object in the body alone.
    const what = `${resource} ${name || uri.split("?")[0]}`.replaceAll(namespace, "*");
    const key = `${verb === "delete" ? "DELETE" : "CREATE"} ${what}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${count} ${key}`).sort();
}
