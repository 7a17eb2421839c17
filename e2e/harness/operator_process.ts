// The operator as its own process, from the sources, against a control plane: what signals, crashes
// and refused permissions do to it can be seen only from outside.

import type { ControlPlane } from "./control_plane.ts";
import { until } from "./poll.ts";
import { type Process, startProcess } from "./process.ts";

/** The user agent of the operator begins so. */
export const operatorAgent = "dittofs-operator/";

/** The user to whom the shipped RBAC manifests give their permissions. */
export const operatorUser = "system:serviceaccount:dittofs-system:dittofs-operator";

/** A line of the operator's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
}

/** A running operator. */
export interface OperatorProcess extends Process {
  /** Everything that it has written so far. */
  output(): Promise<string>;
  /** Waits for a line of the log that says this, and returns its text. */
  said(what: RegExp, within?: number): Promise<string>;
}

/** What is special about one start. */
export interface OperatorOptions {
  /** The user of the kubeconfig; {@link operatorUser} unless told. */
  readonly user?: string;
  /** Further arguments of `run`. */
  readonly args?: readonly string[];
  /** Instead of the kubeconfig of the control plane. */
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
}

let starts = 0;

/** Starts the operator. It runs when it {@link OperatorProcess.said | said} so. */
export async function startOperator(
  plane: Pick<ControlPlane, "directory" | "kubeconfig">,
  options: OperatorOptions = {},
): Promise<OperatorProcess> {
  const root = new URL("../../", import.meta.url).pathname;
  const kubeconfig = options.kubeconfig ?? plane.kubeconfig(options.user ?? operatorUser);
  const child = await startProcess({
    name: "dittofs-operator",
    command: Deno.execPath(),
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-net",
      "--allow-read",
      "--allow-env",
      "mod.ts",
      "run",
      `--kubeconfig=${kubeconfig}`,
      "--health-port=0",
      "--metrics-port=0",
      ...options.args ?? [],
    ],
    cwd: root,
    logFile: `${plane.directory}/dittofs-operator-${++starts}.log`,
    env: {
      NO_COLOR: "1",
      // Where Deno keeps what it has compiled and downloaded.
      ...ifSet("HOME"),
      ...ifSet("XDG_CACHE_HOME"),
      ...ifSet("DENO_DIR"),
      ...options.env,
    },
  });
  const output = () => child.lastLines(Number.MAX_SAFE_INTEGER);
  const said = (what: RegExp, within = 20_000) =>
    until(`the operator said ${what}`, async () => {
      const ended = child.status !== undefined;
      const line = (await output()).split("\n").find((line) => what.test(line));
      if (line === undefined && ended) {
        throw new Error(`the operator ended without saying ${what}:\n${await output()}`);
      }
      return line;
    }, { within });
  return Object.assign(child, { output, said });
}

/** Waits until the operator has its caches and works. */
export async function untilWorking(operator: OperatorProcess): Promise<void> {
  await operator.said(/caches are in sync/);
}

/**
 * Ends the operator as Kubernetes would, and returns the exit code and the milliseconds it took.
 */
export async function terminate(
  operator: OperatorProcess,
  signal: "SIGTERM" | "SIGINT" = "SIGTERM",
): Promise<{ readonly code: number; readonly took: number }> {
  const start = performance.now();
  const { code } = await operator.stop(signal, 30_000);
  return { code, took: performance.now() - start };
}

/** The log lines among what was written; lines of another form are left out. */
export function logLines(output: string): LogLine[] {
  return output.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

function ifSet(name: string): Record<string, string> {
  const value = Deno.env.get(name);
  return value === undefined ? {} : { [name]: value };
}
