// When the server makes snapshots of shares: what differs between the spec and the server.
//
// A policy may also be of a person's own making, or of a DittoShare's. What tells ours apart is a
// list in the status, which is written before the first policy is (status.managed): without it
// nobody could tell, after a crash, which of them to remove.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { millisecondsOf } from "../../../dittofs/duration.ts";
import type { NewSnapshotPolicy, SnapshotPolicy } from "../../../dittofs/snapshot_policies.ts";

/** A policy that the spec wants, and the share that it is for, without a leading slash. */
export interface WantedPolicy {
  readonly share: string;
  readonly policy: NewSnapshotPolicy;
}

/** The policies that the spec wants. */
export function wantedPolicies({ snapshotPolicies = [] }: DittoServerSpec): WantedPolicy[] {
  return snapshotPolicies.map(({ share, interval, keepLast, ttl, enabled, namePrefix }) => ({
    share: share.replace(/^\//, ""),
    policy: {
      interval,
      ...(keepLast !== undefined && { keepLast }),
      ...(ttl !== undefined && { ttl }),
      ...(enabled !== undefined && { enabled }),
      ...(namePrefix !== undefined && { namePrefix }),
    },
  }));
}

/** Whether the server has a policy otherwise. The server gives back the whole of it. */
export function policyDiffers(wanted: NewSnapshotPolicy, live: SnapshotPolicy): boolean {
  const { interval, keepLast = 0, ttl = "0", enabled = true, namePrefix = "" } = wanted;
  return millisecondsOf(interval) !== live.intervalMs || keepLast !== live.keepLast ||
    millisecondsOf(ttl) !== live.ttlMs || enabled !== live.enabled ||
    namePrefix !== live.namePrefix;
}
