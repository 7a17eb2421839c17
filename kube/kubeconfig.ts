// Reads kubeconfig files the way kubectl does.
//
// Several files are merged: the first to set a value wins, and relative paths are relative to
// the file that holds them. https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/

import { parse } from "yaml";
import * as z from "zod";
import type { Clock } from "./clock.ts";
import { AccessError, type ClusterAccess } from "./cluster_access.ts";
import { messageOf } from "./errors.ts";
import { ExecIdentity, execPlugin } from "./exec_plugin.ts";
import { type IdentitySource, staticIdentity, TokenFile } from "./identity.ts";

const cluster = z.object({
  server: z.string().optional(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});

const user = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  exec: execPlugin.optional(),
});

const context = z.object({
  cluster: z.string().default(""),
  user: z.string().default(""),
  namespace: z.string().optional(),
});

const file = z.object({
  "current-context": z.string().nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context })).nullish(),
});

/** Which files to read, and which of their contexts to use. */
export interface KubeconfigOptions {
  /** Files in order of precedence; a missing one is skipped if there are several. */
  readonly paths: readonly string[];
  /** @default the files' `current-context` */
  readonly context?: string;
}

/** The cluster that a context of the files describes. Throws {@link AccessError}. */
export async function kubeconfigAccess(
  options: KubeconfigOptions,
  clock: Clock,
): Promise<ClusterAccess> {
  const { paths } = options;
  const files = await readFiles(paths);
  const where = paths.join(":");

  const name = options.context ?? files.find((f) => f.content["current-context"])
    ?.content["current-context"];
  if (!name) {
    throw new AccessError(`${where} names no current-context; choose one with --context`);
  }
  const chosen = find(files, "contexts", name)?.entry.context;
  if (!chosen) {
    const names = files.flatMap((f) => f.content.contexts ?? []).map((context) => context.name);
    throw new AccessError(
      `${where} has no context "${name}"; it has ${names.join(", ") || "none"}`,
    );
  }
  const target = find(files, "clusters", chosen.cluster);
  if (!target?.entry.cluster.server) {
    throw new AccessError(
      `context "${name}" in ${where} names cluster "${chosen.cluster}", which has no server there`,
    );
  }
  const account = find(files, "users", chosen.user);
  if (chosen.user !== "" && !account) {
    throw new AccessError(
      `context "${name}" in ${where} names user "${chosen.user}", which is not there`,
    );
  }

  const { cluster } = target.entry;
  const ca = await pem(
    target.path,
    "certificate-authority",
    cluster["certificate-authority-data"],
    cluster["certificate-authority"],
  );
  return {
    server: (cluster.server ?? "").replace(/\/$/, ""),
    identity: await identityOf(account?.entry.user ?? {}, account?.path ?? "", clock),
    source: `context "${name}" of ${where}`,
    ...(ca !== undefined && { ca }),
    ...(cluster["insecure-skip-tls-verify"] && { insecure: true }),
    ...(cluster["tls-server-name"] && { tlsServerName: cluster["tls-server-name"] }),
    ...(cluster["proxy-url"] && { proxyUrl: cluster["proxy-url"] }),
    ...(chosen.namespace && { namespace: chosen.namespace }),
  };
}

interface ConfigFile {
  readonly path: string;
  readonly content: z.infer<typeof file>;
}

async function readFiles(paths: readonly string[]): Promise<ConfigFile[]> {
  const files: ConfigFile[] = [];
  for (const path of paths) {
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound && paths.length > 1) continue;
      const why = cause instanceof Deno.errors.NotFound ? "does not exist" : messageOf(cause);
      throw new AccessError(
        `kubeconfig ${path}: ${why}; name another with --kubeconfig or KUBECONFIG`,
      );
    }
    try {
      files.push({ path, content: file.parse(parse(text) ?? {}) });
    } catch (cause) {
      throw new AccessError(`kubeconfig ${path} cannot be understood: ${faultOf(cause)}`);
    }
  }
  if (files.length === 0) {
    throw new AccessError(
      `none of ${paths.join(":")} exists; name one with --kubeconfig or KUBECONFIG`,
    );
  }
  return files;
}

/** What is wrong with a file, in one line and without quoting it: it may hold secrets. */
function faultOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause).replace(/\s*\n\s*/g, " ");
  const [first = ""] = messageOf(cause).split("\n");
  return first.replace(/:$/, "");
}

type Section = "clusters" | "users" | "contexts";

function find<S extends Section>(files: readonly ConfigFile[], section: S, name: string) {
  for (const { path, content } of files) {
    const entries: readonly { name: string }[] = content[section] ?? [];
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry) return { path, entry: entry as NonNullable<z.infer<typeof file>[S]>[number] };
  }
  return undefined;
}

async function identityOf(
  account: z.infer<typeof user>,
  path: string,
  clock: Clock,
): Promise<IdentitySource> {
  if (account.username !== undefined) {
    throw new AccessError(
      `${path} logs in with username and password, which Kubernetes no longer accepts; use a token or a certificate`,
    );
  }
  if (account.exec) {
    const { command } = account.exec;
    // As for files: a path, other than a bare name, is relative to the file that holds it.
    const program = command.includes("/") ? besideOf(path, command) : command;
    return new ExecIdentity({ ...account.exec, command: program }, clock);
  }
  const cert = await pem(
    path,
    "client-certificate",
    account["client-certificate-data"],
    account["client-certificate"],
  );
  const key = await pem(path, "client-key", account["client-key-data"], account["client-key"]);
  if ((cert === undefined) !== (key === undefined)) {
    throw new AccessError(
      `${path} has a client certificate without its key, or a key without its certificate`,
    );
  }
  if (account.tokenFile) return new TokenFile(besideOf(path, account.tokenFile), clock);
  return staticIdentity({
    ...(account.token && { token: account.token }),
    ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
  });
}

/** PEM text from base64 data in the file, or from another file that it names. */
async function pem(
  path: string,
  field: string,
  data: string | undefined,
  reference: string | undefined,
): Promise<string | undefined> {
  if (data) return decoded(path, `${field}-data`, data);
  if (!reference) return undefined;
  const target = besideOf(path, reference);
  try {
    return await Deno.readTextFile(target);
  } catch (cause) {
    const why = messageOf(cause);
    throw new AccessError(`${path} names the ${field} ${target}, which cannot be read: ${why}`);
  }
}

/** The path of a file that is named in the file at `path`. */
function besideOf(path: string, reference: string): string {
  const { dirname, resolve } = process.getBuiltinModule("node:path");
  return resolve(dirname(path), reference);
}

function decoded(path: string, field: string, data: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(data.replace(/\s/g, "")));
  } catch (cause) {
    throw new AccessError(`${path} has a ${field} that is not base64`, { cause });
  }
}
