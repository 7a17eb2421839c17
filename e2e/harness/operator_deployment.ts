// The operator in a test cluster, as a user would have it: its image and the operand's are given
// to the node, then `deploy` installs the same manifests that are shipped.

import { deploy } from "../../tasks/deploy.ts";
import { SHIPPED } from "../../tasks/_generated.ts";
import { ensureOperandImage } from "../images/operand.ts";
import { ensureOperatorImage } from "../images/operator.ts";
import { Cache } from "./cache.ts";
import type { Cluster } from "./cluster.ts";
import type { Progress } from "./progress.ts";

/** Where the operator runs in a test cluster. */
export const operatorNamespace = SHIPPED.namespace;

/** Builds what is missing, installs the operator and waits until it is Available. */
export async function deployOperator(
  cluster: Cluster,
  progress: Progress,
  cache: Cache = new Cache(),
): Promise<void> {
  const operand = await ensureOperandImage(cluster.docker, progress, cache);
  const operator = await ensureOperatorImage(cluster.docker, progress, cache);
  await cluster.loadImages([operand, operator]);
  await progress.step("deploy the operator", 10, async (step) => {
    await deploy({
      kubeconfig: cluster.kubeconfig,
      image: operator.name,
      namespace: operatorNamespace,
      progressLine: step.detail,
    });
    step.way(`${operator.name} is Available`);
  });
}
