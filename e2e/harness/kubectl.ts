// A kubectl for a cluster. A pulled node image has one inside that fits it exactly; copying it out
// saves the compilation, which is the longest part of all that kubectl would be needed for.

import type { NodeImage } from "../images/node.ts";
import { type Cache, cacheKey } from "./cache.ts";
import type { Docker } from "./docker.ts";
import type { Progress } from "./progress.ts";
import { ensureTools } from "./toolchain.ts";

/** The absolute path of a kubectl for clusters of that node image. */
export async function ensureKubectl(
  docker: Docker,
  node: NodeImage,
  progress: Progress,
  cache: Cache,
): Promise<string> {
  if (node.built || Deno.build.os !== "linux") {
    return (await ensureTools(["kubectl"], progress, cache)).kubectl;
  }
  const entry = await cache.ensure(
    "kubectl-of-node",
    cacheKey({ node: node.name }),
    (target) =>
      progress.step("kubectl", 2, async (step) => {
        const container = (await docker.run(["create", node.name])).trim();
        try {
          await docker.run(["cp", `${container}:/usr/bin/kubectl`, `${target}/kubectl`]);
        } finally {
          await docker.run(["rm", "--volumes", container]);
        }
        step.way("copied out of the node image");
      }),
  );
  return `${entry.path}/kubectl`;
}
