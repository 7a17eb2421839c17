// An image of a program that scenarios need beside the server, under a name of our own whichever
// way it was got: built by an earlier run, found in Docker, pulled, or built now.

import type { Cache } from "../harness/cache.ts";
import type { Docker } from "../harness/docker.ts";
import type { Step } from "../harness/progress.ts";
import { type ClusterImage, pull } from "./image.ts";

/** The two ways to an image. */
export interface Ways {
  /** The image that pods ask for. */
  readonly name: string;
  /** Where a registry has it. */
  readonly official: string;
  /** Kind and key of the cache entry for the one that is built. */
  readonly kind: string;
  readonly key: string;
  /** Builds `image.tar` in the directory. */
  readonly build: (directory: string) => Promise<void>;
  /** What it is built from, as in "Debian packages". */
  readonly from: string;
}

/** Gets the image, and says in the step which way. */
export async function pulledOrBuilt(
  docker: Docker,
  cache: Cache,
  step: Step,
  { name, official, kind, key, build, from }: Ways,
): Promise<ClusterImage> {
  const built = (directory: string): ClusterImage => ({
    ...{ name, id: key, archive: `${directory}/image.tar` },
  });
  const found = await cache.find(kind, key);
  if (found !== undefined) {
    step.way("built by an earlier run");
    return built(found.path);
  }
  const present = await docker.imageId(official) !== undefined;
  const refusal = present ? undefined : await pull(docker, official, step.detail);
  const id = refusal === undefined ? await docker.imageId(official) : undefined;
  if (id !== undefined) {
    await docker.run(["tag", official, name]);
    step.way(present ? "found in Docker" : "pulled");
    return { name, id };
  }
  const entry = await cache.ensure(kind, key, build);
  step.way(`built from ${from}, because it could not be pulled: ${refusal}`);
  return built(entry.path);
}
