// The password of a user: read from its Secret when it is to be set, and not kept.
//
// Nobody can ask the server which password an account has, so what was set last is noted as the
// identity of the Secret that it was read from. While the Secret is that very one, nothing is
// read and nothing is set.

import type { Secret } from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import { isNewer, type KubernetesObject, type Live, makeKey } from "../../kube/object.ts";
import { OutdatedReadError, type Referenced } from "../../kube/references.ts";
import { faultsOf, textOf } from "../dittoserver/references/secret_checks.ts";

/** Which Secret a password was read from, and at which version. */
export interface SecretVersion {
  readonly secretUid: string;
  readonly resourceVersion: string;
}

/** Where the password is. */
export interface PasswordReference {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** What is known of the password without reading it. */
export type Seen =
  /** The Secret is the one that the password was set from last. */
  | { readonly state: "set" }
  | { readonly state: "missing" }
  /** It has to be read. */
  | { readonly state: "new"; readonly version: SecretVersion };

/** What was found in the Secret. */
export type Reading =
  | { readonly password: string; readonly version: SecretVersion }
  | { readonly reason: "SecretKeyMissing" | "SecretInvalid"; readonly message: string };

/** Looks at the Secret's metadata alone. `noted` is what the status says was set last. */
export function seePassword(
  cache: { get(key: string): Live<KubernetesObject> | undefined },
  { namespace, name }: PasswordReference,
  noted: SecretVersion | undefined,
): Seen {
  const seen = cache.get(makeKey(namespace, name))?.metadata;
  if (!seen) return { state: "missing" };
  const version = { secretUid: seen.uid, resourceVersion: seen.resourceVersion };
  const same = noted?.secretUid === version.secretUid &&
    noted.resourceVersion === version.resourceVersion;
  return same ? { state: "set" } : { state: "new", version };
}

/**
 * Reads the password. Undefined if the Secret is gone.
 *
 * @throws {OutdatedReadError} when the answer is behind the watch: the next look reads again
 */
export async function readPassword(
  api: Pick<Api, "get">,
  { resource }: Referenced<Secret>,
  reference: PasswordReference,
  seen: SecretVersion,
): Promise<Reading | undefined> {
  const { namespace, name, key } = reference;
  const secret = await api.get(resource, { namespace, name });
  if (!secret) return undefined;
  const { uid, resourceVersion } = secret.metadata;
  if (isNewer(seen.resourceVersion, resourceVersion)) {
    throw new OutdatedReadError(`Secret "${name}" changed while it was read`);
  }
  const value = secret.data?.[key] ?? "";
  if (value === "") {
    const message =
      `Secret "${name}" has no value under "${key}"; add it, or correct spec.passwordSecretRef`;
    return { reason: "SecretKeyMissing", message };
  }
  const bytes = Uint8Array.fromBase64(value);
  const { adminPassword, line } = faultsOf(bytes);
  const fault = line ?? adminPassword;
  if (fault !== undefined) {
    const message = `"${key}" in Secret "${name}" ${fault} (spec.passwordSecretRef)`;
    return { reason: "SecretInvalid", message };
  }
  return { password: textOf(bytes) ?? "", version: { secretUid: uid, resourceVersion } };
}
