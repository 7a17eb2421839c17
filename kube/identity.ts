// Who we are to the API server, and how that is kept fresh.
//
// A service-account token is replaced on disk about once an hour; an exec plugin's credential
// expires. Reading them once is the bug that locks a client out after a quiet night, so every
// request asks its source, which answers from memory while that is still right.

import type { Clock } from "./clock.ts";

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
  /** Called after a 401: the identity as it is outside, or undefined if it did not change. */
  renew(): Promise<Identity | undefined>;
}

/** An identity that never changes: certificates and tokens written into a kubeconfig. */
export function staticIdentity(identity: Identity): IdentitySource {
  return {
    current: () => Promise.resolve(identity),
    renew: () => Promise.resolve(undefined),
  };
}

/** How long a token that was read is used before the file is looked at again. */
const TOKEN_AGE_MS = 60_000;

/** A token that somebody else keeps fresh in a file. */
export class TokenFile implements IdentitySource {
  readonly #path: string;
  readonly #clock: Clock;
  #token: string | undefined;
  #readAt = 0;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  async current(): Promise<Identity> {
    if (this.#token === undefined || this.#clock.now() - this.#readAt >= TOKEN_AGE_MS) {
      await this.#read();
    }
    return { token: this.#token ?? "" };
  }

  async renew(): Promise<Identity | undefined> {
    const before = this.#token;
    await this.#read();
    return this.#token === before ? undefined : { token: this.#token ?? "" };
  }

  async #read(): Promise<void> {
    this.#token = (await Deno.readTextFile(this.#path)).trim();
    this.#readAt = this.#clock.now();
  }
}
