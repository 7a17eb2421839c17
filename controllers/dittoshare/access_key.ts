// The access key of a share's bucket, out of a Secret that the user names.
//
// Whether it is there and could be one is known without its value; the value is read at the
// moment at which it is sent, and kept nowhere.

import type { ShareAspectReason } from "../../api/conditions.ts";
import { ProtocolError } from "../../kube/errors.ts";
import { makeKey } from "../../kube/object.ts";
import { factsOf, type KeyFacts } from "../dittoserver/references/secret_facts.ts";
import { secrets } from "../kinds.ts";
import type { Reached } from "./pass.ts";
import type { AccessKey, AccessKeyDigests } from "./stores.ts";

/** An access key that could be one. */
export interface KnownKey {
  readonly digests: AccessKeyDigests;
}

/** What is known of the key; undefined if there is none that could be sent. */
export async function knownKey(reached: Reached): Promise<KnownKey | undefined> {
  const { share: { namespace, spec }, context } = reached;
  const ref = spec.storage.remote?.s3.credentialsSecretRef;
  if (!ref) return undefined;
  const facts = await context.secretFacts.get(makeKey(namespace, ref.name));
  if (!facts) return miss(reached, "SecretNotFound", `Secret "${ref.name}" does not exist`);
  const usable = (key: string): KeyFacts | undefined => {
    const known = facts[key];
    const of = `"${key}" in Secret "${ref.name}"`;
    if (!known) {
      return miss(reached, "SecretKeyMissing", `Secret "${ref.name}" has no "${key}"`);
    }
    const { line: fault } = known.faults;
    return fault === undefined ? known : miss(reached, "SecretInvalid", `${of} ${fault}`);
  };
  const [id, secret] = [usable(ref.accessKeyIDKey), usable(ref.secretAccessKeyKey)];
  return id && secret && { digests: { id: id.digest, secret: secret.digest } };
}

/** The key itself, which must still be the one that is known. */
export async function readKey(
  { share: { namespace, spec }, context }: Reached,
  { digests }: KnownKey,
): Promise<AccessKey> {
  const { name = "", accessKeyIDKey: id = "", secretAccessKeyKey: secret = "" } =
    spec.storage.remote?.s3.credentialsSecretRef ?? {};
  const found = await context.api.get(secrets, { namespace, name });
  const facts = found && factsOf(found);
  if (facts?.[id]?.digest !== digests.id || facts[secret]?.digest !== digests.secret) {
    throw new ProtocolError(`Secret "${name}" has just changed`);
  }
  return { id: textIn(found?.data?.[id]), secret: textIn(found?.data?.[secret]) };
}

function miss(
  { pass }: Reached,
  reason: Extract<ShareAspectReason, "SecretNotFound" | "SecretKeyMissing" | "SecretInvalid">,
  message: string,
): undefined {
  pass.problems.push({ aspect: "StoresReady", reason, message, stalled: true });
}

function textIn(value = ""): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(value));
}
