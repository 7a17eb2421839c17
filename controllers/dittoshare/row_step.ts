// Makes the row of a share, and keeps it as it should be.
//
// The server answers 201 before it has loaded the share, or although it never will: `status`
// tells. And while the bucket does not answer, making a share takes the server minutes, and every
// look at one half a minute. So the bucket is asked first (stores_step.ts): no share is made or
// bound to one that does not answer, and one that was in order is not looked at meanwhile.

import type { Share as Row, ShareUpdate } from "../../dittofs/shares.ts";
import { exportFields, PROTECTIONS } from "./nfs.ts";
import { mayChange, type Reached } from "./pass.ts";
import { lackOf, shareFields } from "./row.ts";
import { noteRestart } from "./restart.ts";
import { isReachable } from "./stores.ts";
import type { ShareStores } from "./stores_step.ts";
import { exportLack } from "./nfs.ts";

const ASPECT = "Serving";

/** The row, and whether it is new. */
export interface MadeRow {
  readonly row: Row;
  readonly isNew: boolean;
}

/** The row; undefined if there is none of ours, or nothing can be known of it now. */
export async function makeRow(reached: Reached, stores: ShareStores): Promise<MadeRow | undefined> {
  const { pass, share, client } = reached;
  const reachable = !stores.remote || isReachable(stores.remote);
  if (!reachable && pass.wasInOrder(ASPECT)) {
    pass.inOrder[ASPECT] = { reason: "Healthy" };
    return undefined;
  }
  const row = await client.shares.get(share.shareName);
  if (!row) {
    if (!reachable) {
      pass.inOrder[ASPECT] = { reason: "Waiting" };
      return undefined;
    }
    return await create(reached, stores);
  }
  if (row.metadataStoreId !== stores.metadata.id) {
    const message =
      `share "${share.shareName}" is on the server and was not made for this resource; remove it there, or choose another spec.shareName`;
    pass.problems.push({ aspect: ASPECT, reason: "NotOurs", message, stalled: true });
    return undefined;
  }
  return { row: await update(reached, stores, row), isNew: false };
}

async function create(reached: Reached, stores: ShareStores): Promise<MadeRow | undefined> {
  const { pass, share, client, server } = reached;
  const { metadata, local, remote, placement } = stores;
  const { owner } = share.spec;
  if (owner !== undefined && !await canOwn(reached, owner)) {
    const message = `user "${owner}", who is to own the share, is not on the server or has no uid`;
    pass.problems.push({ aspect: ASPECT, reason: "OwnerNotFound", message, stalled: false });
    pass.lookAgain(ASPECT, "the owner may come", FOR_OTHERS_MS);
    return undefined;
  }
  // A new share has the export of all shares, of which not all can be changed before a restart.
  const { atRestart } = exportLack(NEW_EXPORT, exportFields(share));
  await noteRestart(reached, atRestart, atRestart.some((field) => PROTECTIONS.has(field)));
  const row = await client.shares.create({
    ...shareFields(share, server, placement),
    name: share.shareName,
    metadataStore: metadata.name,
    localBlockStore: local.name,
    ...(remote && { remoteBlockStore: remote.name }),
    ...(owner !== undefined && { owner }),
  });
  return { row, isNew: true };
}

/** How a share is exported that was just made. */
const NEW_EXPORT = {
  ...{ allowAuthSys: true, disableReaddirplus: false, minKerberosLevel: "krb5" },
  ...{ netgroup: "", requireKerberos: false, squash: "root_to_guest" },
} as const;

/**
 * How long to look for what somebody else has to make, in milliseconds. Their resources tell when
 * it is there, but for what was made while we looked.
 */
export const FOR_OTHERS_MS = 30_000;

async function canOwn({ client }: Reached, owner: string): Promise<boolean> {
  return (await client.users.get(owner))?.uid !== undefined;
}

/** Puts right what differs. Returns the row as it then is. */
async function update(reached: Reached, stores: ShareStores, row: Row): Promise<Row> {
  const { pass, share, client, server } = reached;
  const wanted = shareFields(share, server, stores.placement);
  const { fields, names, atRestart } = lackOf(row, wanted, pass.changed);
  const binding = bindingLack(stores, row);
  const differences = [...names, ...Object.keys(binding).map((field) => BINDINGS[field] ?? field)];
  if (!mayChange(reached, ASPECT, differences)) return row;
  await noteRestart(reached, atRestart, false);
  const { warnings, ...updated } = await client.shares.update(share.shareName, {
    ...fields,
    ...binding,
  });
  // The server takes other stores over at once; a warning says that it could not.
  if (warnings.length > 0) await noteRestart(reached, ["storage.remote"], false);
  return { ...updated, warnings };
}

const BINDINGS: Readonly<Record<string, string>> = {
  localBlockStore: "the store of contents",
  remoteBlockStore: "storage.remote",
};

/** The stores that the row does not name. */
function bindingLack(
  { local, remote }: ShareStores,
  row: Row,
): Pick<ShareUpdate, "localBlockStore" | "remoteBlockStore"> {
  const bindable = remote && isReachable(remote) && row.remoteBlockStoreId !== remote.id;
  return {
    ...(row.localBlockStoreId !== local.id && { localBlockStore: local.name }),
    ...(bindable && { remoteBlockStore: remote.name }),
  };
}

/** Says how the share is served. */
export function tellRow({ pass, share }: Reached, { enabled, status }: Row): void {
  const said = status.message === "" ? status.status : status.message;
  const before = pass.problems.length;
  const problem = (reason: "Loading" | "Unhealthy" | "Disabled", message: string) =>
    pass.problems.push({ aspect: ASPECT, reason, message, stalled: false });
  if (status.status === "unknown") {
    problem("Loading", `the server has not loaded share "${share.shareName}": ${said}`);
  } else if (status.status === "unhealthy") {
    problem("Unhealthy", `share "${share.shareName}": ${said}`);
  } else if (!enabled) problem("Disabled", `share "${share.shareName}" is switched off`);
  const isWrong = pass.problems.length > before;
  if (isWrong) pass.lookAgain(ASPECT, "the server may say something else");
}
