// Mounts that programs leave behind in directories of ours: debootstrap its /proc when it is
// killed, dockerd its data directory mounted on itself. While they are there not even root can
// remove the directory.

import { run } from "./command.ts";

/** Unmounts everything below a directory. */
export async function unmountBelow(directory: string): Promise<void> {
  if (Deno.build.os !== "linux") return;
  for (const mount of mountsBelow(directory, await Deno.readTextFile("/proc/self/mounts"))) {
    await run("umount", [mount]);
  }
}

/** The mount points in the text of /proc/self/mounts that lie below a directory, innermost first. */
export function mountsBelow(directory: string, mounts: string): readonly string[] {
  return mounts.split("\n").flatMap((line) => {
    const point = line.split(" ")[1];
    return point?.startsWith(`${directory}/`) ? [point] : [];
  }).reverse();
}
