// Takes a server over from the Go operator.
//
// That operator's objects have our names, and the writer takes their fields over one by one
// (kube/takeover.ts). What is left is what only that operator had: its finalizer, which would
// keep the resource from ever going; conditions that nobody writes any more; a NetworkPolicy for
// each adapter, where one is enough; and the admin password under a name that it once used.
// The finalizer goes last, so it also marks what is still to do, and a crash is of no account.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Api } from "../../kube/api.ts";
import { controllerOf, keyOf, type Live, makeKey } from "../../kube/object.ts";
import { networkPolicies, secrets, statefulSets } from "../kinds.ts";
import type { ReconcileContext } from "./context.ts";
import { labelsOf } from "./names.ts";
import type { Pass } from "./pass.ts";
import { ADMIN_PASSWORD_KEY } from "./secrets.ts";

/** The finalizer of the Go operator. */
export const GO_FINALIZER = "dittofs.dittofs.com/finalizer";

/** Whether the Go operator left this server to us. */
export function isOfGoOperator(resource: Live<DittoServer>): boolean {
  return resource.metadata.finalizers?.includes(GO_FINALIZER) ?? false;
}

/** A condition that only the Go operator wrote. */
const ITS_CONDITION = "Progressing";

/**
 * Puts our label onto the StatefulSet of the Go operator, by which it is watched. Its claim
 * templates and its policy can never change, so it has to be known before anything is built.
 */
export async function adoptStatefulSet({ context, server }: Pass): Promise<void> {
  const { api, writer, kinds } = context;
  const { namespace, names, owner } = server;
  if (kinds.statefulSets.cache.get(makeKey(namespace, names.statefulSet))) return;
  const found = await api.get(statefulSets, { namespace, name: names.statefulSet });
  if (!found || controllerOf(found)?.uid !== owner.uid) return;
  const labels = labelsOf(server.name);
  await writer.patch(kinds.statefulSets, found, { metadata: { labels } });
}

/** Removes what only that operator had. */
export async function finishTakeOver({ context, server, resource }: Pass): Promise<void> {
  const { api, writer, kinds } = context;
  const { namespace, name, owner } = server;
  if (resource.status?.conditions?.some(({ type }) => type === ITS_CONDITION)) {
    await writer.patch(kinds.servers, resource, { status: { conditions: null } }, "status");
  }
  for (const adapter of ["nfs", "smb"]) {
    const at = { namespace, name: `${name}-adapter-${adapter}` };
    const policy = await api.get(networkPolicies, at);
    if (policy && controllerOf(policy)?.uid === owner.uid) {
      await writer.delete(kinds.networkPolicies, policy);
    }
  }
  await releaseFinalizer(context, resource);
}

/** Takes the finalizer off. */
export async function releaseFinalizer(
  { writer, kinds }: ReconcileContext,
  resource: Live<DittoServer>,
): Promise<void> {
  // What was just written to it has made a new version of it.
  const current = kinds.servers.cache.get(keyOf(resource)) ??
    resource;
  const finalizers = current.metadata.finalizers?.filter((name) => name !== GO_FINALIZER) ?? [];
  await writer.patch(kinds.servers, current, { metadata: { finalizers } });
}

/** The admin password that an early Go operator kept under another name. */
export async function earlierPassword(
  api: Api,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<string | undefined> {
  const secret = await api.get(secrets, { namespace, name: `${name}-admin-credentials` });
  return secret?.data?.[ADMIN_PASSWORD_KEY];
}
