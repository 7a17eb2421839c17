// What is kept of a Secret instead of its content.
//
// A reconcile needs to know whether a value changed and whether it will do, never the value. So
// each Secret is looked at once, when it has changed, for everything that it could be used for;
// after that a change of the spec needs no second reading, and no value stays in memory.

import type { Secret } from "../../../api/kubernetes/types.ts";
import { sha256 } from "../../../kube/digest.ts";
import { type Expiry, expiryOf, pairFault } from "./certificates.ts";
import { looksLikeConnectionString } from "./connection_string.ts";
import { type Faults, faultsOf, textOf } from "./secret_checks.ts";

/** What is known of one value. */
export interface KeyFacts {
  /** The same content has the same digest, whenever and wherever it is seen. */
  readonly digest: string;
  readonly faults: Faults;
  /** When its certificates end to be valid, if it has any. */
  readonly expiry?: Expiry;
  /** Whether it is meant to be a connection string, well-formed or not. */
  readonly connectionString: boolean;
}

/** What is known of a Secret, by key. A key without a value counts as absent. */
export type SecretFacts = Readonly<Record<string, KeyFacts>>;

/** Looks at a Secret as the API server gives it; the Secret can be dropped afterwards. */
export function factsOf(secret: Secret): SecretFacts {
  const facts: Record<string, KeyFacts> = {};
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    if (value !== "") facts[key] = keyFacts(value);
  }
  const key = facts["tls.key"];
  if (key && key.faults.privateKey === undefined) {
    const privateKey = pairFault(textIn(secret, "tls.crt"), textIn(secret, "tls.key"));
    facts["tls.key"] = { ...key, faults: { ...key.faults, privateKey } };
  }
  return facts;
}

/** `value` is in base64, as in `data`. */
function keyFacts(value: string): KeyFacts {
  const bytes = Uint8Array.fromBase64(value);
  const text = textOf(bytes) ?? "";
  const expiry = expiryOf(text);
  return {
    digest: sha256(value),
    faults: faultsOf(bytes),
    connectionString: looksLikeConnectionString(text),
    ...(expiry && { expiry }),
  };
}

function textIn({ data }: Secret, key: string): string {
  return textOf(Uint8Array.fromBase64(data?.[key] ?? "")) ?? "";
}
