// The operator's image: the repository's Dockerfile with the bundle of the current sources. Its
// tag is made of all that goes in, so a changed source is another image and a Deployment that
// names it rolls out.

import { type Cache, cacheKey } from "../harness/cache.ts";
import { run } from "../harness/command.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress } from "../harness/progress.ts";
import type { ClusterImage } from "./image.ts";
import { ensureOperatorBase } from "./operator_base.ts";

const repository = new URL("../../", import.meta.url).pathname;

/** Bundles the sources and builds the image unless it is there. */
export async function ensureOperatorImage(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<ClusterImage> {
  const base = await ensureOperatorBase(docker, progress, cache);
  return await progress.step("operator image", 5, async (step) => {
    await run(Deno.execPath(), ["run", "-A", "tasks/bundle.ts"], { cwd: repository });
    const [bundle, dockerfile] = await Promise.all([
      Deno.readFile(`${repository}dist/dittofs-operator.js`),
      Deno.readFile(`${repository}Dockerfile`),
    ]);
    const id = cacheKey({ bundle, dockerfile, base });
    const name = `dittofs-operator:${id}`;
    if (await docker.imageId(name) !== undefined) {
      step.way("found in Docker, the sources have not changed");
      return { name, id };
    }
    await docker.build(
      ["--build-arg", `BASE_IMAGE=${base}`, "--tag", name, repository],
      step.detail,
    );
    await docker.trimImages("dittofs-operator", name);
    step.way("built from the sources");
    return { name, id };
  });
}
