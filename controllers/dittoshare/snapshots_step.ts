// Makes the snapshot policy of a share what its spec says, where the spec says anything. It counts
// for more than one that the DittoServer has for the share.

import { mayChange, type Reached } from "./pass.ts";
import { isInServer, isPolicy, policyOf } from "./snapshots.ts";

const ASPECT = "SnapshotPolicyReady";

export async function makeSnapshotPolicy(reached: Reached): Promise<void> {
  const { pass, share, server, client } = reached;
  const { snapshotPolicy } = client.shares;
  const { snapshotPolicy: wanted } = share.spec;
  const { shareName } = share;
  const managed = pass.noted.managed?.includes("snapshotPolicy") ?? false;
  if (!wanted && !managed) return;
  const live = await snapshotPolicy.get(shareName);
  if (!wanted) {
    // One that the DittoServer's own spec has for the share counts from now on.
    if (isInServer(server, shareName)) return;
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
