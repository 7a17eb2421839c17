// Makes one DittoShare true.
//
// Read from top to bottom: who may have it, the way to its server, everything on the server, the
// volume in the cluster, the status. What one share waits for, a bucket that does not answer most
// of all, holds up no other: each has a worker of its own.

import type { DittoShare } from "../../api/dittoshare.ts";
import { done, type Outcome } from "../../kube/controller.ts";
import { type Key, keyOf, type Live } from "../../kube/object.ts";
import { InvalidSpecError, readServer, type Server } from "../dittoserver/server.ts";
import { hold, isHeld } from "../rest/finalizer.ts";
import { resting } from "../rest/paused.ts";
import { pauseOf, reach } from "../rest/reach.ts";
import { follow } from "../rest/server_ref.ts";
import type { ShareContext } from "./context.ts";
import { makeShare } from "./make.ts";
import { SHARE_FINALIZER } from "./names.ts";
import { Pass } from "./pass.ts";
import { removeShare } from "./remove.ts";
import { report, reportInvalid } from "./report.ts";
import { rivalOf } from "./rivals.ts";
import { readShare, type Share } from "./share.ts";
import { verdict } from "./verdict.ts";
import { makeVolume } from "./volume_step.ts";

/** Reconciles the DittoShare of a key. */
export async function reconcileShare(context: ShareContext, key: Key): Promise<Outcome> {
  const resource = context.kinds.shares.cache.get(key);
  if (!resource) {
    context.conflicts.forget(key);
    return done;
  }
  const share = await read(context, resource);
  if (!share) return { result: "stalled", reason: "InvalidSpec" };
  if (resource.metadata.deletionTimestamp) {
    return await removeShare(new Pass(context, resource, share));
  }
  const pass = await make(context, resource, share);
  context.conflicts.settle(key, pass.problems.map(({ error }) => error));
  await report(pass);
  return verdict(pass);
}

async function make(
  context: ShareContext,
  resource: Live<DittoShare>,
  share: Share,
): Promise<Pass> {
  const { kinds, servers: { servers }, connections, writer } = context;
  const rival = rivalOf(resource, kinds.shares.cache, servers.cache);
  if (rival) {
    const pass = new Pass(context, resource, share);
    const message = `DittoShare "${
      keyOf(rival)
    }" has share "${share.shareName}" of the same server; choose another spec.shareName`;
    pass.problems.push({ aspect: "Serving", reason: "NameTaken", message, stalled: true });
    return pass;
  }
  const reached = await reach({ servers: servers.cache, connections }, resource);
  if ("problem" in reached && pauseOf(resource, servers.cache)) {
    const pass = new Pass(context, resource, share);
    const { problem, inOrder } = resting(resource, reached.problem);
    pass.problems.push(problem);
    Object.assign(pass.inOrder, inOrder);
    return pass;
  }
  // From now on there may be something on the server that has to be removed one day.
  const held = "connection" in reached
    ? await hold(writer, kinds.shares, resource, SHARE_FINALIZER)
    : resource;
  const pass = new Pass(context, held, share);
  if ("problem" in reached) pass.problems.push(reached.problem);
  await Promise.all([
    "connection" in reached && makeShare(pass, reached.connection),
    // A volume without a resource that is held would stay for ever: no namespace owns it.
    makeVolume(pass, isHeld(held, SHARE_FINALIZER) ? serverOf(pass) : undefined),
  ]);
  return pass;
}

/** The server, whether or not it runs: its address stays. */
function serverOf({ context, resource }: Pass): Server | undefined {
  const lead = follow(resource, context.servers.servers.cache);
  if (lead.to !== "server") return undefined;
  try {
    return readServer(lead.resource);
  } catch (error) {
    // It says so itself.
    if (error instanceof InvalidSpecError) return undefined;
    throw error;
  }
}

async function read(
  context: ShareContext,
  resource: Live<DittoShare>,
): Promise<Share | undefined> {
  try {
    return readShare(resource);
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    await reportInvalid(context, resource, error.message);
    return undefined;
  }
}
