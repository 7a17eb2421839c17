// Values of Secrets, read at the moment of their use and not kept.

import type { Secret } from "../../api/kubernetes/types.ts";
import type { Api } from "../../kube/api.ts";
import { secrets } from "../kinds.ts";

/** The Secret of a name; undefined if there is none. */
export async function readSecret(
  api: Api,
  namespace: string,
  name: string,
): Promise<SecretValues | undefined> {
  const secret = await api.get(secrets, { namespace, name });
  return secret && new SecretValues(secret);
}

/** The texts in a Secret. */
export class SecretValues {
  constructor(private readonly secret: Secret) {}

  /** The text under a key; undefined if there is none, or an empty one. */
  text(key: string): string | undefined {
    const value = this.secret.data?.[key];
    return value ? new TextDecoder().decode(Uint8Array.fromBase64(value)) : undefined;
  }
}
