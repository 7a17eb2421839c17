// Makes one DittoServer true.
//
// Read from top to bottom: observe (caches only), decide and act step by step, report. A step
// that fails becomes a problem in the status and does not stop the steps that do not need it;
// the first error is thrown at the end, so that the whole is tried again.

import type { DittoServer } from "../../api/dittoserver.ts";
import { allEnded } from "../../kube/all_ended.ts";
import { done, type Outcome } from "../../kube/controller.ts";
import type { Key, Live } from "../../kube/object.ts";
import type { ReconcileContext } from "./context.ts";
import { databaseInOrder } from "./database_step.ts";
import type { Made } from "./made.ts";
import { makeMonitors } from "./monitoring_step.ts";
import { makeForClients, makePolicies } from "./network_step.ts";
import { Pass } from "./pass.ts";
import { paused } from "./paused.ts";
import { resolveSecrets } from "./references_step.ts";
import { report, reportInvalid } from "./report.ts";
import { InvalidSpecError, readServer, type Server } from "./server.ts";
import { adoptStatefulSet, finishTakeOver, isOfGoOperator, releaseFinalizer } from "./take_over.ts";
import { liveStatefulSet, makeWorkload } from "./workload_step.ts";

/** Reconciles the DittoServer of a key. */
export async function reconcileServer(context: ReconcileContext, key: Key): Promise<Outcome> {
  const resource = context.kinds.servers.cache.get(key);
  if (!resource) {
    context.conflicts.forget(key);
    return done;
  }
  if (resource.metadata.deletionTimestamp) {
    // What is being deleted takes its children with it; nothing must be made again meanwhile.
    const { uid } = resource.metadata;
    context.changes.forget(uid);
    context.departures.forget(uid);
    if (isOfGoOperator(resource)) await releaseFinalizer(context, resource);
    return done;
  }
  const server = await read(context, resource);
  if (!server) return { result: "stalled", reason: "InvalidSpec" };

  const pass = new Pass(context, resource, server, paused(resource));
  const made = await make(pass);
  if (!made) return { result: "yield" };
  context.conflicts.settle(key, [
    ...pass.problems.map(({ error }) => error),
    made.workload.storage.error,
  ]);
  // A server that serves all the time must not look unready while its StatefulSet is exchanged.
  const tooLongInMs = made.workload.storage.recreating ? undefined : await report(pass, made);
  return verdict(pass, made, tooLongInMs);
}

const TAKING_OVER = "taking over from the Go operator";

/**
 * Takes every step; without a write for a server that is paused.
 *
 * A pod takes seconds to start, and clients come after that. So where many servers are new, each
 * gets what its pod needs before any gets what its clients need: undefined says that the rest is
 * still to be made.
 */
async function make(pass: Pass): Promise<Made | undefined> {
  const isNew = liveStatefulSet(pass) === undefined;
  const taken = !pass.dry && isOfGoOperator(pass.resource);
  const forClients = () => allEnded([makeForClients(pass), makeMonitors(pass)]);
  const [forPod, early] = await allEnded([
    makeForPod(pass, taken),
    isNew ? undefined : forClients(),
  ]);
  const started = isNew && liveStatefulSet(pass) !== undefined;
  if (started && !taken && pass.problems.length === 0) return undefined;
  const [kept, monitored] = early ?? await forClients();
  if (taken && pass.problems.every(({ error }) => error === undefined)) {
    await pass.attempt("ConfigReady", TAKING_OVER, () => finishTakeOver(pass));
  }
  return { ...forPod, kept, monitored };
}

/** What the pod reads, what keeps others away from it, and the pod. */
async function makeForPod(
  pass: Pass,
  taken: boolean,
): Promise<Pick<Made, "secrets" | "workload">> {
  const [secrets] = await allEnded([resolveSecrets(pass), makePolicies(pass)]);
  databaseInOrder(pass);
  if (taken) await pass.attempt("ConfigReady", TAKING_OVER, () => adoptStatefulSet(pass));
  // The pod must not start before everything that it reads is there.
  return { secrets, workload: await makeWorkload(pass, secrets) };
}

async function read(
  context: ReconcileContext,
  resource: Live<DittoServer>,
): Promise<Server | undefined> {
  try {
    return readServer(resource);
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    await reportInvalid(context, resource, error);
    return undefined;
  }
}

/** What comes next: an error to be tried again, a time to look again, or nothing. */
function verdict(
  { problems, context }: Pass,
  { secrets, workload }: Made,
  tooLongInMs: number | undefined,
): Outcome {
  const error = problems.find(({ error }) => error !== undefined)?.error ??
    workload.storage.error;
  if (error !== undefined) throw error;
  const now = context.clock.now();
  const waits = [
    ...(workload.decision?.act === "announce"
      ? [{ afterMs: workload.decision.afterMs, reason: "further changes may join" }]
      : []),
    ...(workload.decision?.act === "hold" && workload.decision.opens
      ? [{ afterMs: workload.decision.opens.getTime() - now, reason: "the window opens" }]
      : []),
    ...(secrets.nextExpiry
      ? [{ afterMs: secrets.nextExpiry.getTime() - now, reason: "a certificate expires" }]
      : []),
    ...(tooLongInMs === undefined
      ? []
      : [{ afterMs: tooLongInMs, reason: "it may take too long" }]),
  ].toSorted((a, b) => a.afterMs - b.afterMs);
  const [first] = waits;
  if (first) return { result: "wait", ...first, afterMs: Math.min(first.afterMs, LONGEST_WAIT_MS) };
  const [problem] = problems;
  return problem ? { result: "stalled", reason: problem.reason } : done;
}

/** A timer's number of milliseconds must fit into 31 bits: here a day is long enough. */
const LONGEST_WAIT_MS = 86_400_000;
