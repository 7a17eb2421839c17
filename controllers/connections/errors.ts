// Why there is no connection to a server. Each error says whose move it is.

import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Classified } from "../../kube/errors.ts";

/** Why a server cannot be asked at present, where nothing is wrong with it. */
export type NotServingReason = "NotFound" | "BeingDeleted" | "InvalidSpec" | "Stopped" | "NotReady";

/**
 * The server does not run: there is nobody to ask. Whoever gets this waits to be told by
 * `Connections.onChange`; to try again earlier is of no use.
 */
export class NotServingError extends Error implements Classified {
  override readonly name = "NotServingError";
  readonly errorClass = "transient";

  constructor(readonly reason: NotServingReason, message: string) {
    super(message);
  }
}

/** Something before the server answers in its place: nothing is known of the server. */
export class ForeignAnswerError extends ServerUnreachableError {
  constructor(message: string, options?: ErrorOptions) {
    super("reset", message, options);
  }
}

/** The server itself does not accept the operator's account, nor the admin's password. */
export class LoginRefusedError extends Error implements Classified {
  override readonly name = "LoginRefusedError";
  readonly errorClass = "forbidden";
}

/** The server asks for a client certificate, and the operator has none to show. */
export class ClientCertificateMissingError extends Error implements Classified {
  override readonly name = "ClientCertificateMissingError";
  readonly errorClass = "forbidden";
}
