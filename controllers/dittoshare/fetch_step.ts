// Fetches the contents of a share from its bucket when the volume with its local store was lost.
//
// With its metadata in place and its local store empty the server gives zeros for every file, and
// says that all is well. That the volume is another one is seen from the UID of its claim, which is
// noted in the status when everything is there, and not earlier: so it does not matter when
// anybody dies in between. A share without a bucket cannot be helped, and its user is told once.

import { makeKey } from "../../kube/object.ts";
import { dittoShares } from "../kinds.ts";
import type { Reached } from "./pass.ts";
import type { ShareStores } from "./stores_step.ts";

/** How long to wait until a job is looked at again, and until a failed one is tried again. */
const JOB_MS = 2_000;
const FAILED_MS = 60_000;

/** How the contents are: there all the time, there again, or still missing. */
export type Contents = "there" | "fetched" | "missing";

/** Fetches what was lost, with the share closed by `close` meanwhile. */
export async function fetchContents(
  reached: Reached,
  stores: ShareStores,
  close: () => Promise<unknown>,
): Promise<Contents> {
  const { pass, context, share } = reached;
  const claimUID = claimUidOf(reached, stores);
  const noted = pass.noted.stores?.claimUID;
  if (claimUID === undefined || noted === undefined || noted === claimUID) return "there";
  if (!stores.remote) {
    await context.events.publish(dittoShares, pass.resource, {
      ...{ type: "Warning", reason: "ContentsLost", action: "Reconcile" },
      note:
        `The ${stores.placement.volume} volume of the server is another one, and share "${share.shareName}" has no bucket: files that were there before read as zeros`,
    });
    return "there";
  }
  await close();
  return await job(reached) ? "fetched" : "missing";
}

/** The UID of the claim of the volume with the local store. */
export function claimUidOf(
  { server, context }: Reached,
  { placement }: ShareStores,
): string | undefined {
  const { cache } = context.servers.claims;
  const claim = cache.get(makeKey(server.namespace, placement.claim));
  return claim?.metadata.deletionTimestamp === undefined ? claim?.metadata.uid : undefined;
}

/** Whether the job that fetches is done. It is begun if there is none. */
async function job({ pass, context, share, client }: Reached): Promise<boolean> {
  const { warmJobs } = context;
  const { blocks } = client.shares;
  const id = warmJobs.get(share.uid) ?? await blocks.warm(share.shareName);
  warmJobs.set(share.uid, id);
  const found = await blocks.warmJob(share.shareName, id);
  const wait = (afterMs: number, message: string) => {
    pass.problems.push({ aspect: "StoresReady", reason: "Warming", message, stalled: false });
    pass.waits.push({ afterMs, reason: "contents are being fetched" });
    return false;
  };
  // Jobs have the same names again after a restart of the server.
  if (found?.share === share.shareName && found.state === "running") {
    const percent = found.blocksTotal === 0 ? 0 : found.blocksDone / found.blocksTotal;
    return wait(JOB_MS, `about ${Math.floor(percent * 10) * 10} % of the contents are there`);
  }
  warmJobs.delete(share.uid);
  if (found?.share !== share.shareName) return wait(JOB_MS, "the contents are to be fetched");
  if (found.state === "done") return true;
  return wait(FAILED_MS, `the contents cannot be fetched: ${found.error || found.state}`);
}
