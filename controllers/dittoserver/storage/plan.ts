// What to do next about the volumes of a server: a pure function of what is there.
//
// A growth has steps, and the operator may die between any two of them. Nothing is remembered but
// what is in the cluster, so each step is decided from there alone, and done again it changes
// nothing:
//
//   1. Each claim that is too small and may grow is patched (claim_state.ts). Each goes its own
//      way: one that cannot grow holds nobody up.
//   2. The claim templates are then behind what the claims ask for, and they can never change. So
//      the StatefulSet is deleted, and its pod, its claims and its revisions are left as orphans.
//   3. There is no StatefulSet, but there is an orphaned pod: it is created again with the pod
//      template that the pod was made from, read from the pod's revision (orphan.ts). Its
//      controller adopts pod and revisions and finds everything as it should be: the pod goes on.
//   4. Then it is applied as always. Whatever has changed meanwhile (the image, a Secret, the
//      operator itself) is an ordinary change of the pod template, held or rolled like any other.
//
// Step 3 does not ask whether it was this operator that deleted, or when. There is one path, with
// a crash or without; a template change may come together with a growth at any time; and a rollout
// that is held stays held.
//
// In step 2 nothing may depend on the StatefulSet that must not go with it (ownership.ts), and the
// deletion names UID and version, so that it never meets another one or a later state.

import type {
  PersistentVolumeClaim,
  StatefulSet,
  StorageClass,
} from "../../../api/kubernetes/types.ts";
import type { Live, OwnerReference } from "../../../kube/object.ts";
import { amountOf } from "../../quantity.ts";
import type { Server } from "../server.ts";
import { bindsToPod, capacityOf, type VolumeState, volumeState } from "./claim_state.ts";
import { dependsOnWorkload, isReleased, ownersToBe } from "./ownership.ts";
import { laterVolumes } from "./templates.ts";
import { claimOf, sizeOf, type WantedVolume, withSize } from "./volume.ts";

/** What the caches say. */
export interface StorageFacts {
  readonly server: Server;
  /** The volumes that it wants. */
  readonly wanted: readonly WantedVolume[];
  readonly desired: StatefulSet;
  readonly live: Live<StatefulSet> | undefined;
  readonly claim: (name: string) => Live<PersistentVolumeClaim> | undefined;
  readonly storageClass: (name?: string) => StorageClass | undefined;
  /** By name of the claim, what the API server said when it refused a change of it just now. */
  readonly refusals: ReadonlyMap<string, string>;
}

/** A volume that is wanted, and how it is. */
export interface Volume extends WantedVolume, VolumeState {
  readonly capacity: string | undefined;
}

/**
 * One write to one claim:
 *
 * - `createClaim`: make it, or label the one that somebody has made
 * - `findClaim`: label the one that the pod runs with, though it is not known
 * - `growClaim`: ask for more
 * - `ownClaim`: change with whom it goes
 */
export type ClaimAction =
  | { readonly type: "createClaim"; readonly volume: WantedVolume }
  | { readonly type: "findClaim"; readonly volume: WantedVolume }
  | { readonly type: "growClaim"; readonly volume: WantedVolume; readonly size: string }
  | {
    readonly type: "ownClaim";
    readonly volume: WantedVolume;
    readonly owners: readonly OwnerReference[];
  };

/**
 * - `apply`: complete it and apply it
 * - `restore`: there is none; look for an orphaned pod, and else create it
 * - `delete`: delete it, and leave everything else
 * - `wait`: it is going; its end will be told by the watch
 */
export type StatefulSetAction = "apply" | "restore" | "delete" | "wait";

/** What to do. */
export interface StoragePlan {
  readonly volumes: readonly Volume[];
  /** They do not depend on each other. */
  readonly claims: readonly ClaimAction[];
  /** What comes after those. */
  readonly statefulSet: StatefulSetAction;
}

/** Decides what to do. */
export function planStorage(facts: StorageFacts): StoragePlan {
  const { live, server } = facts;
  const volumes: Volume[] = [];
  const claims: ClaimAction[] = [];
  for (const volume of facts.wanted) {
    const claim = facts.claim(volume.claim);
    const refusal = facts.refusals.get(volume.claim);
    const { grow, ...state } = volumeState({ ...facts, volume, claim, refusal });
    const told = !claim && refusal !== undefined ? unmade(volume, refusal) : state;
    volumes.push({ ...volume, ...told, capacity: capacityOf(claim) });
    if (refusal !== undefined || claim?.metadata.deletionTimestamp) continue;
    const owners = claim && ownersToBe(server, live, claim);
    // One at a time: each names the version of the claim that it was decided for.
    if (owners) claims.push({ type: "ownClaim", volume, owners });
    else if (grow) claims.push({ type: "growClaim", volume, size: volume.size });
    const missing = claim ? undefined : missingClaim(live, volume);
    if (missing) claims.push({ type: missing, volume });
  }
  return { volumes, claims, statefulSet: statefulSetAction(facts) };
}

/** Whether a volume that came later may join the pod: nothing but the pod is needed to bind it. */
export function mayJoin(facts: StorageFacts, volume: WantedVolume): boolean {
  const claim = facts.claim(volume.claim);
  if (!claim || claim.metadata.deletionTimestamp) return false;
  return claim.status?.phase === "Bound" ||
    (claim.status?.phase === "Pending" &&
      bindsToPod({ ...facts, volume, claim, refusal: undefined }, claim));
}

/**
 * The claim template of a volume as it should be: of the size that its claim asks for, as long as
 * that is less than what is wanted, and of the wanted size then.
 */
export function templateOf(facts: StorageFacts, volume: WantedVolume): PersistentVolumeClaim {
  const claim = facts.claim(volume.claim);
  const has = claim && Math.max(amountOf(sizeOf(claim)), amountOf(capacityOf(claim) ?? 0));
  return claim && has !== undefined && has < amountOf(volume.size)
    ? withSize(volume.template, sizeOf(claim))
    : volume.template;
}

function statefulSetAction(facts: StorageFacts): StatefulSetAction {
  const { live } = facts;
  if (!live) return "restore";
  if (live.metadata.deletionTimestamp) return "wait";
  return isBehind(facts, live) && isFree(facts, live) ? "delete" : "apply";
}

/**
 * What to do about a claim that is not known. The StatefulSet's controller makes what it has a
 * template for, unless one of that name exists: then it may lack the labels of the server.
 */
function missingClaim(live: Live<StatefulSet> | undefined, volume: WantedVolume) {
  if (!live || live.metadata.deletionTimestamp) return undefined;
  if (laterVolumes(live, [volume]).length > 0) return "createClaim";
  return (live.status?.readyReplicas ?? 0) > 0 ? "findClaim" : undefined;
}

/** Whether a field that cannot change is not as it should be. */
function isBehind(facts: StorageFacts, live: StatefulSet): boolean {
  const policy = facts.desired.spec?.podManagementPolicy;
  if (policy !== undefined && policy !== live.spec?.podManagementPolicy) return true;
  return (live.spec?.volumeClaimTemplates ?? []).some((template) => {
    const volume = facts.wanted.find(({ name }) => name === template.metadata?.name);
    if (!volume) return false;
    return amountOf(sizeOf(template)) < amountOf(sizeOf(templateOf(facts, volume)));
  });
}

/** Whether it can go without taking a claim along. */
function isFree(facts: StorageFacts, live: StatefulSet): boolean {
  const { server, wanted } = facts;
  const templates = live.spec?.volumeClaimTemplates ?? [];
  const names = new Set([
    ...templates.map(({ metadata }) => claimOf(metadata?.name ?? "", server.name)),
    ...wanted.map(({ claim }) => claim),
  ]);
  return isReleased(live) && ![...names].some((name) => {
    const claim = facts.claim(name);
    return claim !== undefined && dependsOnWorkload(server, claim);
  });
}

function unmade(volume: WantedVolume, refusal: string): VolumeState {
  const message = `PersistentVolumeClaim "${volume.claim}" may not be made: ${refusal}`;
  return { state: "Stuck", reason: "GrowthRefused", message };
}
