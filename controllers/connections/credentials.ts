// The operator's account on a server: its name, and the Secret with its password.
//
// The Secret exists before the account does, and is the truth: whatever password the account has,
// it is given the one in the Secret. So a crash in between is of no account, and to change the
// password it is enough to change the Secret. Like the admin's password it belongs to the data,
// in whose database the account is, and is kept as long as the volumes.
//
// The Go operator had a Secret of the same name, with an account that may only list adapters and
// with tokens in it. Its password is good enough; the rest goes; see take_over.ts.

import type { Secret } from "../../api/kubernetes/types.ts";
import type { Server } from "../dittoserver/server.ts";
import {
  encoded,
  keptWithVolumes,
  newPassword,
  type RandomBytes,
  secretOf,
} from "../dittoserver/secrets.ts";

/** The account as whom the operator works on a server. */
export const ACCOUNT = "dittofs-operator";

/** The account that the Go operator made. */
export const GO_ACCOUNT = "k8s-operator";

export const USERNAME_KEY = "username";
export const PASSWORD_KEY = "password";

/** What the Go operator kept beside the password, and nobody reads any more. */
export const GO_KEYS = ["access-token", "refresh-token", "server-url"] as const;

/** A new Secret with a new password. */
export function operatorSecret(server: Server, random: RandomBytes): Secret {
  const { metadata, ...rest } = secretOf(server, server.names.operatorSecret);
  return {
    ...rest,
    metadata: { ...metadata, ownerReferences: keptWithVolumes(server) ? [] : [server.owner] },
    data: { [USERNAME_KEY]: encoded(ACCOUNT), [PASSWORD_KEY]: encoded(newPassword(random)) },
  };
}
