// Credentials from a program that a kubeconfig names (`users[].user.exec`), as cloud providers
// use them. Contract: client.authentication.k8s.io ExecCredential, in on an environment
// variable, out on standard output.

import * as z from "zod";
import type { Clock } from "./clock.ts";
import { ConnectionError, messageOf } from "./errors.ts";
import { type Identity, type IdentitySource, OVERLAP_MS } from "./identity.ts";

/** The `exec` block of a kubeconfig user. */
export const execPlugin = z.object({
  apiVersion: z.string().default("client.authentication.k8s.io/v1"),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().nullish(),
});
export type ExecPlugin = z.infer<typeof execPlugin>;

const execCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** Time before its expiry at which a credential is asked for again; less if it is short-lived. */
const EXPIRY_MARGIN_MS = 60_000;

/** Runs the plugin when there is no credential, when it expires, and after a 401. */
export class ExecIdentity implements IdentitySource {
  readonly #plugin: ExecPlugin;
  readonly #clock: Clock;
  /** The run under way: however many requests wait for it, the plugin runs once. */
  #running: Promise<Identity> | undefined;
  #identity: Identity | undefined;
  #refreshAt = Infinity;
  #changedAt = -Infinity;

  constructor(plugin: ExecPlugin, clock: Clock) {
    this.#plugin = plugin;
    this.#clock = clock;
  }

  async current(): Promise<Identity> {
    if (this.#identity && this.#clock.now() < this.#refreshAt) return this.#identity;
    return await this.#refresh();
  }

  async renew(): Promise<Identity | undefined> {
    if (this.#hasJustChanged()) return this.#identity;
    await this.#refresh();
    return this.#hasJustChanged() ? this.#identity : undefined;
  }

  #hasJustChanged(): boolean {
    return this.#clock.now() - this.#changedAt < OVERLAP_MS;
  }

  #refresh(): Promise<Identity> {
    this.#running ??= this.#ask().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #ask(): Promise<Identity> {
    const { identity, expiresAt } = this.#read(await this.#run());
    const now = this.#clock.now();
    this.#refreshAt = expiresAt - Math.min(EXPIRY_MARGIN_MS, (expiresAt - now) / 10);
    const { token, certificate } = this.#identity ?? identity;
    if (identity.token !== token || identity.certificate?.cert !== certificate?.cert) {
      this.#changedAt = now;
    }
    this.#identity = identity;
    return identity;
  }

  async #run(): Promise<string> {
    const { apiVersion, command, args, env } = this.#plugin;
    let output: Deno.CommandOutput;
    try {
      output = await new Deno.Command(command, {
        args: args ?? [],
        env: {
          ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
          KUBERNETES_EXEC_INFO: JSON.stringify({
            apiVersion,
            kind: "ExecCredential",
            spec: { interactive: false },
          }),
        },
        stdin: "null",
        stderr: "piped",
      }).output();
    } catch (cause) {
      throw this.#failure(`cannot be run: ${messageOf(cause)}`, cause);
    }
    if (!output.success) {
      const why = new TextDecoder().decode(output.stderr).trim();
      throw this.#failure(`exited with ${output.code}: ${why}`);
    }
    return new TextDecoder().decode(output.stdout);
  }

  #read(output: string): { readonly identity: Identity; readonly expiresAt: number } {
    let status: z.infer<typeof execCredential>["status"];
    try {
      ({ status } = execCredential.parse(JSON.parse(output)));
    } catch (cause) {
      // The output may hold a secret; a parser's own words quote it.
      const why = cause instanceof z.ZodError ? z.prettifyError(cause) : "it is not JSON";
      throw this.#failure(`printed no ExecCredential: ${why.replace(/\s*\n\s*/g, " ")}`);
    }
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
    if (!token && !(cert && key)) throw this.#failure("gave neither a token nor a certificate");
    const expiresAt = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.MAX_VALUE;
    if (Number.isNaN(expiresAt)) {
      throw this.#failure(`gave an expirationTimestamp that is no time: ${expirationTimestamp}`);
    }
    return {
      identity: { ...(token && { token }), ...(cert && key && { certificate: { cert, key } }) },
      expiresAt,
    };
  }

  /** Not our own mistake, and maybe better the next time: like a server that does not answer. */
  #failure(what: string, cause?: unknown): ConnectionError {
    const { command, installHint } = this.#plugin;
    const hint = installHint ? ` (${installHint.trim()})` : "";
    return new ConnectionError(`the credential plugin ${command} ${what}${hint}`, { cause });
  }
}
