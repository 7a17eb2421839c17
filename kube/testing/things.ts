// A kind of no meaning, its objects, and the events of its watch.

import type { KubernetesObject, Live } from "../object.ts";
import { resource } from "../resource.ts";

/** The only kind that tests of kube/ know. */
export interface Thing extends KubernetesObject {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

export const things = resource<Thing>({
  group: "test.example",
  version: "v1",
  kind: "Thing",
  plural: "things",
  namespaced: true,
});

/** A thing in namespace `default`, as a server would hold it; its UID is `uid-NAME` unless told. */
export function thing(
  name: string,
  version: number | string,
  more: Partial<Omit<Live<Thing>, "metadata">> & { metadata?: Partial<Live<Thing>["metadata"]> } =
    {},
): Live<Thing> {
  const { metadata, ...rest } = more;
  return {
    apiVersion: "test.example/v1",
    kind: "Thing",
    ...rest,
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      resourceVersion: String(version),
      ...metadata,
    },
  };
}

/** One page of a list. */
export function page(version: number | string, items: readonly Live<Thing>[], next?: string) {
  const metadata = { resourceVersion: String(version), ...(next && { continue: next }) };
  return { apiVersion: "test.example/v1", kind: "ThingList", metadata, items };
}

export const added = (object: Live<Thing>) => ({ type: "ADDED", object });
export const modified = (object: Live<Thing>) => ({ type: "MODIFIED", object });
export const deleted = (object: Live<Thing>) => ({ type: "DELETED", object });

/** "Up to this version you have seen everything." */
export function bookmark(version: number | string, annotations?: Record<string, string>) {
  const metadata = { resourceVersion: String(version), ...(annotations && { annotations }) };
  return { type: "BOOKMARK", object: { apiVersion: "test.example/v1", kind: "Thing", metadata } };
}

/** The bookmark behind the initial events of a WatchList stream. */
export const initialEnd = (version: number | string) =>
  bookmark(version, { "k8s.io/initial-events-end": "true" });
