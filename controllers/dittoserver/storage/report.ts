// What the status says about volumes.

import type { StorageReason } from "../../../api/conditions.ts";
import type { Statement } from "../../conditions.ts";
import type { VolumeStatus } from "./claim_state.ts";
import type { Volume } from "./plan.ts";

/** The reasons of StorageReady, the one that needs somebody most first. */
const URGENCY: readonly StorageReason[] = [
  "ClaimBeingDeleted",
  "VolumeLost",
  "GrowthRefused",
  "ClassCannotGrow",
  "GrowthInfeasible",
  "VolumePending",
  "Growing",
  "VolumesBound",
];

/** The condition StorageReady: true when every volume is bound and as large as wanted. */
export function storageReady(volumes: readonly Volume[]): Statement {
  const unready = volumes.filter(({ state }) => state !== "Bound")
    .toSorted((a, b) => URGENCY.indexOf(a.reason) - URGENCY.indexOf(b.reason));
  const [first] = unready;
  if (!first) {
    const sizes = volumes.map(({ name, capacity }) => `${name} ${capacity}`).join(", ");
    const message = `All volumes are bound and as large as wanted: ${sizes}`;
    return { type: "StorageReady", status: "True", reason: "VolumesBound", message };
  }
  const message = unready.map((volume) => volume.message).join(". ");
  return { type: "StorageReady", status: "False", reason: first.reason, message };
}

/** `status.volumes`. */
export function volumesStatus(volumes: readonly Volume[]): VolumeStatus[] {
  return volumes.map(({ name, claim, size, capacity, state }) => ({
    name,
    claim,
    requested: size,
    ...(capacity !== undefined && { capacity }),
    state,
  }));
}
