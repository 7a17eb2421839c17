// Whether a cluster can be used: its API server answers, its node takes pods, and pods may be made.

import { run, succeeds } from "./command.ts";

/** Asks one cluster, through its own kubeconfig. */
export class ClusterHealth {
  private readonly access: readonly string[];
  private readonly env: Readonly<Record<string, string>>;

  constructor(private readonly kubectl: string, directory: string) {
    this.access = ["--kubeconfig", `${directory}/kubeconfig`];
    // kubectl's discovery cache would otherwise grow in the user's home directory.
    this.env = { KUBECACHEDIR: `${directory}/kubectl-cache` };
  }

  /** A busy machine may be slow to answer; one that is dead refuses at once or never answers. */
  async answers(): Promise<boolean> {
    const ready = ["get", "--raw=/readyz", "--request-timeout=10s"];
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await succeeds(this.kubectl, [...this.access, ...ready], { timeout: 15_000 })) {
        return true;
      }
    }
    return false;
  }

  /** The node is Ready and the service account of pods exists. */
  async usable(): Promise<boolean> {
    const ready = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    return await this.get(ready, "nodes") === "True" &&
      await this.get("name", "serviceaccount", "default") !== "";
  }

  private async get(output: string, ...what: readonly string[]): Promise<string> {
    const args = [...this.access, "get", "--ignore-not-found", "--output", output, ...what];
    return (await run(this.kubectl, args, { timeout: 30_000, env: this.env })).trim();
  }
}
