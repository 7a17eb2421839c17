// Makes the grants and the quotas of a share what its spec says, where the spec says anything.
//
// Somebody who is not on the server yet keeps nobody else waiting: what can be done is done, and
// who is missing is named.

import { ServerError } from "../../dittofs/errors.ts";
import { grantChanges, type GrantToSet } from "./grants.ts";
import { mayChange, type Reached } from "./pass.ts";
import { namesIn, type Numbers, quotaChanges } from "./quotas.ts";
import { FOR_OTHERS_MS } from "./row_step.ts";

/** Makes the grants. */
export async function makeGrants(reached: Reached): Promise<void> {
  const { pass, share, client } = reached;
  const { permissions } = client.shares;
  const grants = wanted(reached, "grants");
  if (!grants) return;
  const live = await permissions.list(share.shareName);
  if (!live) return;
  const { set, remove } = grantChanges(live, grants);
  const differences = [...set, ...remove].map(({ whom }) => whom);
  if (share.spec.grants) pass.inOrder.GrantsReady = { reason: "Granted" };
  if (!mayChange(reached, "GrantsReady", differences)) return;
  const missing: string[] = [];
  for (const grant of set) {
    if (!await granted(reached, grant)) missing.push(grant.whom);
  }
  for (const { grantee } of remove) await permissions.delete(share.shareName, grantee);
  tellMissing(reached, "GrantsReady", missing);
}

/** Sets one grant. Returns false if the server does not know who it is for. */
async function granted({ share, client }: Reached, grant: GrantToSet): Promise<boolean> {
  try {
    await client.shares.permissions.set(share.shareName, grant.grantee, grant.level);
    return true;
  } catch (error) {
    if (error instanceof ServerError && error.errorClass === "notFound") return false;
    throw error;
  }
}

/** Makes the quotas. */
export async function makeQuotas(reached: Reached): Promise<void> {
  const { pass, share, client } = reached;
  const { quotas: endpoint } = client.shares;
  const quotas = wanted(reached, "quotas");
  if (!quotas) return;
  const [live, numbers] = await Promise.all([
    endpoint.list(share.shareName),
    numbersOf(reached, quotas),
  ]);
  const { set, remove, missing, twice } = quotaChanges(live, quotas, numbers, pass.changed);
  const differences = [
    ...set.map(({ whom }) => whom),
    ...remove.map((owner) => ("uid" in owner ? `user ${owner.uid}` : `group ${owner.gid}`)),
  ];
  if (share.spec.quotas) pass.inOrder.QuotasReady = { reason: "Applied" };
  if (mayChange(reached, "QuotasReady", differences)) {
    for (const { owner, limits } of set) await endpoint.set(share.shareName, owner, limits);
    for (const owner of remove) await endpoint.delete(share.shareName, owner);
  }
  tellMissing(reached, "QuotasReady", missing);
  if (twice.length > 0) {
    const message = `${twice.join(", ")} has another quota by name, which is in force`;
    pass.problems.push({ aspect: "QuotasReady", reason: "Ambiguous", message, stalled: true });
  }
}

/**
 * The list of the spec. An empty one where the spec has none any more, so that what we made goes;
 * undefined where it never had one.
 */
function wanted<F extends "grants" | "quotas">({ pass, share }: Reached, field: F) {
  const list = share.spec[field];
  return list ?? (pass.noted.managed?.includes(field) ? [] : undefined);
}

/** The numbers of everybody, if anybody is named. */
async function numbersOf(
  { client }: Reached,
  quotas: Parameters<typeof namesIn>[0],
): Promise<Numbers> {
  const { users, groups } = namesIn(quotas);
  const [allUsers, allGroups] = await Promise.all([
    users ? client.users.list() : [],
    groups ? client.groups.list() : [],
  ]);
  const numbered = (pairs: (readonly [string, number | undefined])[]) =>
    new Map(pairs.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const])));
  return {
    uids: numbered(allUsers.map(({ username, uid }) => [username, uid])),
    gids: numbered(allGroups.map(({ name, gid }) => [name, gid])),
  };
}

function tellMissing(
  { pass }: Reached,
  aspect: "GrantsReady" | "QuotasReady",
  missing: readonly string[],
): void {
  if (missing.length === 0) return;
  const message = `not on the server${aspect === "QuotasReady" ? ", or without a number" : ""}: ${
    missing.join(", ")
  }`;
  pass.problems.push({ aspect, reason: "NotFound", message, stalled: false });
  pass.lookAgain(aspect, "somebody may come", FOR_OTHERS_MS);
}
