// What the DittoServer controller may do. RBAC is generated from this list.

import { configMaps, dittoServers, secrets, services, statefulSets } from "../kinds.ts";
import { events } from "../../kube/events.ts";
import type { ResourceName } from "../../kube/resource.ts";

/** Verbs on a resource or one of its subresources. */
export interface Permission {
  readonly resource: ResourceName;
  readonly subresource?: string;
  readonly verbs: readonly string[];
}

/**
 * `get` is only used when something of our name is in the way, to see whose it is. An apply
 * that creates needs both `patch` and `create`.
 */
const APPLIED = ["get", "list", "watch", "create", "patch"];

export const permissions: readonly Permission[] = [
  { resource: dittoServers, verbs: ["list", "watch"] },
  { resource: dittoServers, subresource: "status", verbs: ["patch"] },
  // Some clusters let only those who may finalize an object name it as a blocking owner.
  { resource: dittoServers, subresource: "finalizers", verbs: ["update"] },
  { resource: configMaps, verbs: APPLIED },
  // Never patched: a Secret's content is generated once and then left alone.
  { resource: secrets, verbs: ["get", "list", "watch", "create"] },
  { resource: services, verbs: APPLIED },
  { resource: statefulSets, verbs: APPLIED },
  { resource: events, verbs: ["create", "patch"] },
];
