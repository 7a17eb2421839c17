// Looks at objects that a test makes again and again while it waits for something. kubectl costs a
// fifth of a second of a core for each, most of which is its start.

import { API_VERSION } from "../../api/group.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import { PlaneError } from "../harness/control_plane_client.ts";
import type { TestPlane } from "./_plane.ts";

/** Where each kind is served, by its plural name. */
const GROUPS = {
  dittoservers: `/apis/${API_VERSION}`,
  dittoshares: `/apis/${API_VERSION}`,
  dittousers: `/apis/${API_VERSION}`,
  dittogroups: `/apis/${API_VERSION}`,
  configmaps: "/api/v1",
  persistentvolumeclaims: "/api/v1",
  secrets: "/api/v1",
  services: "/api/v1",
  statefulsets: "/apis/apps/v1",
  jobs: "/apis/batch/v1",
  networkpolicies: "/apis/networking.k8s.io/v1",
  poddisruptionbudgets: "/apis/policy/v1",
} as const;

/** A kind that can be looked at. */
export type Plural = keyof typeof GROUPS;

const pathOf = (plural: Plural, namespace: string) =>
  `${GROUPS[plural]}/namespaces/${namespace}/${plural}`;

/** All objects of a kind in a namespace. */
export async function readAll<T extends KubernetesObject>(
  { plane }: TestPlane,
  plural: Plural,
  namespace: string,
): Promise<Live<T>[]> {
  const list = await plane.client().json(pathOf(plural, namespace)) as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly items: readonly Live<T>[];
  };
  // Items of Kubernetes' own kinds do not say what they are.
  const what = { apiVersion: list.apiVersion, kind: list.kind.replace(/List$/, "") };
  return list.items.map((item) => ({ ...what, ...item }));
}

/** An object. Throws {@link PlaneError} if there is none. */
export async function read<T extends KubernetesObject>(
  { plane }: TestPlane,
  plural: Plural,
  namespace: string,
  name: string,
): Promise<Live<T>> {
  return await plane.client().json(`${pathOf(plural, namespace)}/${name}`) as Live<T>;
}

/** An object; undefined if there is none. */
export async function readIfPresent<T extends KubernetesObject>(
  ground: TestPlane,
  plural: Plural,
  namespace: string,
  name: string,
): Promise<Live<T> | undefined> {
  try {
    return await read<T>(ground, plural, namespace, name);
  } catch (error) {
    if (error instanceof PlaneError && error.status === 404) return undefined;
    throw error;
  }
}
