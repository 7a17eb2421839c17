// What Debian offers and this machine lacks is installed, but only for root: nobody is asked for
// a password, and a person without rights is told what to install instead.

import { run } from "./command.ts";

/** True on Debian and its descendants, whose packages `apt-get` installs. */
export async function isDebian(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    return isDebianRelease(await Deno.readTextFile("/etc/os-release"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** True when an os-release file names Debian or something made from it. */
export function isDebianRelease(osRelease: string): boolean {
  return /^ID(_LIKE)?=("[^"]*\b)?debian\b/m.test(osRelease);
}

/** True when this process may install packages. */
export async function canInstall(): Promise<boolean> {
  return await isDebian() && Deno.uid() === 0;
}

/** Installs packages without questions and without what they merely recommend. */
export async function installPackages(
  packages: readonly string[],
  onLine?: (line: string) => void,
): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, ...(onLine && { onLine }) };
  // Another apt-get (unattended upgrades) may hold the lock: wait for it rather than fail.
  const lock = ["-o", "DPkg::Lock::Timeout=300"];
  await run("apt-get", [...lock, "update", "--quiet"], options);
  await run("apt-get", [
    ...lock,
    "install",
    "--yes",
    "--quiet",
    "--no-install-recommends",
    ...packages,
  ], options);
}

/** Where this machine gets its packages from; undefined when it is not one of Debian's mirrors. */
export async function packageMirror(): Promise<string | undefined> {
  const targets = await run("apt-get", [
    "indextargets",
    "--format",
    "$(SITE)",
    "Created-By: Packages",
  ]);
  return targets.split("\n").find((line) => /^https?:.*\/debian\/?$/.test(line));
}
