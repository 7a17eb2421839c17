// The snapshots that the server makes of a share by itself.

import { millisecondsOf } from "../../dittofs/duration.ts";
import type { NewSnapshotPolicy, SnapshotPolicy } from "../../dittofs/snapshot_policies.ts";
import type { DittoShareSpec } from "../../api/dittoshare.ts";
import type { Server } from "../dittoserver/server.ts";

/** The policy as the spec has it. */
export function policyOf(
  { interval, keepLast, ttl, enabled, namePrefix }: NonNullable<DittoShareSpec["snapshotPolicy"]>,
): NewSnapshotPolicy {
  return {
    interval,
    enabled: enabled ?? true,
    keepLast: keepLast ?? 0,
    namePrefix: namePrefix ?? "",
    ...(ttl !== undefined && { ttl }),
  };
}

/** Whether the server has a policy like that. */
export function isPolicy(live: SnapshotPolicy | undefined, wanted: NewSnapshotPolicy): boolean {
  return live !== undefined &&
    live.intervalMs === millisecondsOf(wanted.interval) &&
    live.ttlMs === millisecondsOf(wanted.ttl ?? "0") &&
    live.enabled === wanted.enabled &&
    live.keepLast === wanted.keepLast &&
    live.namePrefix === wanted.namePrefix;
}

/** Whether the server's own spec has a policy for the share. */
export function isInServer({ spec: { snapshotPolicies = [] } }: Server, share: string): boolean {
  return snapshotPolicies.some((policy) => policy.share.replace(/^\//, "") === share);
}
