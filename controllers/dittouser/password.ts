// The password of a user: read from its Secret when it is to be set, and not kept.
//
// Nobody can ask the server which password an account has. So what was set last is noted as the
// identity of the Secret that it was read from; while the Secret is that very one, nothing is read
// and nothing is set. A password that somebody has changed on the server is therefore not seen,
// and stays until the Secret changes.

import type { DittoUser, DittoUserSpec } from "../../api/dittouser.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import { messageOf } from "../../kube/errors.ts";
import { isNewer, type Key, type KubernetesObject, type Live, makeKey } from "../../kube/object.ts";
import { OutdatedReadError, type Referenced } from "../../kube/references.ts";
import type { PasswordNote } from "../accounts/resource.ts";
import { faultsOf, textOf } from "../dittoserver/references/secret_checks.ts";

/** What is to become of a user's password. */
export type Password =
  /** The spec names none. */
  | { readonly state: "unknown" }
  /** It is the one that was set last. */
  | { readonly state: "set" }
  /** It has to be set. */
  | { readonly state: "new"; readonly text: string; readonly note: PasswordNote }
  /** There is none that could be set. */
  | {
    readonly state: "lacking";
    readonly reason:
      | "SecretNotFound"
      | "SecretUnreadable"
      | "SecretKeyMissing"
      | "SecretInvalid";
    /** Names Secret, key and remedy, and no value. */
    readonly message: string;
    /** What to throw so that it is read again. */
    readonly error?: unknown;
  };

/** Where passwords are read. */
export interface PasswordSource {
  readonly api: Pick<Api, "get">;
  readonly secrets: Referenced<Secret>;
}

/** The key of the Secret with a user's password. */
export function secretKeyOf({ metadata, spec }: DittoUser): Key | undefined {
  const name = spec.passwordSecretRef?.name;
  return name === undefined ? undefined : makeKey(metadata?.namespace, name);
}

/**
 * Finds out what is to become of the password; `noted` is what was set last.
 *
 * @throws {OutdatedReadError} when the Secret was changed while it was read: look again
 */
export async function passwordOf(
  { api, secrets }: PasswordSource,
  namespace: string,
  { passwordSecretRef }: Pick<DittoUserSpec, "passwordSecretRef">,
  noted: PasswordNote | undefined,
): Promise<Password> {
  if (!passwordSecretRef) return { state: "unknown" };
  const { name, key } = passwordSecretRef;
  const seen = secrets.cache.get(makeKey(namespace, name));
  if (!seen) return notFound(name);
  if (noted && isSame(noteOf(seen, key), noted)) return { state: "set" };
  let secret: Live<Secret> | undefined;
  try {
    secret = await api.get(secrets.resource, { namespace, name });
  } catch (error) {
    const message = `Secret "${name}" cannot be read: ${messageOf(error)}`;
    return { state: "lacking", reason: "SecretUnreadable", message, error };
  }
  if (!secret) return notFound(name);
  if (isNewer(seen.metadata.resourceVersion, secret.metadata.resourceVersion)) {
    throw new OutdatedReadError(`Secret "${name}" changed while it was read`);
  }
  return readIn(secret, name, key);
}

function readIn(secret: Live<Secret>, name: string, key: string): Password {
  const value = secret.data?.[key] ?? "";
  if (value === "") {
    const message =
      `Secret "${name}" has no value under "${key}"; add it, or correct spec.passwordSecretRef`;
    return { state: "lacking", reason: "SecretKeyMissing", message };
  }
  const bytes = Uint8Array.fromBase64(value);
  const { line, adminPassword } = faultsOf(bytes);
  const fault = line ?? adminPassword;
  if (fault !== undefined) {
    const message = `"${key}" in Secret "${name}" ${fault} (spec.passwordSecretRef)`;
    return { state: "lacking", reason: "SecretInvalid", message };
  }
  return { state: "new", text: textOf(bytes) ?? "", note: noteOf(secret, key) };
}

function notFound(name: string): Password {
  const message =
    `Secret "${name}" does not exist; create it, or correct spec.passwordSecretRef.name`;
  return { state: "lacking", reason: "SecretNotFound", message };
}

function noteOf({ metadata }: Live<KubernetesObject>, key: string): PasswordNote {
  return { secretUID: metadata.uid, resourceVersion: metadata.resourceVersion, key };
}

function isSame(a: PasswordNote, b: PasswordNote): boolean {
  return a.secretUID === b.secretUID && a.resourceVersion === b.resourceVersion && a.key === b.key;
}
