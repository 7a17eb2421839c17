// Logs in as the operator's own account, and makes the account fit where it does not.
//
// A new account of role admin has to change its password before it may do anything, so three
// calls make one: create, log in, and set the same password again. Each state on the way is seen
// at the next login and goes on from there. Where the account is missing or another's hand was on
// it (the database was reset, the password changed, the role taken away), the admin mends it.
//
// Only the server itself can refuse a login. What a proxy before it says is about the proxy, and
// must not lead to anything being made again (W51).

import { ServerError } from "../../dittofs/errors.ts";
import type { DittofsClient } from "../../dittofs/client.ts";
import { ACCOUNT } from "./credentials.ts";
import { ForeignAnswerError, LoginRefusedError } from "./errors.ts";

/** What a login gives. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  /** How long the access token is valid, in milliseconds. */
  readonly lifeMs: number;
}

/** What a login needs. */
export interface LoginOptions {
  /** A client with a token, or without one for the open endpoints. */
  readonly client: (token?: string) => DittofsClient;
  /** The password of our own account. */
  readonly password: string;
  /** The admin's password, read when it is needed; undefined if there is none. */
  readonly adminPassword: () => Promise<string | undefined>;
  /** Whether anything may be changed on the server, such as an account that is not fit. */
  readonly mayChange: () => boolean;
}

/**
 * Logs in.
 *
 * @throws {LoginRefusedError} if neither our account nor the admin's is accepted
 */
export async function logIn(options: LoginOptions): Promise<Tokens> {
  const { client, password } = options;
  const first = await attempt(client(), ACCOUNT, password);
  if (first && first.user.role === "admin") return await usable(options, first, password);
  await mend(options);
  const second = await attempt(client(), ACCOUNT, password);
  if (!second) {
    throw new LoginRefusedError(`the server refuses the account ${ACCOUNT} just after it was made`);
  }
  return await usable(options, second, password);
}

type Login = Awaited<ReturnType<DittofsClient["auth"]["login"]>>;

/** The answer to a login; undefined when the server itself refuses it. */
export async function attempt(
  client: DittofsClient,
  username: string,
  password: string,
): Promise<Login | undefined> {
  try {
    return await client.auth.login(username, password);
  } catch (error) {
    if (error instanceof ServerError && (error.status === 401 || error.status === 403)) {
      if (error.fromHandler) return undefined;
      throw new ForeignAnswerError(
        `something before the server answers in its place: ${error.message}`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Tokens with which everything works: without an own password set, nothing does. */
async function usable(
  options: LoginOptions,
  { user, ...tokens }: Login,
  password: string,
): Promise<Tokens> {
  if (!user.mustChangePassword) return tokensOf(tokens);
  unlessPaused(options);
  const { auth } = options.client(tokens.accessToken);
  return tokensOf(await auth.changeOwnPassword(password));
}

function unlessPaused({ mayChange }: LoginOptions): void {
  if (mayChange()) return;
  throw new LoginRefusedError(
    `the account ${ACCOUNT} does not work, and while the DittoServer is paused it is not made`,
  );
}

/** Makes our account as it has to be, as the admin. */
async function mend(options: LoginOptions): Promise<void> {
  const { client, password, adminPassword } = options;
  unlessPaused(options);
  const own = await adminPassword();
  const admin = own === undefined ? undefined : await attempt(client(), "admin", own);
  if (!admin) {
    const why = own === undefined ? "its Secret has no password" : "nor the admin's password";
    throw new LoginRefusedError(`the server accepts neither the account ${ACCOUNT} ${why}`);
  }
  const { access } = await usable(options, admin, own ?? "");
  const { users } = client(access);
  const account = { username: ACCOUNT, password, role: "admin", enabled: true } as const;
  if (await users.get(ACCOUNT)) {
    await users.update(ACCOUNT, { role: "admin", enabled: true });
    await users.setPassword(ACCOUNT, password);
  } else {
    await users.create(account);
  }
}

/** The part of a login's answer that is kept. */
export function tokensOf(
  { accessToken, refreshToken, expiresInMs }: Omit<Login, "user">,
): Tokens {
  return { access: accessToken, refresh: refreshToken, lifeMs: expiresInMs };
}
