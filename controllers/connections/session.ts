// One server's tokens: held in memory alone, renewed at four fifths of their life, and fetched
// once however many ask.
//
// A login that the server has refused is not tried again by everybody who asks: the refusal
// stands until somebody says that something may have changed.

import { ServerError } from "../../dittofs/errors.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import type { Http } from "../../dittofs/http.ts";
import type { Clock } from "../../kube/clock.ts";
import { LoginRefusedError } from "./errors.ts";
import { logIn, type LoginOptions, type Tokens, tokensOf } from "./login.ts";

/** The part of a token's life after which it is renewed. */
const RENEW_AT = 0.8;

/** The operator's own account, as its Secret has it. */
export interface Credentials {
  readonly username: string | undefined;
  readonly password: string;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly http: Http;
  /** Scheme, host and port. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Reads the account's Secret, made if need be. */
  readonly credentials: () => Promise<Credentials>;
  readonly adminPassword: LoginOptions["adminPassword"];
  readonly mayChange: LoginOptions["mayChange"];
  /** Is told of each login, with a client that may do everything. */
  readonly loggedIn: (client: DittofsClient, credentials: Credentials) => Promise<void>;
  /** Is told of a login that works after one that did not, for whatever reason. */
  readonly recovered: () => void;
}

/** Being logged in to one server. */
export class Session {
  readonly #options: SessionOptions;
  readonly client: DittofsClient;
  #tokens: (Tokens & { readonly renewAt: number; readonly until: number }) | undefined;
  #renewing: Promise<string> | undefined;
  #refused: LoginRefusedError | undefined;
  #failing = false;

  constructor(options: SessionOptions) {
    const { http, baseUrl, clock } = options;
    this.#options = options;
    this.client = new DittofsClient({
      ...{ http, baseUrl, clock },
      token: () => this.token(),
      onUnauthorized: (refused) => Promise.resolve(this.#drop(refused)),
    });
  }

  /**
   * An access token that is valid for a while.
   *
   * @throws {LoginRefusedError} if the server gives none
   */
  async token(): Promise<string> {
    const held = this.#tokens;
    if (held && this.#options.clock.now() < held.renewAt) return held.access;
    if (this.#refused) throw this.#refused;
    return await (this.#renewing ??= this.#renew().finally(() => this.#renewing = undefined));
  }

  /** Something has changed that decides about logins: the next one is tried. */
  forgetRefusal(): void {
    this.#refused = undefined;
  }

  /** Nothing that was given so far counts any more. */
  logOut(): void {
    this.#tokens = undefined;
    this.#refused = undefined;
  }

  #drop(refused: string): void {
    if (this.#tokens?.access === refused) this.#tokens = undefined;
  }

  async #renew(): Promise<string> {
    const { clock } = this.#options;
    const began = clock.now();
    const held = this.#tokens;
    let tokens: Tokens;
    try {
      tokens = await this.#refreshed() ?? await this.#loggedIn();
    } catch (error) {
      // One that is still good goes on: whether the server answers is for others to find out.
      if (held && clock.now() < held.until) return held.access;
      throw error;
    }
    const { lifeMs } = tokens;
    this.#tokens = { ...tokens, renewAt: began + RENEW_AT * lifeMs, until: began + lifeMs };
    return tokens.access;
  }

  /** New tokens for old ones; undefined if the server wants a login. */
  async #refreshed(): Promise<Tokens | undefined> {
    if (!this.#tokens) return undefined;
    try {
      return tokensOf(await this.as().auth.refresh(this.#tokens.refresh));
    } catch (error) {
      if (error instanceof ServerError && error.errorClass === "forbidden") return undefined;
      throw error;
    }
  }

  async #loggedIn(): Promise<Tokens> {
    const { credentials, adminPassword, mayChange, loggedIn, recovered } = this.#options;
    try {
      const own = await credentials();
      const client = (token?: string) => this.as(token);
      const tokens = await logIn({ client, password: own.password, adminPassword, mayChange });
      await loggedIn(client(tokens.access), own);
      if (this.#failing) recovered();
      this.#failing = false;
      return tokens;
    } catch (error) {
      this.#failing = true;
      if (error instanceof LoginRefusedError) this.#refused = error;
      throw error;
    }
  }

  /** A client in the name of whoever has the token; without one for the open endpoints. */
  as(token?: string): DittofsClient {
    const { http, baseUrl, clock } = this.#options;
    const given = token === undefined ? {} : { token: () => Promise.resolve(token) };
    return new DittofsClient({ http, baseUrl, clock, ...given });
  }
}
