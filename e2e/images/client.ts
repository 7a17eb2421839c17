// The image of the pod that scenarios look at a server from: NFS and SMB without a mount, HTTP,
// certificates, checksums. Debian's packages, unpacked; elsewhere Docker installs them into
// Debian's own image.

import { type Cache, cacheKey } from "../harness/cache.ts";
import { isDebian } from "../harness/debian.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress, Step } from "../harness/progress.ts";
import { type ImageConfig, writeArchive, writeLayer } from "./archive.ts";
import { commonEntries, nonroot, path } from "./common.ts";
import { debianLayer, type DebianPackages, describePackages } from "./debian_layer.ts";
import type { ClusterImage } from "./image.ts";
import { directory, text } from "./tar.ts";

/** The image that pods ask for; no registry has it. */
export const clientName = "dittofs-operator-client:test";

const programs = ["libnfs-utils", "smbclient", "curl", "jq", "openssl"];

const debian: DebianPackages = {
  packages: [...programs, "coreutils", "dash", "grep", "sed"],
  without: ["debconf", "dpkg", "ucf", "readline-common", "sensible-utils"],
  exclude: ["./usr/lib/*/perl*", "./etc/init.d", "./etc/cron*", "./var/lib/dpkg"],
};

const config: ImageConfig = {
  User: `${nonroot}:${nonroot}`,
  WorkingDir: "/tmp",
  Env: [path, "HOME=/tmp"],
  Cmd: ["/bin/sleep", "infinity"],
};

/** Builds the image unless it is there. */
export function ensureClientImage(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<ClusterImage> {
  return progress.step("client image", 20, async (step) => {
    if (!await isDebian()) return await buildInDocker(docker, cache, step);
    const key = cacheKey({
      packages: describePackages(debian),
      config: JSON.stringify(config),
      arch: Deno.build.arch,
      layout: "1",
    });
    const entry = await cache.ensure("client", key, async (target) => {
      const packages = await debianLayer(target, debian, step.detail);
      const rest = await writeLayer(`${target}/rest.tar`, [
        ...await commonEntries("/tmp"),
        directory("etc/samba"),
        text("etc/samba/smb.conf", "[global]\n"),
      ]);
      await writeArchive(`${target}/image.tar`, [
        { names: [clientName], layers: [packages, rest], config },
      ]);
      for (const { file } of [packages, rest]) await Deno.remove(file);
    });
    step.way(entry.found ? "built by an earlier run" : "built from Debian packages");
    return { name: clientName, id: key, archive: `${entry.path}/image.tar` };
  });
}

async function buildInDocker(docker: Docker, cache: Cache, step: Step): Promise<ClusterImage> {
  const dockerfile = `FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ${programs.join(" ")} \\
  && rm -rf /var/lib/apt/lists/*
USER ${nonroot}:${nonroot}
WORKDIR /tmp
ENV HOME=/tmp
CMD ["/bin/sleep", "infinity"]
`;
  const id = cacheKey({ dockerfile });
  const name = `${clientName.split(":")[0]}:${id}`;
  if (await docker.imageId(name) !== undefined) step.way("found in Docker");
  else {
    const context = await cache.scratch("client");
    try {
      await Deno.writeTextFile(`${context}/Dockerfile`, dockerfile);
      await docker.build(["--tag", name, context], step.detail);
    } finally {
      await Deno.remove(context, { recursive: true });
    }
    step.way("built on Debian's image");
  }
  await docker.run(["tag", name, clientName]);
  return { name: clientName, id };
}
