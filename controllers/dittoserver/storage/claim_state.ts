// What has become of one wanted volume: a pure function of its claim and its StorageClass.
//
// The spec's size is a lower bound. A claim that asks for more (grown by hand, or left by an
// earlier server of this name) is as wanted, and so is a smaller claim whose volume turned out
// large enough. Only a bound claim can grow, and only where its class allows it; the API server
// refuses everything else, so it is not even asked.

import type { DittoServerStatus } from "../../../api/dittoserver.ts";
import type { StorageReason } from "../../../api/conditions.ts";
import type { PersistentVolumeClaim, StorageClass } from "../../../api/kubernetes/types.ts";
import { amountOf } from "../../quantity.ts";
import { sizeOf, type WantedVolume } from "./volume.ts";

/** One entry of `status.volumes`. */
export type VolumeStatus = NonNullable<DittoServerStatus["volumes"]>[number];

/** How a volume is, and why. */
export interface VolumeState {
  readonly state: VolumeStatus["state"];
  readonly reason: StorageReason;
  /** A sentence without a full stop; it names the claim. */
  readonly message: string;
}

/** What is known of one volume. */
export interface VolumeFacts {
  readonly volume: WantedVolume;
  readonly claim: PersistentVolumeClaim | undefined;
  /** Finds a StorageClass by its name; without a name the default one. */
  readonly storageClass: (name?: string) => StorageClass | undefined;
  /** What the API server said when it was last asked to let the claim grow, if it refused. */
  readonly refusal: string | undefined;
}

/** How a volume is, and whether its claim has to ask for more. */
export function volumeState(facts: VolumeFacts): VolumeState & { readonly grow: boolean } {
  const { volume, claim } = facts;
  const name = `PersistentVolumeClaim "${volume.claim}"`;
  const still = { grow: false };
  if (claim?.metadata?.deletionTimestamp) {
    const message =
      `${name} is being deleted, and its data will be gone when no pod uses it any more; ` +
      `save the data, or let the server stop and start again with an empty volume`;
    return { ...still, state: "Stuck", reason: "ClaimBeingDeleted", message };
  }
  if (claim?.status?.phase === "Lost") {
    const message = `${name} has lost its PersistentVolume "${claim.spec?.volumeName ?? ""}"; ` +
      `restore that volume`;
    return { ...still, state: "Stuck", reason: "VolumeLost", message };
  }
  // A claim that is still to be made says the same, so that its making is no news.
  if (claim?.status?.phase !== "Bound") {
    const message = `${name} waits for a volume: ${pendingBecause(facts, claim)}`;
    return { ...still, state: "Pending", reason: "VolumePending", message };
  }
  const wanted = amountOf(volume.size);
  const capacity = amountOf(capacityOf(claim) ?? 0);
  if (capacity >= wanted) {
    const message = `${name} is bound to a volume of ${capacityOf(claim)}`;
    return { ...still, state: "Bound", reason: "VolumesBound", message };
  }
  return amountOf(sizeOf(claim)) >= wanted ? growing(facts, claim) : tooSmall(facts, claim);
}

/** The size of the volume that a claim is bound to. */
export function capacityOf(claim: PersistentVolumeClaim | undefined): string | undefined {
  return claim?.status?.capacity?.storage;
}

/** The name of a claim's class; undefined for a claim without one. */
export function classOf(claim: PersistentVolumeClaim): string | undefined {
  return claim.spec?.storageClassName ||
    claim.metadata?.annotations?.["volume.beta.kubernetes.io/storage-class"] || undefined;
}

/** Whether the claim gets its volume only when a pod uses it. */
export function bindsToPod({ storageClass }: VolumeFacts, claim: PersistentVolumeClaim): boolean {
  const name = classOf(claim);
  return name !== undefined && storageClass(name)?.volumeBindingMode === "WaitForFirstConsumer";
}

function pendingBecause(facts: VolumeFacts, claim: PersistentVolumeClaim | undefined): string {
  const name = claim
    ? classOf(claim)
    : classOf(facts.volume.template) ?? facts.storageClass()?.metadata?.name;
  if (name === undefined) {
    return "it has no StorageClass, and the cluster has no default one; " +
      "make a PersistentVolume for it, or a default StorageClass";
  }
  const found = facts.storageClass(name);
  if (!found) return `there is no StorageClass "${name}"; create it`;
  return found.volumeBindingMode === "WaitForFirstConsumer"
    ? `StorageClass "${name}" makes it when the pod has a node`
    : `provisioner "${found.provisioner}" of StorageClass "${name}" has to make it`;
}

/** The claim asks for enough; the storage has to follow. */
function growing({ volume }: VolumeFacts, claim: PersistentVolumeClaim) {
  const { conditions = [], allocatedResourceStatuses: allocated } = claim.status ?? {};
  const words = conditions.filter(({ type, status }) => RESIZE.has(type) && status === "True")
    .map(({ message }) => message).filter((message) => message !== undefined && message !== "");
  const said = words.length === 0 ? "" : `: ${words.join("; ")}`;
  const claimName = `PersistentVolumeClaim "${volume.claim}"`;
  const sizes = `from ${capacityOf(claim)} to ${volume.size}`;
  if (allocated?.storage?.endsWith("Infeasible")) {
    const message = `${claimName} cannot grow ${sizes}${said}; ` +
      `make room where the volume lies, which is then tried again by itself`;
    return { grow: false, state: "Stuck", reason: "GrowthInfeasible", message } as const;
  }
  const message = `${claimName} grows ${sizes}${said}`;
  return { grow: false, state: "Growing", reason: "Growing", message } as const;
}

/** What the storage says of a growth. */
const RESIZE = new Set([
  "Resizing",
  "FileSystemResizePending",
  "ControllerResizeError",
  "NodeResizeError",
]);

/** The claim has to ask for more, if it may. */
function tooSmall(facts: VolumeFacts, claim: PersistentVolumeClaim) {
  const { volume, refusal } = facts;
  const sizes = `from ${capacityOf(claim)} to ${volume.size}`;
  const claimName = `PersistentVolumeClaim "${volume.claim}"`;
  const cannot = cannotGrow(facts, claim);
  if (cannot !== undefined) {
    const message = `${claimName} cannot grow ${sizes}: ${cannot}`;
    return { grow: false, state: "Stuck", reason: "ClassCannotGrow", message } as const;
  }
  if (refusal !== undefined) {
    const message = `${claimName} may not grow ${sizes}: ${refusal}`;
    return { grow: false, state: "Stuck", reason: "GrowthRefused", message } as const;
  }
  const message = `${claimName} grows ${sizes}`;
  return { grow: true, state: "Growing", reason: "Growing", message } as const;
}

function cannotGrow(facts: VolumeFacts, claim: PersistentVolumeClaim): string | undefined {
  const name = classOf(claim);
  const copy = "or copy the data to a new DittoServer of another class";
  if (name === undefined) {
    return `it has no StorageClass, and only a class lets volumes grow; ${copy}`;
  }
  const found = facts.storageClass(name);
  if (!found) {
    return `there is no StorageClass "${name}"; create it with allowVolumeExpansion: true, ${copy}`;
  }
  if (found.allowVolumeExpansion === true) return undefined;
  return `StorageClass "${name}" does not allow it; ` +
    `set allowVolumeExpansion: true on it if its provisioner "${found.provisioner}" can, ${copy}`;
}
