// A resource: the name under which the API server serves a kind.

import type { KubernetesObject } from "./object.ts";

/** What the API server needs to know to find objects of one kind. */
export interface ResourceName {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural in the path, such as `configmaps`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

declare const objectType: unique symbol;

/** A {@link ResourceName} that remembers, for the compiler alone, what its objects look like. */
export interface Resource<T extends KubernetesObject> extends ResourceName {
  readonly [objectType]?: T;
}

/** Declares the resource of an object type. */
export function resource<T extends KubernetesObject>(name: ResourceName): Resource<T> {
  return name;
}

/** `group/version`, or `version` alone for the core group: the `apiVersion` of its objects. */
export function apiVersionOf(resource: ResourceName): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** `plural.group`, as RBAC and `kubectl` print it: `statefulsets.apps`, `configmaps`. */
export function qualifiedName(resource: ResourceName): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** Where in the API an object or collection is. */
export interface Location {
  /** Absent: all namespaces, or a cluster-scoped resource. */
  readonly namespace?: string | undefined;
  readonly name?: string;
  readonly subresource?: string;
}

/** The path of a collection, an object, or a subresource of one. */
export function pathOf(resource: ResourceName, at: Location): string {
  const root = resource.group === "" ? "/api" : `/apis/${resource.group}`;
  const parts = [`${root}/${resource.version}`];
  if (resource.namespaced && at.namespace) {
    parts.push("namespaces", encodeURIComponent(at.namespace));
  }
  parts.push(resource.plural);
  if (at.name) parts.push(encodeURIComponent(at.name));
  if (at.subresource) parts.push(at.subresource);
  return parts.join("/");
}
