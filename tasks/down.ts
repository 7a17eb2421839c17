// deno task down [--purge]: removes the cluster that `up` made and stops the Docker engine if the
// harness started it. Caches stay, so that the next `up` is quick; --purge removes them as well,
// and with them the test cluster and the images that were built.

import { parseArgs } from "node:util";
import { cacheRoot, exists, removeIfPresent } from "../e2e/harness/cache.ts";
import { clusterDirectory } from "../e2e/harness/cluster.ts";
import { which } from "../e2e/harness/command.ts";
import { type Docker, findDocker } from "../e2e/harness/docker.ts";
import { ownEngineRuns, purgeOwnEngine, stopOwnEngineIfIdle } from "../e2e/harness/engine.ts";
import { type Progress, terminalProgress } from "../e2e/harness/progress.ts";
import { runTask } from "./_cluster.ts";
import { print } from "./_print.ts";
import { clusterName } from "./up.ts";

const testCluster = `${clusterName}-test`;

/** Removes the cluster, whatever state it is in, and stops what only it needed. */
export async function down(progress: Progress, purge: boolean): Promise<void> {
  const docker = await findDocker();
  for (const name of purge ? [clusterName, testCluster] : [clusterName]) {
    await progress.step(`remove the cluster ${name}`, 5, async (step) => {
      const removed = await removeCluster(name, docker);
      step.way(removed ? "it is gone" : "there was none");
    });
  }
  if (purge && docker !== undefined) await removeImages(docker);
  const client = await which("docker");
  if (client !== undefined && await ownEngineRuns()) {
    await progress.step("stop the Docker engine", 5, async (step) => {
      const stopped = await stopOwnEngineIfIdle(client);
      step.way(stopped ? "the harness had started it" : "left running: containers are in it");
    });
  }
  if (purge) {
    await progress.step("remove the caches", 10, async () => {
      await purgeOwnEngine(client);
      await removeIfPresent(cacheRoot());
    });
  }
}

/** Removes by kind's label rather than through kind, which would first have to be built. */
export async function removeCluster(name: string, docker: Docker | undefined): Promise<boolean> {
  const directory = clusterDirectory(name);
  const known = await exists(directory);
  const label = `--filter=label=io.x-k8s.kind.cluster=${name}`;
  const containers = (await docker?.run(["ps", "--all", "--quiet", label]) ?? "").trim();
  if (containers !== "") {
    await docker?.run(["rm", "--force", "--volumes", ...containers.split("\n")]);
  }
  await removeIfPresent(directory);
  return known || containers !== "";
}

async function removeImages(docker: Docker): Promise<void> {
  const list = await docker.run(["image", "ls", "--format={{.Repository}}:{{.Tag}}"]);
  const ours = list.split("\n").filter((name) => /^dittofs-operator(-node|-base)?:/.test(name));
  if (ours.length > 0) await docker.run(["image", "rm", "--force", ...ours]);
}

if (import.meta.main) {
  await runTask(async () => {
    const { values } = parseArgs({ options: { purge: { type: "boolean", default: false } } });
    await down(terminalProgress(), values.purge);
    print("down: nothing of `up` is running any more");
  });
}
