// The kinds that the storage of a server is made of, and whom a change of one concerns.
//
// Claims bear the selector labels of their server, which the StatefulSet's controller copies to
// them. StorageClasses and ResourceQuotas are looked at for those servers alone that wait for
// one: a quota changes with every pod of its namespace.

import type {
  PersistentVolumeClaim,
  StatefulSet,
  StorageClass,
} from "../../../api/kubernetes/types.ts";
import type { DittoServer } from "../../../api/dittoserver.ts";
import type { StorageReason } from "../../../api/conditions.ts";
import { Cache } from "../../../kube/cache.ts";
import { type Key, keyOf, type KubernetesObject, makeKey } from "../../../kube/object.ts";
import type { Permission } from "../../../kube/permissions.ts";
import type { Watched } from "../../../kube/program.ts";
import { type Related, related } from "../../../kube/relations.ts";
import type { Applied, CreatedOnce, Deletable, Patchable, Tracked } from "../../../kube/tracked.ts";
import {
  controllerRevisions,
  persistentVolumeClaims,
  pods,
  resourceQuotas,
  storageClasses,
} from "../../kinds.ts";

/** The kinds that a growth reads and writes. */
export interface StorageKinds {
  readonly statefulSets: Applied<StatefulSet> & Deletable<StatefulSet>;
  readonly claims: Patchable<PersistentVolumeClaim>;
  /** The same claims, as those that are made here. */
  readonly newClaims: CreatedOnce<PersistentVolumeClaim>;
  readonly storageClasses: Tracked<StorageClass>;
  readonly resourceQuotas: Tracked<KubernetesObject>;
}

/** Every claim of every server. */
export const CLAIM_SELECTOR = "app=dittofs-server";

/** New, empty ones. */
export function storageKinds(): Omit<StorageKinds, "statefulSets"> {
  const claims = { resource: persistentVolumeClaims, cache: new Cache<PersistentVolumeClaim>() };
  return {
    claims: { ...claims, use: "patch" },
    newClaims: { ...claims, use: "create" },
    storageClasses: { resource: storageClasses, cache: new Cache(), use: "watch" },
    resourceQuotas: { resource: resourceQuotas, cache: new Cache(), use: "watch" },
  };
}

/** The watches that these kinds live on. */
export function storageWatches(kinds: Omit<StorageKinds, "statefulSets">): Watched[] {
  return [
    { tracked: kinds.claims, labelSelector: CLAIM_SELECTOR },
    { tracked: kinds.storageClasses },
    // Only that one has changed is of interest, not how.
    { tracked: kinds.resourceQuotas, metadataOnly: true },
  ];
}

/** Which servers to look at again when one of them changes. */
export function storageRelations(
  kinds: Omit<StorageKinds, "statefulSets">,
  servers: Pick<Cache<DittoServer>, "values">,
): Related[] {
  const waiting = function* (reasons: readonly StorageReason[], namespace?: string) {
    for (const server of servers.values()) {
      if (namespace !== undefined && server.metadata.namespace !== namespace) continue;
      const condition = server.status?.conditions?.find(({ type }) => type === "StorageReady");
      // Several volumes may wait for different things, and the reason tells of one.
      if (condition?.status === "False" && reasons.some((r) => condition.reason === r)) {
        yield keyOf(server);
      }
    }
  };
  return [
    related(kinds.claims, serverOfClaim),
    related(kinds.storageClasses, () => waiting(ALL_BUT_GROWING)),
    related(kinds.resourceQuotas, ({ metadata }) => waiting(ALL_BUT_GROWING, metadata.namespace)),
  ];
}

/** What the storage of a server needs beside what the kinds say. */
export const STORAGE_PERMISSIONS: readonly Permission[] = [
  { resource: persistentVolumeClaims, verbs: ["get", "create"] },
  { resource: pods, verbs: ["get"] },
  { resource: controllerRevisions, verbs: ["get"] },
];

const ALL_BUT_GROWING: readonly StorageReason[] = [
  "GrowthRefused",
  "ClassCannotGrow",
  "GrowthInfeasible",
  "VolumePending",
  "ClaimBeingDeleted",
  "VolumeLost",
];

function serverOfClaim({ metadata }: KubernetesObject): Key[] {
  const name = metadata?.labels?.instance;
  return name === undefined ? [] : [makeKey(metadata?.namespace, name)];
}
