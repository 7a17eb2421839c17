// Makes the snapshot policy of a share what its spec says, where the spec says anything.

import { mayChange, type Reached } from "./pass.ts";
import { isInServer, isPolicy, policyOf } from "./snapshots.ts";

const ASPECT = "SnapshotPolicyReady";

export async function makeSnapshotPolicy(reached: Reached): Promise<void> {
  const { pass, share, server, client } = reached;
  const { snapshotPolicy } = client.shares;
  const { snapshotPolicy: wanted } = share.spec;
  const { shareName } = share;
  if (isInServer(server, shareName)) {
    if (!wanted) return;
    const message =
      `DittoServer "${server.name}" has a policy for share "${shareName}" in spec.snapshotPolicies, which is in force`;
    pass.problems.push({ aspect: ASPECT, reason: "AlsoInServer", message, stalled: true });
    return;
  }
  const managed = pass.noted.managed?.includes("snapshotPolicy") ?? false;
  if (!wanted && !managed) return;
  const live = await snapshotPolicy.get(shareName);
  if (!wanted) {
    if (live && mayChange(reached, ASPECT, ["snapshotPolicy"])) {
      await snapshotPolicy.delete(shareName);
    }
    return;
  }
  const policy = policyOf(wanted);
  pass.inOrder[ASPECT] = { reason: "Applied" };
  if (isPolicy(live, policy)) return;
  if (!mayChange(reached, ASPECT, ["snapshotPolicy"])) return;
  await snapshotPolicy.put(shareName, policy);
}
