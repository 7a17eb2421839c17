// What is needed to reach one API server, wherever it was learned from.

import type { Clock } from "./clock.ts";
import { type IdentitySource, TokenFile } from "./identity.ts";

/** An API server, how to trust it, and who we are to it. */
export interface ClusterAccess {
  /** Base URL, such as `https://10.0.0.1:6443`. */
  readonly server: string;
  /** Certificate authority of the server, PEM; absent: the system's. */
  readonly ca?: string;
  /** The name to verify in the server's certificate instead of the URL's host. */
  readonly tlsServerName?: string;
  /** Trust any certificate. */
  readonly insecure?: boolean;
  readonly proxyUrl?: string;
  /** The namespace that the context or the service account names. */
  readonly namespace?: string;
  /** The program runs in a pod of this very cluster. */
  readonly inCluster?: true;
  readonly identity: IdentitySource;
  /** For messages: where this was learned from. */
  readonly source: string;
}

/** There is no usable description of a cluster; the message says what to do. */
export class AccessError extends Error {
  override readonly name = "AccessError";
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Whether this process runs in a pod with a service account. */
export async function inCluster(): Promise<boolean> {
  try {
    await Deno.stat(`${SERVICE_ACCOUNT}/token`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return false;
    }
    throw error;
  }
}

/**
 * The cluster that this pod runs in. The server is reached by its fixed name and not by the
 * address in the environment, so that the permission to connect can name exactly one host.
 */
export async function inClusterAccess(clock: Clock): Promise<ClusterAccess> {
  const read = async (file: string) =>
    (await Deno.readTextFile(`${SERVICE_ACCOUNT}/${file}`)).trim();
  return {
    server: "https://kubernetes.default.svc",
    ca: await read("ca.crt"),
    namespace: await read("namespace"),
    inCluster: true,
    identity: new TokenFile(`${SERVICE_ACCOUNT}/token`, clock),
    source: "the pod's service account",
  };
}
