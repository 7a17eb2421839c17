// Gives the admin a new password when the spec asks for one.
//
// In our own Secret the new password stands beside the old one before the server is told, so that
// a crash at any moment leaves both known, and the next look finds out which of them counts. With
// the password of a Secret of the user's there is nothing to make up: the server is told what
// stands there. Where the old password is not known, because somebody has changed it by hand, our
// own account sets the new one. That the wish is fulfilled is noted on a Secret of ours.

import type { Secret } from "../../../api/kubernetes/types.ts";
import { ProtocolError } from "../../../kube/errors.ts";
import type { MergePatch } from "../../../kube/merge_patch.ts";
import { makeKey } from "../../../kube/object.ts";
import { attempt } from "../../connections/login.ts";
import { readSecret } from "../../connections/secret_values.ts";
import { dittoServers } from "../../kinds.ts";
import {
  ADMIN_PASSWORD_KEY,
  adminPasswordRef,
  encoded,
  newPassword,
  ROTATION_ANNOTATION,
  rotationNote,
} from "../secrets.ts";
import type { ConnectedVisit } from "./context.ts";

/** The admin as the server always calls it. */
const ADMIN = "admin";

/** Where the new password stands until it is the only one. */
const NEXT_KEY = "next-password";

/** Fulfils `spec.identity.admin.passwordRotation`; does nothing where it is fulfilled. */
export async function rotateAdminPassword(visit: ConnectedVisit): Promise<void> {
  const { context, server, resource } = visit;
  const { passwordRotation, passwordSecretRef } = server.spec.identity.admin;
  if (passwordRotation === undefined) return;
  const name = passwordSecretRef ? server.names.operatorSecret : server.names.adminSecret;
  const noted = context.kinds.secrets.cache.get(makeKey(server.namespace, name));
  if (!noted || noted.metadata.annotations?.[ROTATION_ANNOTATION] === passwordRotation) return;
  if (passwordSecretRef) await setTheirs(visit);
  else await renewOurs(visit);
  await context.events.publish(dittoServers, resource, {
    type: "Normal",
    reason: "AdminPasswordRotated",
    action: "RotatePassword",
    note:
      `The admin has a new password, for spec.identity.admin.passwordRotation ${passwordRotation}`,
  });
}

/** The server gets the password that the user's Secret has. */
async function setTheirs(visit: ConnectedVisit): Promise<void> {
  const { server, context } = visit;
  const { name, key } = adminPasswordRef(server);
  const password = (await readSecret(context.api, server.namespace, name))?.text(key);
  // That it is missing is said by ReferencesResolved.
  if (password === undefined) return;
  await setPassword(visit, password, undefined);
  await patchOwn(visit, server.names.operatorSecret, { metadata: rotationNote(server) });
}

/** The admin gets a password that is made up here. */
async function renewOurs(visit: ConnectedVisit): Promise<void> {
  const { server, context } = visit;
  const { adminSecret } = server.names;
  const values = await readSecret(context.api, server.namespace, adminSecret);
  const begun = values?.text(NEXT_KEY);
  const next = begun ?? newPassword(context.randomBytes);
  if (begun === undefined) {
    await patchOwn(visit, adminSecret, { data: { [NEXT_KEY]: encoded(next) } });
  }
  await setPassword(visit, next, values?.text(ADMIN_PASSWORD_KEY));
  await patchOwn(visit, adminSecret, {
    metadata: rotationNote(server),
    data: { [ADMIN_PASSWORD_KEY]: encoded(next), [NEXT_KEY]: null },
  });
}

/** Makes the admin's password be `next`, whatever it is now. */
async function setPassword(
  visit: ConnectedVisit,
  next: string,
  present: string | undefined,
): Promise<void> {
  const { client, as } = visit;
  const login = (password: string) => attempt(client, ADMIN, password);
  const already = await login(next);
  if (already && !already.user.mustChangePassword) return;
  const old = present === undefined || already ? undefined : await login(present);
  if (old) {
    await as(old.accessToken).auth.changeOwnPassword(next, present);
    return;
  }
  if (!already) await client.users.setPassword(ADMIN, next);
  const forced = already ?? await login(next);
  if (!forced) throw new ProtocolError("the server refuses the password that it was just given");
  await as(forced.accessToken).auth.changeOwnPassword(next);
}

/** Changes a Secret of ours, as it was last seen. */
async function patchOwn(
  { context: { kinds, writer }, server: { namespace } }: ConnectedVisit,
  name: string,
  patch: MergePatch<Secret>,
): Promise<void> {
  const live = kinds.secrets.cache.get(makeKey(namespace, name));
  // It has just gone: the next look begins with whatever there is then.
  if (!live) throw new ProtocolError(`Secret "${name}" is gone`);
  await writer.patch(kinds.ownSecrets, live, patch);
}
