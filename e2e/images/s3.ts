// An S3 service for scenarios in which a share keeps its blocks in one: versitygw, a gateway in
// front of directories. The official image where a registry has it; else the same program with
// busybox for a shell. Pods run it as user 65532 and make the bucket, which is a directory.

import { type Cache, cacheKey } from "../harness/cache.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress } from "../harness/progress.ts";
import { ensureTools, graphFiles, toolKey } from "../harness/toolchain.ts";
import { versitygwVersion } from "../harness/tools.ts";
import { type ImageConfig, writeArchive, writeLayer } from "./archive.ts";
import { busyboxEntries } from "./busybox.ts";
import { commonEntries, nonroot, path } from "./common.ts";
import type { ClusterImage } from "./image.ts";
import { pulledOrBuilt } from "./pulled_or_built.ts";
import { directory, file } from "./tar.ts";

/** The image that pods ask for, whichever way it was got. */
export const s3Name = "dittofs-operator-s3:test";

const official = `docker.io/versity/versitygw:${versitygwVersion}`;

const config: ImageConfig = {
  User: `${nonroot}:${nonroot}`,
  WorkingDir: "/tmp",
  Env: [path, "HOME=/tmp"],
  Entrypoint: ["/usr/local/bin/versitygw"],
};

/** Pulls or builds the image. */
export function ensureS3Image(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<ClusterImage> {
  return progress.step("S3 image", 5, async (step) => {
    const key = cacheKey({
      versitygw: toolKey("versitygw", await graphFiles("s3")),
      config: JSON.stringify(config),
      layout: "1",
    });
    const build = async (target: string) => {
      const { versitygw } = await ensureTools(["versitygw"], progress, cache);
      const layer = await writeLayer(`${target}/layer.tar`, [
        ...await commonEntries("/tmp"),
        ...await busyboxEntries(cache),
        ...["usr", "usr/local", "usr/local/bin"].map((name) => directory(name)),
        file("usr/local/bin/versitygw", versitygw),
      ]);
      await writeArchive(`${target}/image.tar`, [{ names: [s3Name], layers: [layer], config }]);
      await Deno.remove(layer.file);
    };
    return await pulledOrBuilt(docker, cache, step, {
      ...{ name: s3Name, official, kind: "s3", key, build },
      from: "Go modules",
    });
  });
}
