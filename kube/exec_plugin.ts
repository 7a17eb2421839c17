// Credentials from a program that a kubeconfig names (`users[].user.exec`), as cloud providers
// use them. Contract: client.authentication.k8s.io ExecCredential, in on an environment
// variable, out on standard output.

import * as z from "zod";
import type { Clock } from "./clock.ts";
import type { Identity, IdentitySource } from "./identity.ts";

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

/** Time before its expiry at which a credential is asked for again. */
const EXPIRY_MARGIN_MS = 60_000;

/** Runs the plugin when there is no credential, when it expires, and after a 401. */
export class ExecIdentity implements IdentitySource {
  readonly #plugin: ExecPlugin;
  readonly #clock: Clock;
  #identity: Promise<Identity> | undefined;
  #expiresAt = Infinity;

  constructor(plugin: ExecPlugin, clock: Clock) {
    this.#plugin = plugin;
    this.#clock = clock;
  }

  current(): Promise<Identity> {
    if (this.#identity === undefined || this.#clock.now() >= this.#expiresAt - EXPIRY_MARGIN_MS) {
      this.#identity = this.#run();
      this.#identity.catch(() => (this.#identity = undefined));
    }
    return this.#identity;
  }

  async renew(): Promise<Identity | undefined> {
    const before = await this.#identity?.catch(() => undefined);
    this.#identity = undefined;
    const now = await this.current();
    return now.token === before?.token && now.certificate?.cert === before?.certificate?.cert
      ? undefined
      : now;
  }

  async #run(): Promise<Identity> {
    const { apiVersion, command, args, env, installHint } = this.#plugin;
    const hint = installHint ? ` (${installHint.trim()})` : "";
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
      throw new Error(`the credential plugin ${command} cannot be run${hint}`, { cause });
    }
    if (!output.success) {
      const why = new TextDecoder().decode(output.stderr).trim();
      throw new Error(`the credential plugin ${command} exited with ${output.code}: ${why}${hint}`);
    }
    const { status } = execCredential.parse(JSON.parse(new TextDecoder().decode(output.stdout)));
    this.#expiresAt = status.expirationTimestamp
      ? Date.parse(status.expirationTimestamp)
      : Infinity;
    return {
      ...(status.token && { token: status.token }),
      ...(status.clientCertificateData && status.clientKeyData && {
        certificate: { cert: status.clientCertificateData, key: status.clientKeyData },
      }),
    };
  }
}
