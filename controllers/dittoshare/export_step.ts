// Makes the NFS export of a share as it should be, and the netgroup of its clients.

import type { Netgroup } from "../../dittofs/netgroups.ts";
import type { ShareNfsConfig } from "../../dittofs/share_nfs.ts";
import { storeName } from "./names.ts";
import { memberChanges } from "./netgroup.ts";
import { exportFields, exportLack, PROTECTIONS } from "./nfs.ts";
import { mayChange, type Reached } from "./pass.ts";
import { noteRestart } from "./restart.ts";

const ASPECT = "Serving";

/** Makes the export. `isNew` is that the share was made just now. */
export async function makeExport(reached: Reached, isNew: boolean): Promise<void> {
  const { share, client } = reached;
  const { nfs } = client.shares;
  const { netgroups } = client;
  const clients = share.spec.nfs.allowedClients;
  if (clients && !await madeNetgroup(reached, clients)) return;
  const config = await nfs.get(share.shareName);
  if (!config) return;
  const { fields, names, atRestart } = exportLack(config, exportFields(share));
  if (mayChange(reached, ASPECT, names)) {
    const protects = atRestart.some((field) => PROTECTIONS.has(field));
    await noteRestart(reached, atRestart, isNew && protects);
    await nfs.patch(share.shareName, fields);
  } else if (names.length > 0) return;
  if (clients === undefined && mayBeLeft(reached, config, isNew)) {
    await netgroups.delete(storeName(share.shareName));
  }
}

/** Whether there may be a netgroup that the share has just left, or left when somebody died. */
function mayBeLeft(
  { pass, share, making }: Reached,
  { netgroup }: ShareNfsConfig,
  isNew: boolean,
): boolean {
  if (netgroup === storeName(share.shareName)) return true;
  const mine = making || share.spec.management === "Enforce";
  return mine && !isNew && !pass.wasInOrder(ASPECT);
}

/** Whether the netgroup has exactly these clients now. */
async function madeNetgroup(reached: Reached, clients: readonly string[]): Promise<boolean> {
  const { share, client: { netgroups } } = reached;
  const name = storeName(share.shareName);
  const live: Netgroup = await netgroups.get(name) ?? await netgroups.create(name);
  const { add, remove } = memberChanges(live, clients);
  if (add.length + remove.length === 0) return true;
  if (!mayChange(reached, ASPECT, ["nfs.allowedClients"])) return false;
  // None of this is in force for a share that does not refer to it yet.
  for (const member of add) await netgroups.addMember(name, member);
  for (const { id } of remove) await netgroups.removeMember(name, id);
  return true;
}
