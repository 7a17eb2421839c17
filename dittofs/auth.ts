// Logging in. A token is good until it expires, whatever becomes of its user meanwhile.

import * as z from "zod";
import type { CallOptions, Requests } from "./requests.ts";
import { type User, wireUser } from "./users.ts";
import { wireObject } from "./wire.ts";

const tokens = wireObject({
  accessToken: z.string(),
  expiresIn: z.number().transform((seconds) => seconds * 1000),
  refreshToken: z.string(),
  user: wireUser,
}).transform(({ accessToken, expiresIn, refreshToken, user }) => ({
  accessToken,
  /** How long the access token is good, in milliseconds. */
  expiresInMs: expiresIn,
  refreshToken,
  user,
}));

/** A pair of tokens, and whose they are. */
export type Tokens = z.output<typeof tokens>;

/** `/auth` and one's own password. */
export class Auth {
  constructor(private readonly requests: Requests) {}

  /** Throws a `ServerError` of 401 for a wrong name or password, of 403 for a disabled user. */
  login(username: string, password: string, options: CallOptions = {}): Promise<Tokens> {
    const body = { password, username };
    const path = "/auth/login";
    return this.requests.ask(tokens, { ...options, body, method: "POST", open: true, path });
  }

  refresh(refreshToken: string, options: CallOptions = {}): Promise<Tokens> {
    const body = { refresh_token: refreshToken };
    const path = "/auth/refresh";
    return this.requests.ask(tokens, { ...options, body, method: "POST", open: true, path });
  }

  me(options: CallOptions = {}): Promise<User> {
    return this.requests.ask(wireUser, { ...options, method: "GET", path: "/auth/me" });
  }

  /**
   * Changes the password of the token's own user. Only the new tokens are free of the duty to
   * change it: old ones are refused elsewhere until they expire.
   *
   * @param current not needed by a user who must change it
   */
  changeOwnPassword(
    password: string,
    current?: string,
    options: CallOptions = {},
  ): Promise<Tokens> {
    const body = {
      new_password: password,
      ...(current !== undefined && { current_password: current }),
    };
    const path = "/users/me/password";
    return this.requests.ask(tokens, { ...options, body, method: "POST", path });
  }
}
