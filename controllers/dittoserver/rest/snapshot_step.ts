// Sees to the snapshot policies of the spec. One that cannot be set keeps none of the others.

import type { ConnectedVisit, StepReport } from "./context.ts";
import { differing, drifted, wasInOrder } from "./drift.ts";
import type { Finding } from "./findings.ts";
import { failed } from "./problems.ts";
import { ServerError } from "../../../dittofs/errors.ts";
import type { SnapshotPolicy } from "../../../dittofs/snapshot_policies.ts";
import { policyDiffers, wantedPolicies, type WantedPolicy } from "./snapshot_policies.ts";

/** What the step says besides. */
export interface SnapshotReport extends StepReport {
  /** Shares that have no policy of ours any more. */
  readonly released: readonly string[];
}

/** Sees to all policies. Nothing is asked while the spec has none and never had. */
export async function seeToSnapshotPolicies(visit: ConnectedVisit): Promise<SnapshotReport> {
  const { client, resource, server: { spec }, context, key } = visit;
  const wanted = wantedPolicies(spec);
  const claimed = resource.status?.managed?.snapshotPolicies ?? [];
  if (wanted.length === 0 && claimed.length === 0) {
    return { finding: undefined, settled: true, released: [] };
  }
  const shares = new Set(wanted.map(({ share }) => share));
  const unwanted = claimed.filter((share) => !shares.has(share));
  const live = await listed(visit);
  if (!Array.isArray(live)) return { finding: live, settled: false, released: [] };

  const of = (share: string) => live.find((policy) => policy.share === share);
  const [set, removed] = await Promise.all([
    Promise.all(wanted.map((each) => seeTo(visit, each, of(each.share), claimed))),
    Promise.all(unwanted.map(async (share): Promise<Removal> => {
      // It is another's now, or gone already.
      if (context.hasPolicyOfItsOwn(key, share) || !of(share)) return { share };
      if (!visit.enforce) {
        return { share, finding: differing([`${share} has a policy`], false) };
      }
      try {
        await client.shares.snapshotPolicy.delete(share);
        return { share };
      } catch (error) {
        return { share, finding: failed(share, error) };
      }
    })),
  ]);
  const findings = [...set, ...removed].flatMap(({ finding }) => finding ?? []);
  return {
    finding: combined(findings) ?? (wanted.length > 0 ? { reason: "Applied" } : undefined),
    settled: findings.every(({ reason }) => reason !== "Failed"),
    notes: set.some(({ notes }) => notes),
    released: removed.flatMap(({ share, finding }) => finding ? [] : [share]),
  };
}

interface Removal {
  readonly share: string;
  readonly finding?: Finding | undefined;
}

async function listed({ client }: ConnectedVisit): Promise<SnapshotPolicy[] | Finding> {
  try {
    return await client.snapshotPolicies.list();
  } catch (error) {
    return failed("snapshot policies", error);
  }
}

interface Done {
  readonly finding?: Finding | undefined;
  readonly notes?: boolean;
}

async function seeTo(
  visit: ConnectedVisit,
  { share, policy }: WantedPolicy,
  live: SnapshotPolicy | undefined,
  claimed: readonly string[],
): Promise<Done> {
  const { client, context, enforce, key } = visit;
  if (context.hasPolicyOfItsOwn(key, share)) {
    const message = `a DittoShare says when snapshots of "${share}" are made, and that counts`;
    return { finding: { reason: "NameTaken", message } };
  }
  if (live && !policyDiffers(policy, live)) return {};
  const difference = `${share} has ${live ? "another policy" : "no policy"}`;
  if (wasInOrder(visit, "SnapshotPoliciesReady", "Applied")) {
    drifted(visit, "snapshotPolicy", [difference]);
  }
  if (!enforce) return { finding: differing([difference], enforce) };
  if (!claimed.includes(share)) {
    return { finding: { reason: "Waiting", message: `${share} is about to be set` }, notes: true };
  }
  try {
    await client.shares.snapshotPolicy.put(share, policy);
    return {};
  } catch (error) {
    if (error instanceof ServerError && error.errorClass === "notFound") {
      const message = `the server has no share "${share}"`;
      return { finding: { reason: "ShareNotFound", message } };
    }
    return { finding: failed(share, error) };
  }
}

/** One finding that says all of them, under the reason of the first. */
function combined([first, ...others]: readonly Finding[]): Finding | undefined {
  if (!first) return undefined;
  const message = [first, ...others].flatMap(({ message }) => message ?? []).join("; ");
  return { ...first, ...(message && { message }) };
}
