// Directories of control planes whose run was killed. Their processes died with the run (see
// process.ts), but nobody was left to remove the files, some 70 MB each. The name of a directory
// tells the process that made it, so the next run can.

const prefix = "dittofs-plane-";

/** Makes the temporary directory of a control plane of this process. */
export function makePlaneDirectory(parent?: string): Promise<string> {
  const dir = parent === undefined ? {} : { dir: parent };
  return Deno.makeTempDir({ ...dir, prefix: `${prefix}${Deno.pid}-` });
}

/** Removes the directories of runs that are no more, and returns their names. */
export async function removeLeftovers(
  parent: string,
  isAlive: (pid: string) => Promise<boolean> = livesOnLinux,
): Promise<string[]> {
  const removed: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (!isDirectory || owner === undefined || await isAlive(owner)) continue;
    await Deno.remove(`${parent}/${name}`, { recursive: true });
    removed.push(name);
  }
  return removed;
}

/** Only Linux tells it through files; elsewhere every process counts as alive. */
async function livesOnLinux(pid: string): Promise<boolean> {
  if (Deno.build.os !== "linux") return true;
  try {
    await Deno.stat(`/proc/${pid}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
