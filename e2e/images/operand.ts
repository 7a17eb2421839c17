// The DittoFS server's image. The official one where a registry has it; else one with the same
// layout, so that a pod cannot tell the difference: /app/dfs as the entry point, user 65532, a
// shell, writable data directories, the same declared volumes.

import { type Cache, cacheKey } from "../harness/cache.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress } from "../harness/progress.ts";
import { ensureTools, graphFiles, toolKey } from "../harness/toolchain.ts";
import { dittofsVersion } from "../harness/tools.ts";
import { type ImageConfig, writeArchive, writeLayer } from "./archive.ts";
import { busyboxEntries } from "./busybox.ts";
import { commonEntries, nonroot, path } from "./common.ts";
import { type ClusterImage, pull } from "./image.ts";
import { directory, file, type TarEntry } from "./tar.ts";

/** The image that pods ask for. */
export const operandName = `docker.io/marmos91c/dittofs:${dittofsVersion}`;

const volumes = ["/data/metadata", "/data/content", "/data/cache", "/config"];

/** How the image runs, as the official one. */
export const operandConfig: ImageConfig = {
  User: `${nonroot}:${nonroot}`,
  WorkingDir: "/app",
  Env: [path],
  Entrypoint: ["/app/dfs"],
  Cmd: ["start", "--foreground", "--config", "/config/config.yaml"],
  Volumes: Object.fromEntries(volumes.map((volume) => [volume, {}])),
};

/** Pulls or builds the image. */
export async function ensureOperandImage(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<ClusterImage> {
  const key = cacheKey({
    dfs: toolKey("dfs", await graphFiles("dittofs")),
    config: JSON.stringify(operandConfig),
    layout: "1",
  });
  const built = (directory: string): ClusterImage => ({
    name: operandName,
    id: key,
    archive: `${directory}/image.tar`,
  });
  const why = await progress.step("find the DittoFS image", undefined, async (step) => {
    const id = await docker.imageId(operandName);
    if (id !== undefined) {
      step.way("found in Docker");
      return { name: operandName, id };
    }
    const found = await cache.find("operand", key);
    if (found !== undefined) {
      step.way("built by an earlier run");
      return built(found.path);
    }
    const refusal = await pull(docker, operandName, step.detail);
    const pulled = refusal === undefined ? await docker.imageId(operandName) : undefined;
    if (pulled !== undefined) {
      step.way("pulled");
      return { name: operandName, id: pulled };
    }
    step.way(`none, so it is built; it could not be pulled: ${refusal}`);
    return undefined;
  });
  if (why !== undefined) return why;
  const { dfs } = await ensureTools(["dfs"], progress, cache);
  return await progress.step("build the DittoFS image", 5, async (step) => {
    const entry = await cache.ensure("operand", key, async (target) => {
      const layer = await writeLayer(`${target}/layer.tar`, await operandEntries(dfs, cache));
      await writeArchive(`${target}/image.tar`, [
        { names: [operandName], layers: [layer], config: operandConfig },
      ]);
      await Deno.remove(layer.file);
    });
    step.way(`built from DittoFS ${dittofsVersion}`);
    return built(entry.path);
  });
}

async function operandEntries(dfs: string, cache: Cache): Promise<readonly TarEntry[]> {
  return [
    ...await commonEntries("/app"),
    ...await busyboxEntries(cache),
    directory("app", 0o755, nonroot),
    file("app/dfs", dfs, 0o755, nonroot),
    directory("data"),
    ...volumes.map((volume) => directory(volume.slice(1), 0o755, nonroot)),
  ];
}
