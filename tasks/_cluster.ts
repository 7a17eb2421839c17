// The cluster that a task works on, and how a task ends.

import { Api } from "../kube/api.ts";
import { systemClock } from "../kube/clock.ts";
import { connect } from "../kube/connect.ts";
import { messageOf } from "../kube/errors.ts";
import { Transport } from "../kube/transport.ts";
import config from "../deno.json" with { type: "json" };
import { print } from "./_print.ts";

/** Which cluster; the user's current one if nothing is named. */
export interface ClusterOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Connects, lets `act` work, and disconnects. */
export async function withCluster<V>(
  options: ClusterOptions,
  act: (api: Api, source: string) => Promise<V>,
): Promise<V> {
  const access = await connect(options, systemClock);
  using transport = new Transport(access, `dittofs-operator-deploy/${config.version}`);
  return await act(new Api(transport, systemClock), access.source);
}

/** Runs a task. A failure is one line, and exit code 1. */
export async function runTask(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    print(`failed: ${messageOf(error)}`, Deno.stderr);
    Deno.exit(1);
  }
}
