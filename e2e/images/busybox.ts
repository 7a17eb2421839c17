// A shell and the small Unix commands as one static program, for images that are otherwise empty.
// It is unpacked from Debian's package and not installed on this machine.

import type { Cache } from "../harness/cache.ts";
import { cacheKey } from "../harness/cache.ts";
import { CommandError, run } from "../harness/command.ts";
import { canInstall, isDebian } from "../harness/debian.ts";
import { directory, file, link, type TarEntry } from "./tar.ts";

/** Entries of /bin: busybox and a link for each of its commands. */
export async function busyboxEntries(cache: Cache): Promise<readonly TarEntry[]> {
  const entry = await cache.ensure(
    "busybox",
    cacheKey({ arch: Deno.build.arch, package: "busybox-static" }),
    unpackPackage,
  );
  const busybox = `${entry.path}/busybox`;
  const names = (await run(busybox, ["--list"])).trim().split("\n");
  return [
    directory("bin"),
    file("bin/busybox", busybox),
    ...names.filter((name) => name !== "busybox").map((name) => link(`bin/${name}`, "busybox")),
  ];
}

async function unpackPackage(target: string): Promise<void> {
  if (!await isDebian()) {
    throw new Error(
      "images with a shell are built from Debian's busybox-static: use Debian, or give Docker access to a registry",
    );
  }
  if (await canInstall()) await run("apt-get", ["update", "--quiet"]);
  try {
    await run("apt-get", ["download", "busybox-static"], { cwd: target });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Error(`Debian's busybox-static could not be downloaded. ${error.message}`);
  }
  for await (const found of Deno.readDir(target)) {
    if (!found.name.endsWith(".deb")) continue;
    await run("dpkg-deb", ["--extract", `${target}/${found.name}`, `${target}/unpacked`]);
    await Deno.remove(`${target}/${found.name}`);
  }
  await Deno.rename(`${target}/unpacked/bin/busybox`, `${target}/busybox`);
  await Deno.remove(`${target}/unpacked`, { recursive: true });
}
