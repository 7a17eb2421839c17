// What the operator's image stands on: one Deno runtime and nothing that could be run besides it.
// Deno's own distroless image where a registry has it; else the runtime that runs this very file,
// with the shared libraries that it asks for, in an otherwise empty image.

import { type Cache, cacheKey } from "../harness/cache.ts";
import { run } from "../harness/command.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress } from "../harness/progress.ts";
import { type ImageConfig, writeArchive, writeLayer } from "./archive.ts";
import { commonEntries, nonroot, path } from "./common.ts";
import { pull } from "./image.ts";
import { directory, file, type TarEntry } from "./tar.ts";

/** The image that the Dockerfile uses unless told otherwise. */
export const officialBase = `denoland/deno:distroless-${Deno.version.deno}`;

const config: ImageConfig = {
  Entrypoint: ["/bin/deno"],
  Env: [path, "DENO_DIR=/deno-dir/"],
  User: `${nonroot}:${nonroot}`,
};

/** Pulls or builds the base image and returns its name in the Docker engine. */
export function ensureOperatorBase(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<string> {
  return progress.step("Deno base image", 8, async (step) => {
    const key = cacheKey({
      deno: Deno.version.deno,
      platform: `${Deno.build.os} ${Deno.build.arch}`,
      config: JSON.stringify(config),
      layout: "1",
    });
    const built = `dittofs-operator-base:${key}`;
    for (const name of [officialBase, built]) {
      if (await docker.imageId(name) === undefined) continue;
      step.way(`found in Docker as ${name}`);
      return name;
    }
    const refusal = await pull(docker, officialBase, step.detail);
    if (refusal === undefined) {
      step.way("pulled");
      return officialBase;
    }
    if (Deno.build.os !== "linux") {
      throw new Error(
        `${officialBase} could not be pulled (${refusal}), and only Linux can build its stand-in: give Docker access to a registry`,
      );
    }
    const entry = await cache.ensure("operator-base", key, async (target) => {
      const layer = await writeLayer(`${target}/layer.tar`, await baseEntries(Deno.execPath()));
      await writeArchive(`${target}/image.tar`, [{ names: [built], layers: [layer], config }]);
      await Deno.remove(layer.file);
    });
    await docker.run(["load", "--quiet", "--input", `${entry.path}/image.tar`]);
    step.way(`built around this Deno, because it could not be pulled: ${refusal}`);
    return built;
  });
}

/** The libraries in the text that `ldd` prints, the loader among them. */
export function libraries(ldd: string): readonly string[] {
  return ldd.split("\n").flatMap((line) => {
    const path = /(?:=>\s*|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}

async function baseEntries(deno: string): Promise<readonly TarEntry[]> {
  const needed = libraries(await run("ldd", [deno]));
  const directories = new Set(needed.flatMap((path) => parents(path.slice(1))));
  return [
    ...await commonEntries("/tmp"),
    directory("bin"),
    file("bin/deno", deno),
    directory("deno-dir", 0o755, nonroot),
    ...[...directories].sort().map((path) => directory(path)),
    ...await Promise.all(
      needed.map(async (path) => file(path.slice(1), await Deno.realPath(path))),
    ),
  ];
}

function parents(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
