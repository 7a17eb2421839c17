// The image of a kind node: pulled where a registry has it, else built from what Debian's and Go's
// package registries have. The built one differs in one thing that a test can notice: its pod
// network does not enforce NetworkPolicy, because kind's network daemon is not a Go module.

import { type Cache, cacheKey } from "../harness/cache.ts";
import { hostMissingCapabilities } from "../harness/capabilities.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress } from "../harness/progress.ts";
import { graphFiles, toolKey } from "../harness/toolchain.ts";
import { pull } from "./image.ts";
import { buildNodeImage, nodePrograms } from "./node_build.ts";

/** The image that kind v0.33.0 was released with for this line of Kubernetes. */
export const officialNode =
  "kindest/node:v1.34.11@sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d";

/** The environment variable that names another node image, for registries that mirror images. */
export const nodeImageVariable = "DITTOFS_NODE_IMAGE";

const repository = "dittofs-operator-node";
const sources = [
  "node_build.ts",
  "node_files.ts",
  "node_root.ts",
  "kind_files.ts",
  "proxy_files.ts",
  "system_images.ts",
];

/** A node image in the Docker engine. */
export interface NodeImage {
  readonly name: string;
  /** True when it was built here: it then brings its own pod network. */
  readonly built: boolean;
}

/** Pulls or builds the image. */
export async function ensureNodeImage(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<NodeImage> {
  const name = `${repository}:${await nodeKey()}`;
  const official = Deno.env.get(nodeImageVariable) ?? officialNode;
  const found = await progress.step("find the kind node image", undefined, async (step) => {
    for (const candidate of [official, name]) {
      if (await docker.imageId(candidate) === undefined) continue;
      step.way(candidate === name ? "built by an earlier run" : "found in Docker");
      return { name: candidate, built: candidate === name };
    }
    const refusal = await pull(docker, official, step.detail);
    if (refusal === undefined) {
      step.way("pulled");
      return { name: official, built: false };
    }
    step.way(`none, so it is built; it could not be pulled: ${refusal}`);
    return undefined;
  });
  if (found !== undefined) return found;
  await cache.exclusively("node-image", async () => {
    // Another run may have built it while this one waited.
    if (await docker.imageId(name) !== undefined) return;
    await buildNodeImage(name, docker, progress, cache);
  });
  return { name, built: true };
}

async function nodeKey(): Promise<string> {
  const files = await graphFiles("kubernetes");
  return cacheKey({
    tools: JSON.stringify([...nodePrograms, "kind" as const].map((tool) => toolKey(tool, files))),
    missing: JSON.stringify(await hostMissingCapabilities()),
    sources: JSON.stringify(
      await Promise.all(
        sources.map((name) => Deno.readTextFile(new URL(name, import.meta.url))),
      ),
    ),
  });
}
