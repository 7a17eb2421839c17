// When has the dust settled, and what did the operator send? Both are read from the API server's
// audit log, so nothing of the operator has to be believed.

import { type AuditRecord, writeVerbs } from "../e2e/harness/audit.ts";
import type { ControlPlane } from "../e2e/harness/control_plane.ts";
import { operatorAgent } from "../e2e/harness/operator_process.ts";

/** The operator's requests, but for its watches and its lease. */
const ofOperator = { userAgent: operatorAgent, withoutLeases: true, withoutWatches: true } as const;

/** Long enough between two requests to believe that there is no third, in milliseconds. */
const QUIET_MS = 3_000;

/** Waits until the operator sends nothing more. */
export async function untilOperatorQuiet(plane: ControlPlane): Promise<void> {
  await plane.audit.waitForQuiet(ofOperator, { quietFor: QUIET_MS, within: 600_000 });
}

/**
 * Waits until Kubernetes' own controllers have also made all pods and volumes. They are slow on
 * purpose: 20 requests a second for each of them.
 */
export async function untilAllQuiet(plane: ControlPlane): Promise<void> {
  const kubernetes = { userAgent: "kube-controller-manager/" };
  // Not every write: volumes that nobody provides are complained of in events for ever.
  for (const resource of ["pods", "statefulsets/status"]) {
    const query = { ...kubernetes, resource, verbs: writeVerbs };
    await plane.audit.waitForQuiet(query, { quietFor: QUIET_MS, within: 1_200_000 });
  }
  await untilOperatorQuiet(plane);
}

/** What the operator sent since `from` (milliseconds since the epoch). */
export function requestsSince(plane: ControlPlane, from: number): Promise<AuditRecord[]> {
  return plane.audit.requests({ ...ofOperator, from });
}

/** How many of the requests change something. */
export function writesAmong(requests: readonly AuditRecord[]): number {
  return requests.filter(({ verb }) => writeVerbs.includes(verb)).length;
}

/** How many requests there are of each verb and resource. */
export function countRequests(requests: readonly AuditRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verb, resource, subresource } of requests) {
    const what = `${verb} ${resource}${subresource && `/${subresource}`}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
