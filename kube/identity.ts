// Who we are to the API server, and how that is kept fresh.
//
// A service-account token is replaced on disk about once an hour; an exec plugin's credential
// expires. Reading them once is the bug that locks a client out after a quiet night, so every
// request asks its source, which answers from memory while that is still right.

import type { Clock } from "./clock.ts";
import { ConnectionError, messageOf } from "./errors.ts";

/** What is presented with a request. */
export interface Identity {
  /** Bearer token. */
  readonly token?: string;
  /** Client certificate and key, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** Gives the identity to present now. */
export interface IdentitySource {
  current(): Promise<Identity>;
  /** Called after a 401: the identity to try again with, or undefined if there is no other. */
  renew(): Promise<Identity | undefined>;
}

/** An identity that never changes: certificates and tokens written into a kubeconfig. */
export function staticIdentity(identity: Identity): IdentitySource {
  return {
    current: () => Promise.resolve(identity),
    renew: () => Promise.resolve(undefined),
  };
}

/**
 * For how long after a change a 401 may still be about the identity before: requests are under
 * way together, and the one that finds the change out is not the only one that was refused.
 */
export const OVERLAP_MS = 65_000;

/** How long a token that was read is used before the file is looked at again. */
const TOKEN_AGE_MS = 60_000;

/** A token that somebody else keeps fresh in a file. */
export class TokenFile implements IdentitySource {
  readonly #path: string;
  readonly #clock: Clock;
  #token: string | undefined;
  #readAt = 0;
  #changedAt = -Infinity;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  async current(): Promise<Identity> {
    if (this.#token === undefined) return { token: await this.#read() };
    if (this.#clock.now() - this.#readAt < TOKEN_AGE_MS) return { token: this.#token };
    const kept = this.#token;
    // A token is good for longer than the file may be out of reach; if not, a 401 will tell.
    return { token: await this.#read().catch(() => kept) };
  }

  async renew(): Promise<Identity | undefined> {
    const token = await this.#read();
    return this.#clock.now() - this.#changedAt < OVERLAP_MS ? { token } : undefined;
  }

  async #read(): Promise<string> {
    const token = (await this.#content()).trim();
    if (token === "") throw new ConnectionError(`the token file ${this.#path} is empty`);
    if (this.#token !== undefined && this.#token !== token) this.#changedAt = this.#clock.now();
    this.#token = token;
    this.#readAt = this.#clock.now();
    return token;
  }

  async #content(): Promise<string> {
    try {
      return await Deno.readTextFile(this.#path);
    } catch (cause) {
      const why = messageOf(cause);
      throw new ConnectionError(`the token file ${this.#path} cannot be read: ${why}`, { cause });
    }
  }
}
