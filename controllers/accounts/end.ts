// The end of a user or group: its row goes before its resource does.
//
// Only a row whose id we have noted or that has our mark is removed, by its id; a stranger's of the
// same name stays. Nothing is waited for when the server is gone or on its way out, for its
// database goes with it or is nobody's business any more. With `management: Report` nothing that
// exists on the server is changed, by a deletion neither.

import { done, type Outcome } from "../../kube/controller.ts";
import { messageOf } from "../../kube/errors.ts";
import { keyOf } from "../../kube/object.ts";
import { isHeld, letGo } from "../rest/finalizer.ts";
import { pauseOf, type Unreached, unreachedBy } from "../rest/reach.ts";
import { follow } from "../rest/server_ref.ts";
import type { AccountKind } from "./kind.ts";
import type { AccountResource } from "./resource.ts";
import type { Row } from "./mark.ts";
import { isUnreached, type Pass } from "./pass.ts";
import { report } from "./report.ts";

/** Removes the row, and lets the resource go. */
export async function end<T extends AccountResource, R extends Row>(
  kind: AccountKind<T, R>,
  pass: Pass<T, R>,
): Promise<Outcome> {
  const { context: { servers, writer, tracked, conflicts }, resource } = pass;
  if (!isHeld(resource, kind.finalizer)) return done;
  const read = kind.read(resource);
  const keep = "spec" in read && read.spec.management === "Report";
  if (!keep && follow(resource, servers).to !== "nothing") {
    const pause = pauseOf(resource, servers);
    if (pause) return await waiting(pass, pause);
    const error = await removed(pass);
    if (error !== undefined) {
      conflicts.settle(keyOf(resource), [error]);
      if (isUnreached(error)) return await waiting(pass, unreachedBy(pass.serverKey, error));
      await tell(pass, messageOf(error));
      throw error;
    }
  }
  await letGo(writer, tracked, resource, kind.finalizer);
  return done;
}

/** What kept the row from being removed, if anything did. */
async function removed<T extends AccountResource, R extends Row>(
  { kind, context: { connections, listing }, notes, name, mark, serverKey }: Pass<T, R>,
): Promise<unknown> {
  try {
    const { client } = await connections.open(serverKey);
    const id = notes.account?.id;
    if (id !== undefined && await kind.remove(client, id)) {
      listing.remove(serverKey, { id, name });
      return undefined;
    }
    // One that was made just before a crash, or again after the database was lost.
    const row = await kind.find(client, name);
    if (row?.text === mark) {
      await kind.remove(client, row.id);
      listing.remove(serverKey, row);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

async function waiting<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  unreached: Unreached,
): Promise<Outcome> {
  pass.problems.push({ ...unreached, aside: true });
  return await tell(pass, unreached.message) ?? done;
}

async function tell<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  why: string,
): Promise<Outcome | undefined> {
  const message = `${pass.title} cannot be removed from the server yet: ${why}`;
  pass.problems.push({ reason: "Deleting", message, stalled: false });
  return await report(pass);
}
