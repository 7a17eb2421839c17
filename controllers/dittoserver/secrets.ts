// The two Secrets that the server needs before its very first start.
//
// The server writes its admin account to the database before it looks for its JWT key: a first
// start with only one of the two leaves an admin whose password nobody knows. So both exist
// before the StatefulSet does. They are generated once; a value that exists is never replaced.
//
// Values never stay in memory: the cache keeps a digest of each, which is all that the rollout
// hash needs.

import type { Secret } from "../../api/kubernetes/types.ts";
import { sha256 } from "../../kube/digest.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import { childMeta, type Server } from "./server.ts";

export const JWT_KEY = "jwt-secret";
export const ADMIN_PASSWORD_KEY = "password";

/** Bytes of randomness of the JWT signing key; the server wants at least 32 characters. */
const JWT_BYTES = 32;
/** Bytes of randomness of a password; the server wants 8 to 72 characters. */
const PASSWORD_BYTES = 18;

/** Gives that many random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export function jwtSecret(server: Server, random: RandomBytes): Secret {
  return secret(server, server.names.jwtSecret, { [JWT_KEY]: text(random(JWT_BYTES)) });
}

export function adminSecret(server: Server, random: RandomBytes): Secret {
  return secret(server, server.names.adminSecret, {
    username: "admin",
    [ADMIN_PASSWORD_KEY]: text(random(PASSWORD_BYTES)),
  });
}

/** What is kept of a Secret: which keys it has, and a digest of each value. */
export interface SecretDigest extends KubernetesObject {
  readonly digests: Readonly<Record<string, string>>;
}

/** Takes the values out of a Secret and leaves their digests. */
export function digestSecret(secret: Live<Secret>): Live<SecretDigest> {
  const digests: Record<string, string> = {};
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    if (value !== "") digests[key] = sha256(value);
  }
  return { metadata: secret.metadata, digests };
}

function secret(server: Server, name: string, values: Record<string, string>): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: childMeta(server, name),
    type: "Opaque",
    stringData: values,
  };
}

function text(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
