// Runs a program to its end and keeps what it said, for checks that show output only on failure.

/** How a program ended. */
export interface Ran {
  readonly code: number;
  /** Standard output, then standard error, without trailing white space. */
  readonly output: string;
}

/** Runs `command` in `cwd`. A program that is not there is an outcome too: code 127. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
): Promise<Ran> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      cwd: options.cwd,
      stdin: "null",
      ...(options.env && { env: options.env }),
      ...(options.signal && { signal: options.signal }),
    }).output();
    const text = new TextDecoder();
    return { code, output: (text.decode(stdout) + text.decode(stderr)).trimEnd() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { code: 127, output: `${command}: not found` };
    }
    throw error;
  }
}
