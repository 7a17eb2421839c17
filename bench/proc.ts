// What Linux says about a process in /proc: processor time and memory. Read from outside, so
// that the measured program need not take part.

/** Memory of a process, in bytes. */
export interface Memory {
  /** Resident now. */
  readonly rss: number;
  /** The largest resident set since the process began. */
  readonly peak: number;
}

/** The unit of times in /proc/PID/stat. It is 100 a second on every Linux that Deno runs on. */
const TICK_MS = 10;

/** A line of /proc/PID/stat, as far as it is read here. */
export interface Stat {
  readonly name: string;
  readonly parent: number;
  /** Processor time in user and kernel mode, in milliseconds. */
  readonly cpuMs: number;
}

/** Reads /proc/PID/stat. The name is in parentheses and may itself hold spaces and parentheses. */
export function parseStat(text: string): Stat {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  // The first of these is field 3 of proc(5): state, parent, …
  const fields = text.slice(close + 2).split(" ");
  const number = (field: number) => {
    const value = Number(fields[field - 3]);
    if (!Number.isFinite(value)) throw new TypeError(`not a line of /proc/PID/stat: ${text}`);
    return value;
  };
  return {
    name: text.slice(open + 1, close),
    parent: number(4),
    cpuMs: (number(14) + number(15)) * TICK_MS,
  };
}

/** Reads /proc/PID/status. */
export function parseMemory(text: string): Memory {
  const bytes = (field: string) => {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
    if (found === undefined) throw new TypeError(`/proc/PID/status has no ${field}`);
    return Number(found) * 1024;
  };
  return { rss: bytes("VmRSS"), peak: bytes("VmHWM") };
}

/** Processor time of a process so far, in milliseconds. */
export async function cpuOf(pid: number): Promise<number> {
  return parseStat(await Deno.readTextFile(`/proc/${pid}/stat`)).cpuMs;
}

/** Memory of a process now. */
export async function memoryOf(pid: number): Promise<Memory> {
  return parseMemory(await Deno.readTextFile(`/proc/${pid}/status`));
}

/** Processor time so far of this process and each of its children, by their names. */
export async function cpuByName(): Promise<Record<string, number>> {
  const times: Record<string, number> = { bench: await cpuOf(Deno.pid) };
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await statIfRunning(pid);
    if (stat?.parent !== Deno.pid) continue;
    const name = stat.name === "deno" ? "operator" : stat.name;
    times[name] = (times[name] ?? 0) + stat.cpuMs;
  }
  return times;
}

async function statIfRunning(pid: string): Promise<Stat | undefined> {
  try {
    return parseStat(await Deno.readTextFile(`/proc/${pid}/stat`));
  } catch (error) {
    // Of all the processes of a machine some end while they are being listed (ESRCH included).
    if (error instanceof Deno.errors.NotFound || isNoSuchProcess(error)) return undefined;
    throw error;
  }
}

function isNoSuchProcess(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
