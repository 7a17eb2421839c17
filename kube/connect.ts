// Finds the cluster to work with: as kubectl does, or the one that this pod runs in.

import type { Clock } from "./clock.ts";
import { AccessError, type ClusterAccess, inCluster, inClusterAccess } from "./cluster_access.ts";
import { kubeconfigAccess } from "./kubeconfig.ts";

/** Where to look for a cluster. */
export interface ConnectOptions {
  /** A kubeconfig file. @default the files in KUBECONFIG, else the pod's service account, else ~/.kube/config */
  readonly kubeconfig?: string | undefined;
  /** A context of the kubeconfig. @default its current-context */
  readonly context?: string | undefined;
}

/** How to reach the cluster. Throws {@link AccessError} with what to do about it. */
export async function connect(options: ConnectOptions, clock: Clock): Promise<ClusterAccess> {
  const context = options.context === undefined ? {} : { context: options.context };
  if (options.kubeconfig) {
    return await kubeconfigAccess({ paths: [options.kubeconfig], ...context }, clock);
  }
  if (await inCluster()) return await inClusterAccess(clock);
  const listed = Deno.env.get("KUBECONFIG")?.split(":").filter((path) => path !== "") ?? [];
  if (listed.length > 0) return await kubeconfigAccess({ paths: listed, ...context }, clock);
  const home = Deno.env.get("HOME");
  if (!home) {
    throw new AccessError(
      "no cluster to work with: name a kubeconfig with --kubeconfig or KUBECONFIG",
    );
  }
  return await kubeconfigAccess({ paths: [`${home}/.kube/config`], ...context }, clock);
}
