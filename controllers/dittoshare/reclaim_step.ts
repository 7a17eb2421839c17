// Removes the files of a share whose rows are gone.
//
// What the row of the store of metadata is left as comes first: after it no start of the server
// opens the files any more. That the Job is done is seen on the Job itself, which stays a while.

import type { Job } from "../../api/kubernetes/types.ts";
import type { Connection } from "../connections/connections.ts";
import { controllerOf } from "../../kube/object.ts";
import { alreadyExists, NotOursError } from "../../kube/ownership.ts";
import { OPERATOR } from "../dittoserver/names.ts";
import { jobs } from "../kinds.ts";
import { type Pass, waitFor } from "./pass.ts";
import { reclaimJob } from "./reclaim_job.ts";
import { retire } from "./retire.ts";

/** How long to wait until the Job is looked at again, in milliseconds. */
const LOOK_MS = 2_000;

/** Goes one step further. What is waited for becomes a problem of the pass. */
export async function reclaim(pass: Pass, { client, server }: Connection): Promise<void> {
  const { share, noted: { stores }, context: { api } } = pass;
  // What was never finished has nothing that would be worth it.
  if (!stores) return;
  await retire(share.shareName, client, stores.metadata);
  const wanted = reclaimJob(server, share, stores);
  const { name = "", namespace } = wanted.metadata ?? {};
  const job = await api.get(jobs, { namespace, name }) ?? await created(pass, wanted);
  if (controllerOf(job)?.uid !== server.owner.uid) {
    throw new NotOursError("Job", name, "its controller is another one");
  }
  if (isDone(job)) return;
  const failed = job.status?.conditions?.find(({ type, status }) =>
    type === "Failed" && status === "True"
  );
  const how = failed
    ? `has failed: ${failed.message ?? failed.reason}; delete it to try again`
    : "runs";
  waitFor(pass, `Job "${name}" in namespace "${namespace}", which removes the files, ${how}`);
  pass.waits.push({
    afterMs: failed ? LOOK_MS * 15 : LOOK_MS,
    reason: "the files are being removed",
  });
}

async function created({ context: { api } }: Pass, job: Job): Promise<Job> {
  try {
    return await api.create(jobs, job, OPERATOR);
  } catch (error) {
    const { name = "", namespace } = job.metadata ?? {};
    const found = alreadyExists(error) ? await api.get(jobs, { namespace, name }) : undefined;
    if (!found) throw error;
    return found;
  }
}

function isDone({ status }: Job): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True") ??
    false;
}
