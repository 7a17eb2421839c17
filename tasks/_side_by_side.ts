// Runs test files side by side, each in a `deno test` of its own. Their tests start servers and
// wait for them most of the time, so a machine has room for more files than it has cores.
//
// Every file has its own control plane, its own temporary directories (their names are random) and
// a range of ports that no file beside it takes from: two processes that each look for a free port
// may find the same one, and so may one whose server is down for a while. What a file says is kept
// until the end, whole.

import { portRanges, portRangeVariable } from "../e2e/harness/ports.ts";
import { type Check, type Counts, runChecks } from "./_checks.ts";
import { denoTests } from "./_deno_tests.ts";
import { mergeJUnit } from "./_junit.ts";

/** Which files, in which order, and how many of them at once. */
export interface SideBySide {
  /** The repository's root as a path. */
  readonly root: string;
  /** Begun in this order. */
  readonly files: readonly string[];
  readonly lanes: number;
  /** As in `--allow-read`. */
  readonly permissions: readonly string[];
  /** Where one report of all files stays. */
  readonly report: string;
  readonly signal: AbortSignal;
  /** Milliseconds after which a file that hangs is ended. */
  readonly within: number;
  /** Called when so few files are left that two lanes are idle, and a core with them. */
  readonly onSlack?: () => void;
  /** Told about every file that has ended, and in the end about those that failed. */
  readonly print: (line: string) => void;
}

/** Runs all files, also after a failure, and counts what they came to. */
export async function testSideBySide(tests: SideBySide): Promise<Counts> {
  const { files, lanes, report, signal, print } = tests;
  const parts = await Deno.makeTempDir({ prefix: "dittofs-reports-" });
  try {
    const free = portRanges(lanes);
    let left = files.length;
    const checks = files.map((file, index): Check => ({
      name: file,
      run: async () => {
        // A file that was not begun needs no ending.
        signal.throwIfAborted();
        const ports = free.shift();
        if (ports === undefined) throw new Error("there are more files at once than lanes");
        try {
          return await denoTests({
            ...tests,
            files: [file],
            env: { [portRangeVariable]: ports },
            report: partOf(parts, index),
          });
        } finally {
          free.push(ports);
          if (--left === lanes - 2) tests.onSlack?.();
        }
      },
    }));
    const now = () => performance.now();
    const results = await runChecks(checks, { workers: lanes, print, now });
    const found = await Promise.all(files.map((_, index) => textOf(partOf(parts, index))));
    await Deno.writeTextFile(report, mergeJUnit(found.filter((text) => text !== "")));
    return {
      passed: results.reduce((sum, { counts }) => sum + (counts?.passed ?? 0), 0),
      failed: results.reduce((sum, { counts }) => sum + (counts?.failed ?? 1), 0),
      failures: results.flatMap(({ name, counts, summary }) =>
        (counts?.failures ?? [summary]).map((failure) => `${name}: ${failure}`)
      ),
    };
  } finally {
    await Deno.remove(parts, { recursive: true });
  }
}

const partOf = (directory: string, index: number) => `${directory}/${index}.xml`;

/** Empty for a file that wrote none, which has been counted as a failure. */
async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
