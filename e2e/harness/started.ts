// What the harness has started and must be able to stop later, perhaps from another process and
// after a crash: process ids with the time at which each process began. An id alone is not enough,
// ids are used again; id, start time and boot together name one process for ever.

import { until } from "./poll.ts";

/** One process, named so that it cannot be mistaken for a later one with the same id. */
export interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  /** Clock ticks since boot, from /proc/<pid>/stat. */
  readonly startTime: string;
  /** From /proc/sys/kernel/random/boot_id. */
  readonly boot: string;
}

/** Describes a running process; undefined when it has ended. */
export async function describe(name: string, pid: number): Promise<StartedProcess | undefined> {
  const stat = await readProc(`/proc/${pid}/stat`);
  const boot = await readProc("/proc/sys/kernel/random/boot_id");
  const startTime = stat === undefined ? undefined : startTimeOf(stat);
  if (startTime === undefined || boot === undefined) return undefined;
  return { name, pid, startTime, boot: boot.trim() };
}

/** The start time in the text of /proc/<pid>/stat; undefined for a zombie, which has ended. */
export function startTimeOf(stat: string): string | undefined {
  // The command's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

/** True while exactly that process runs. */
export async function isRunning(started: StartedProcess): Promise<boolean> {
  const now = await describe(started.name, started.pid);
  return now !== undefined && now.startTime === started.startTime && now.boot === started.boot;
}

/** Asks a process to end, waits, and after `grace` milliseconds forces it. */
export async function stop(started: StartedProcess, grace: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!await isRunning(started)) return;
    try {
      Deno.kill(started.pid, signal);
    } catch (error) {
      // It ended between our look and the signal: that is what the signal wanted.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const end = performance.now() + (signal === "SIGTERM" ? grace : 10_000);
    await until(
      `${started.name} (process ${started.pid}) has ended`,
      async () => !await isRunning(started) || (signal === "SIGTERM" && performance.now() > end),
      { within: grace + 10_000 },
    );
  }
}

/** Reads a list that `writeStarted` wrote; a missing file is an empty list. */
export async function readStarted(path: string): Promise<readonly StartedProcess[]> {
  try {
    return parseStarted(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The processes in a state file; lines that are not whole (a crash while writing) are left out. */
export function parseStarted(text: string): readonly StartedProcess[] {
  return text.split("\n").flatMap((line) => {
    const [name, pid, startTime, boot] = line.split("\t");
    if (!name || !pid || !/^\d+$/.test(pid) || !startTime || !boot) return [];
    return [{ name, pid: Number(pid), startTime, boot }];
  });
}

/** Writes the list so that a reader sees the old or the new one, never half of it. */
export async function writeStarted(
  path: string,
  started: readonly StartedProcess[],
): Promise<void> {
  const lines = started.map(({ name, pid, startTime, boot }) =>
    `${name}\t${pid}\t${startTime}\t${boot}\n`
  );
  await Deno.writeTextFile(`${path}.new`, lines.join(""));
  await Deno.rename(`${path}.new`, path);
}

async function readProc(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // ESRCH: the process ended while the file was being read.
    if (error instanceof Deno.errors.NotFound || isNoSuchProcess(error)) return undefined;
    throw error;
  }
}

function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
