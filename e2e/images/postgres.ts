// PostgreSQL for scenarios in which a server keeps its control plane in one. The official image
// where a registry has it; else Debian's packages with an entry point that understands the same
// variables. Pods run both as user 70, the one of the official image, and set PGDATA to a
// directory that they own the parent of.

import { type Cache, cacheKey } from "../harness/cache.ts";
import type { Docker } from "../harness/docker.ts";
import type { Progress } from "../harness/progress.ts";
import { type ImageConfig, writeArchive, writeLayer } from "./archive.ts";
import { commonEntries, path } from "./common.ts";
import { debianLayer, type DebianPackages, describePackages } from "./debian_layer.ts";
import type { ClusterImage } from "./image.ts";
import { pulledOrBuilt } from "./pulled_or_built.ts";
import { directory, text } from "./tar.ts";

/** The image that pods ask for, whichever way it was got. */
export const postgresName = "dittofs-operator-postgres:test";

const official = "docker.io/library/postgres:16-alpine";
const user = 70;
const programs = "/usr/lib/postgresql/15";
const entrypoint = "usr/local/bin/docker-entrypoint.sh";

const debian: DebianPackages = {
  packages: ["postgresql-15", "coreutils", "dash"],
  // The compiler of queries and what Debian manages several databases of one machine with.
  without: [
    "libllvm14",
    "libz3-4",
    "perl",
    "perl-base",
    "perl-modules-5.36",
    "libperl5.36",
    "libjson-perl",
    "postgresql-common",
    "postgresql-client-common",
    "locales",
    "libc-l10n",
    "openssl",
    "ssl-cert",
    "adduser",
    "passwd",
    "debconf",
    "dpkg",
    "ucf",
  ],
  exclude: [`.${programs}/lib/bitcode`, `.${programs}/lib/llvmjit*`, "./var/lib/dpkg"],
};

const config: ImageConfig = {
  User: `${user}:${user}`,
  Env: [`${path}:${programs}/bin`, "PGDATA=/var/lib/postgresql/data"],
  Entrypoint: [`/${entrypoint}`],
  Cmd: ["postgres"],
  StopSignal: "SIGINT",
};

/** Pulls or builds the image. */
export function ensurePostgresImage(
  docker: Docker,
  progress: Progress,
  cache: Cache,
): Promise<ClusterImage> {
  return progress.step("PostgreSQL image", 25, async (step) => {
    const start = await Deno.readTextFile(new URL("postgres_entrypoint.sh", import.meta.url));
    const key = cacheKey({
      packages: describePackages(debian),
      config: JSON.stringify(config),
      arch: Deno.build.arch,
      start,
      layout: "1",
    });
    const build = async (target: string) => {
      const packages = await debianLayer(target, debian, step.detail);
      const rest = await writeLayer(`${target}/rest.tar`, [
        ...await commonEntries("/tmp"),
        text("etc/passwd", `root:x:0:0::/:/bin/sh\npostgres:x:${user}:${user}::/tmp:/bin/sh\n`),
        text("etc/group", `root:x:0:\npostgres:x:${user}:\n`),
        directory("var/lib/postgresql", 0o755, user),
        directory("var/run/postgresql", 0o755, user),
        directory("usr/local/bin"),
        text(entrypoint, start, 0o755),
      ]);
      await writeArchive(`${target}/image.tar`, [
        { names: [postgresName], layers: [packages, rest], config },
      ]);
      for (const { file } of [packages, rest]) await Deno.remove(file);
    };
    return await pulledOrBuilt(docker, cache, step, {
      ...{ name: postgresName, official, kind: "postgres", key, build },
      from: "Debian packages",
    });
  });
}
