// deno task up: from nothing to a Ready DittoFS server on a kind cluster. It can be interrupted and
// run again at any time: what is done stays done, what is half done is done anew.

import { Cache } from "../e2e/harness/cache.ts";
import { type Cluster, clusterDirectory, ensureCluster } from "../e2e/harness/cluster.ts";
import { CommandError, endRunning, run } from "../e2e/harness/command.ts";
import { deployOperator } from "../e2e/harness/operator_deployment.ts";
import { type Progress, terminalProgress } from "../e2e/harness/progress.ts";
import { runTask } from "./_cluster.ts";
import { print } from "./_print.ts";

/** The cluster that `up` makes and `down` removes. */
export const clusterName = "dittofs";

const sample = new URL("../samples/demo.yaml", import.meta.url).pathname;
const server = "dittoserver/demo";

/** Makes everything, waits for the server and returns the cluster. */
export async function up(progress: Progress): Promise<Cluster> {
  const cache = new Cache();
  const cluster = await ensureCluster({ name: clusterName, progress, cache });
  await deployOperator(cluster, progress, cache);
  await progress.step(`${server} Ready`, 20, async (step) => {
    const kubectl = kubectlOf(cluster);
    await kubectl(["apply", "--server-side", "--filename", sample]);
    step.detail("waiting");
    try {
      await kubectl(["wait", "--for=condition=Ready", server, "--timeout=180s"]);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new Error(`${server} did not become Ready.\n${await reasons(kubectl)}`);
    }
  });
  await cache.trim();
  return cluster;
}

/** What a person can do next. */
export function nextSteps(cluster: Pick<Cluster, "kubeconfig" | "kubectl">): string {
  return `
DittoFS server demo is Ready. In this shell:

  export KUBECONFIG=${cluster.kubeconfig}
  alias kubectl=${cluster.kubectl}

  kubectl get ditto                          the server
  kubectl describe dittoserver demo          its conditions
  kubectl port-forward svc/demo-api 8080     its API at http://localhost:8080

Remove all of it with: deno task down`;
}

type Kubectl = (args: readonly string[]) => Promise<string>;

function kubectlOf(cluster: Cluster): Kubectl {
  const options = ["--kubeconfig", cluster.kubeconfig, "--namespace", "default"];
  const env = { KUBECACHEDIR: `${clusterDirectory(cluster.name)}/kubectl-cache` };
  return (args) => run(cluster.kubectl, [...options, ...args], { env });
}

/** What the cluster says about a server that does not become Ready. */
async function reasons(kubectl: Kubectl): Promise<string> {
  const conditions =
    "jsonpath={range .status.conditions[*]}{.type}={.status} {.message}{'\\n'}{end}";
  const questions = [
    ["get", server, `--output=${conditions}`],
    ["get", "pods,persistentvolumeclaims"],
    ["get", "events", "--sort-by=.lastTimestamp"],
  ];
  const answers = await Promise.all(questions.map(kubectl));
  return answers.map((answer) => answer.trim().split("\n").slice(-8).join("\n")).join("\n\n");
}

/** Ctrl-C ends what was started for this run; the Docker engine and the cluster go on. */
function endOnSignal(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      endRunning();
      print("\ninterrupted; run it again to go on", Deno.stderr);
      Deno.exit(signal === "SIGINT" ? 130 : 143);
    });
  }
}

if (import.meta.main) {
  endOnSignal();
  await runTask(async () => {
    const cluster = await up(terminalProgress());
    print(nextSteps(cluster));
    Deno.exit(0);
  });
}
