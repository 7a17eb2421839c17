// Who takes a claim along when it is deleted.
//
// `spec.storage.retention` is about this resource: with `Delete` its claims are owned by the
// DittoServer, and the garbage collector removes them after it. They are never owned by the
// StatefulSet, which is what persistentVolumeClaimRetentionPolicy would do, because then
//
// - a StatefulSet that somebody deletes by hand takes the data along, though the server lives on;
// - a re-creation of the StatefulSet (plan.ts) puts the data at risk: its controller works from a
//   cache and may set an owner reference to the old UID after the old StatefulSet is gone, and a
//   claim whose only owner is gone is deleted. It does not repair that: it takes a reference to
//   another UID of its name for a matter of the garbage collector (hasStaleOwnerRef);
// - the claims of a stopped server keep the owner that they had: it only looks at those of pods.
//
// So the policy is always Retain/Retain, and a claim that an earlier policy gave to the
// StatefulSet is taken from it before anything else is done.

import type {
  PersistentVolumeClaim,
  StatefulSet,
  StatefulSetSpec,
} from "../../../api/kubernetes/types.ts";
import type { OwnerReference } from "../../../kube/object.ts";
import type { Server } from "../server.ts";

/** What every StatefulSet of ours says of its claims. */
export const RETAIN: NonNullable<StatefulSetSpec["persistentVolumeClaimRetentionPolicy"]> = {
  whenDeleted: "Retain",
  whenScaled: "Retain",
};

/** The owners that a claim should have instead of those that it has; undefined if they are right. */
export function ownersToBe(
  server: Server,
  statefulSet: StatefulSet | undefined,
  claim: PersistentVolumeClaim,
): readonly OwnerReference[] | undefined {
  const owners: readonly OwnerReference[] = claim.metadata?.ownerReferences ?? [];
  const wanted = ownersOf(server);
  const kept = owners.filter((owner) =>
    !isOurs(owner, server) && !(isWorkload(owner, server) && isReleased(statefulSet))
  );
  const have = owners.filter((owner) => isOurs(owner, server));
  const right = kept.length + have.length === owners.length && have.length === wanted.length &&
    have.every(({ uid }) => uid === server.owner.uid);
  return right ? undefined : [...kept, ...wanted];
}

/** The owners of a new claim. */
export function ownersOf({ spec, owner }: Server): readonly OwnerReference[] {
  if (spec.storage.retention !== "Delete") return [];
  const { apiVersion, kind, name, uid } = owner;
  return [{ apiVersion, kind, name, uid }];
}

/** Whether the claim might go with the StatefulSet or the pod of the server. */
export function dependsOnWorkload(server: Server, claim: PersistentVolumeClaim): boolean {
  return claim.metadata?.ownerReferences?.some((owner) => isWorkload(owner, server)) ?? false;
}

/** Whether the StatefulSet's controller has seen that claims are not its own. */
export function isReleased(statefulSet: StatefulSet | undefined): boolean {
  if (!statefulSet) return true;
  const { whenDeleted, whenScaled } = statefulSet.spec?.persistentVolumeClaimRetentionPolicy ??
    RETAIN;
  return whenDeleted !== "Delete" && whenScaled !== "Delete" &&
    statefulSet.status?.observedGeneration === statefulSet.metadata?.generation;
}

function isOurs({ apiVersion, kind, name }: OwnerReference, { owner }: Server): boolean {
  return apiVersion === owner.apiVersion && kind === owner.kind && name === owner.name;
}

/** The owners that the two policies of a StatefulSet give to claims: itself, and the pod. */
function isWorkload({ apiVersion, kind, name }: OwnerReference, { names }: Server): boolean {
  return (apiVersion === "apps/v1" && kind === "StatefulSet" && name === names.statefulSet) ||
    (apiVersion === "v1" && kind === "Pod" && name === names.pod);
}
