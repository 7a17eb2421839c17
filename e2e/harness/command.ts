// Running a program to its end. Its output is kept, so that an error can show the last lines,
// which hold the reason; a caller that wants to show progress gets the lines as they come.

/** How to run a program; everything may be left out. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given to the program as its standard input. */
  readonly input?: string;
  /** Called with each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the program (SIGTERM) and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the program is ended. */
  readonly timeout?: number;
}

/** A program that is not installed, ended with an error, or took too long. */
export class CommandError extends Error {
  override name = "CommandError";

  constructor(
    readonly command: string,
    /** Undefined when the program could not be started or was ended by us. */
    readonly code: number | undefined,
    /** The last lines of both outputs. */
    readonly output: string,
    why: string,
  ) {
    super(output === "" ? `${command}: ${why}` : `${command}: ${why}\n${output}`);
  }
}

const keptLines = 20;

const running = new Set<Deno.ChildProcess>();

/** Asks all programs that `run` waits for to end; for a run that is being interrupted. */
export function endRunning(): void {
  for (const child of running) child.kill("SIGTERM");
}

/** Runs a program and returns what it wrote to its standard output. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const name = [command.split("/").at(-1), ...args.slice(0, 2)].join(" ");
  const late = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
  const signals = [options.signal, late].filter((signal) => signal !== undefined);
  const signal = AbortSignal.any(signals);
  const child = start(name, command, args, options, signal);
  const tail: string[] = [];
  const keep = (line: string) => {
    tail.push(line);
    if (tail.length > keptLines) tail.shift();
    options.onLine?.(line);
  };
  running.add(child);
  const [status, stdout] = await Promise.all([
    child.status.finally(() => running.delete(child)),
    readLines(child.stdout, keep, signal),
    readLines(child.stderr, keep, signal),
    feed(child, options.input),
  ]);
  options.signal?.throwIfAborted();
  const output = tail.join("\n").trim();
  if (late?.aborted) {
    throw new CommandError(
      name,
      undefined,
      output,
      `no end after ${(options.timeout ?? 0) / 1000} s`,
    );
  }
  if (!status.success) {
    throw new CommandError(name, status.code, output, `ended with code ${status.code}`);
  }
  return stdout;
}

/** True when the program ran and ended well; a missing program or a failure is false. */
export async function succeeds(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<boolean> {
  try {
    await run(command, args, options);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** Where a program lies on PATH, if it does. */
export async function which(command: string): Promise<string | undefined> {
  for (const dir of (Deno.env.get("PATH") ?? "").split(":").filter((part) => part !== "")) {
    const path = `${dir}/${command}`;
    try {
      const info = await Deno.stat(path);
      if (info.isFile && ((info.mode ?? 0) & 0o111) !== 0) return path;
    } catch (error) {
      // A directory on PATH may be missing, unreadable or not a directory: look in the next one.
      if (!(error instanceof Deno.errors.NotFound || isUnreadable(error))) throw error;
    }
  }
  return undefined;
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotADirectory;
}

function start(
  name: string,
  command: string,
  args: readonly string[],
  options: CommandOptions,
  signal: AbortSignal,
): Deno.ChildProcess {
  try {
    return new Deno.Command(command, {
      args: [...args],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      stdin: options.input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CommandError(name, undefined, "", "not installed, or its directory is missing");
    }
    throw error;
  }
}

async function feed(child: Deno.ChildProcess, input: string | undefined): Promise<void> {
  if (input === undefined) return;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch (error) {
    // A program that ends before it has read everything says why by its exit code.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

// A program that was ended may leave children that hold its outputs open; nobody waits for them.
async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const whole: string[] = [];
  let rest = "";
  const giveUp = () => void reader.cancel();
  signal.addEventListener("abort", giveUp);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const text = decoder.decode(next.value, { stream: true });
      whole.push(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  if (rest !== "") onLine(rest);
  return whole.join("");
}
