// A child process that cannot outlive us. Three things make it so:
//  - It is stopped by its own process id, never by a name.
//  - It sits in a process group of its own, so that Ctrl-C in a terminal reaches only us and we
//    stop our children in the right order.
//  - Where util-linux has `setpriv`, the kernel is told to kill the child when we die
//    (PR_SET_PDEATHSIG). That also covers SIGKILL of the test process, which no handler can see.
//    A watchdog process would need watching itself; this has no moving part. Where setpriv is
//    missing (macOS) only an orderly end stops the children.
// The shell opens the log file and then becomes the program (`exec`), so no pipe has to be pumped
// by our event loop and the recorded id is the program's.

import { until } from "./poll.ts";

/** What to start, and where its output goes. */
export interface ProcessOptions {
  /** The name used in messages, as in "etcd". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Standard output and standard error are appended here. */
  readonly logFile: string;
  /** The child's whole environment; the parent's is not passed on, except PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A started program. */
export interface Process extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the program has ended. */
  readonly exited: Promise<Deno.CommandStatus>;
  /** Undefined while it runs. */
  readonly status: Deno.CommandStatus | undefined;
  /** Sends a signal to exactly this process; a process that has ended is left alone. */
  signal(signal: Deno.Signal): void;
  /**
   * Sends the signal and waits for the end; after `grace` milliseconds it sends SIGKILL.
   * Returns how the program ended.
   */
  stop(signal?: Deno.Signal, grace?: number): Promise<Deno.CommandStatus>;
  /** The last lines that it wrote. */
  lastLines(count?: number): Promise<string>;
}

/** Starts a program. It is not waited for: the caller knows what "ready" means. */
export async function startProcess(options: ProcessOptions): Promise<Process> {
  const guard = await guardCommand();
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      'log=$1; shift; exec "$@" >>"$log" 2>&1',
      "sh",
      options.logFile,
      ...guard,
      options.command,
      ...options.args,
    ],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin", ...options.env },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  return new RunningProcess(options.name, options.logFile, child);
}

class RunningProcess implements Process {
  readonly pid: number;
  readonly exited: Promise<Deno.CommandStatus>;
  status: Deno.CommandStatus | undefined;

  constructor(readonly name: string, readonly logFile: string, private child: Deno.ChildProcess) {
    this.pid = child.pid;
    this.exited = child.status.then((status) => this.status = status);
  }

  signal(signal: Deno.Signal): void {
    if (this.status !== undefined) return;
    try {
      this.child.kill(signal);
    } catch (error) {
      // It ended between our look and the signal: that is what the signal wanted.
      if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
    }
  }

  async stop(signal: Deno.Signal = "SIGTERM", grace = 10_000): Promise<Deno.CommandStatus> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal("SIGKILL"), grace);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async lastLines(count = 15): Promise<string> {
    return lastLines(await readIfPresent(this.logFile), count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** The last `count` lines of a text, without the final newline. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

/**
 * Waits until `ready` says so. A program that ends first, or a deadline that passes, is an error
 * that carries the program's last lines, because they hold the reason.
 */
export async function untilReady(
  process: Process,
  ready: () => Promise<boolean>,
  options: { readonly within: number; readonly signal?: AbortSignal },
): Promise<void> {
  try {
    await until(`${process.name} is ready`, async () => {
      if (process.status !== undefined) {
        throw new Error(`${process.name} ended with code ${process.status.code} at its start`);
      }
      return await ready();
    }, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}. Last lines of ${process.logFile}:\n${await process.lastLines()}`, {
      cause: error,
    });
  }
}

let guard: Promise<readonly string[]> | undefined;

/** The words to put before a command so that it dies with us; none where that does not exist. */
function guardCommand(): Promise<readonly string[]> {
  return guard ??= (async () => {
    try {
      const probe = new Deno.Command("setpriv", {
        args: ["--pdeathsig", "KILL", "true"],
        stdout: "null",
        stderr: "null",
      });
      const { success } = await probe.output();
      return success ? ["setpriv", "--pdeathsig", "KILL"] : [];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  })();
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
