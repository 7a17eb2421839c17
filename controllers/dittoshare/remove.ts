// Undoes a share: claim and volume, the share on the server, its stores, and with
// `reclaimPolicy: Delete` its files.
//
// The finalizer keeps the resource until all of it is done, and every step finds out by itself
// whether it was done before. When the server is gone, so is everything on it, and nothing is
// waited for. With `management: Report` nothing that exists on the server is changed, by a deletion
// neither: the share stays there, with its files.

import { done, type Outcome } from "../../kube/controller.ts";
import { keyOf } from "../../kube/object.ts";
import { isHeld, letGo } from "../rest/finalizer.ts";
import { pauseOf, unreachedBy } from "../rest/reach.ts";
import { follow, serverKeyOf } from "../rest/server_ref.ts";
import type { Connection } from "../connections/connections.ts";
import { SHARE_FINALIZER } from "./names.ts";
import { type Pass, waitFor } from "./pass.ts";
import { report } from "./report.ts";
import { rivalOf } from "./rivals.ts";
import { unmakeShare } from "./unmake.ts";
import { removeVolume } from "./volume_step.ts";
import { verdict } from "./verdict.ts";

/** Goes one step further with the end of a share. */
export async function removeShare(pass: Pass): Promise<Outcome> {
  const { context: { kinds, servers, writer, conflicts }, resource } = pass;
  if (!isHeld(resource, SHARE_FINALIZER)) return done;
  const lead = follow(resource, servers.servers.cache);
  const undone = pass.share.spec.management !== "Report" &&
    !rivalOf(resource, kinds.shares.cache, servers.servers.cache);
  const pause = undone ? pauseOf(resource, servers.servers.cache) : undefined;
  const claim = pause ? undefined : await removeVolume(pass);
  if (lead.to !== "nothing" && undone) {
    if (pause) {
      pass.problems.push({ ...pause, aside: true });
      waitFor(pass, pause.message);
    } else if (claim) {
      waitFor(pass, `pods still use PersistentVolumeClaim "${claim.metadata.name}"`);
    } else await unmake(pass);
    if (pass.problems.length > 0) {
      conflicts.settle(keyOf(resource), pass.problems.map(({ error }) => error));
      await report(pass, true);
      return verdict(pass);
    }
  }
  await letGo(writer, kinds.shares, resource, SHARE_FINALIZER);
  return done;
}

async function unmake(pass: Pass): Promise<void> {
  const key = serverKeyOf(pass.resource);
  let connection: Connection;
  try {
    connection = await pass.context.connections.open(key);
  } catch (error) {
    const { message } = unreachedBy(key, error);
    waitFor(pass, message);
    return;
  }
  await pass.attempt("Serving", "removing the share", () => unmakeShare(pass, connection));
}
