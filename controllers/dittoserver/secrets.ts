// The two Secrets that the server needs before its very first start.
//
// The server writes its admin account to the database before it looks for its JWT key: a first
// start with only one of the two leaves an admin whose password nobody knows. So both exist
// before the StatefulSet does. They are generated once; a value that exists is never replaced.
//
// The admin's password belongs to the data: it is in the database on the volume. So the Secret
// is kept as long as the volumes are, and a new server of the same name finds it again. The JWT
// key belongs to the server and goes with it, which ends the sessions.
//
// Values never stay in memory: the cache keeps what references/secret_facts.ts makes of them.

import type { Secret } from "../../api/kubernetes/types.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import { factsOf, type SecretFacts } from "./references/secret_facts.ts";
import { childMeta, type Server } from "./server.ts";

export const JWT_KEY = "jwt-secret";
export const ADMIN_PASSWORD_KEY = "password";

/** On a Secret: the `passwordRotation` for which the admin has the password that it has now. */
export const ROTATION_ANNOTATION = "dittofs.dittofs.com/password-rotation";

/** Bytes of randomness of the JWT signing key; the server wants at least 32 characters. */
const JWT_BYTES = 32;
/** Bytes of randomness of a password; the server wants 8 to 72 characters. */
const PASSWORD_BYTES = 18;

/** Gives that many random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export function jwtSecret(server: Server, random: RandomBytes): Secret {
  return {
    ...secretOf(server, server.names.jwtSecret),
    data: { [JWT_KEY]: encoded(text(random(JWT_BYTES))) },
  };
}

/** `earlier` is a password that the server has already, in base64; one is made up else. */
export function adminSecret(server: Server, random: RandomBytes, earlier?: string): Secret {
  const { metadata, ...rest } = secretOf(server, server.names.adminSecret);
  return {
    ...rest,
    metadata: {
      ...metadata,
      ownerReferences: keptWithVolumes(server) ? [] : [server.owner],
      ...rotationNote(server),
    },
    data: {
      username: encoded("admin"),
      [ADMIN_PASSWORD_KEY]: earlier ?? encoded(newPassword(random)),
    },
  };
}

/** What says on a Secret that the admin's password is as new as the spec wants it. */
export function rotationNote({ spec }: Pick<Server, "spec">) {
  const { passwordRotation } = spec.identity.admin;
  if (passwordRotation === undefined) return {};
  return { annotations: { [ROTATION_ANNOTATION]: passwordRotation } };
}

/** Where the admin's password is: in the Secret that the spec names, or in our own. */
export function adminPasswordRef({ names, spec }: Pick<Server, "names" | "spec">) {
  const own = { name: names.adminSecret, key: ADMIN_PASSWORD_KEY };
  return spec.identity.admin.passwordSecretRef ?? own;
}

/** Whether what belongs to the data outlives the resource. */
export function keptWithVolumes({ spec }: Server): boolean {
  return spec.storage.retention === "Retain";
}

/** What is kept of a Secret of our own. */
export interface SecretView extends KubernetesObject {
  readonly facts: SecretFacts;
}

/** Takes the values out of a Secret. */
export function viewSecret(secret: Live<Secret>): Live<SecretView> {
  return { metadata: secret.metadata, facts: factsOf(secret) };
}

/** A new password, of signs that need no quotes anywhere. */
export function newPassword(random: RandomBytes): string {
  return text(random(PASSWORD_BYTES));
}

/** A Secret of ours, without its data. */
export function secretOf(server: Server, name: string) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: childMeta(server, name),
    type: "Opaque",
  } as const;
}

/** As `data` of a Secret has it. */
export function encoded(value: string): string {
  return new TextEncoder().encode(value).toBase64();
}

function text(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
