// The operator as it is shipped: the bundled file in a process of its own, with the flags of its
// image. What is measured is never the process that measures.

import { shippedSettings } from "./image.ts";
import { operatorUser } from "../e2e/harness/operator_process.ts";
import type { ControlPlane } from "../e2e/harness/control_plane.ts";
import { run } from "../e2e/harness/command.ts";
import { until } from "../e2e/harness/poll.ts";
import { freePort } from "../e2e/harness/ports.ts";
import { type Process, startProcess } from "../e2e/harness/process.ts";

const root = new URL("../", import.meta.url).pathname;
const bundle = `${root}dist/dittofs-operator.js`;

/** Writes the bundle from the sources as they are now. */
export async function bundleOperator(): Promise<void> {
  await run(Deno.execPath(), ["run", "-A", "tasks/bundle.ts"], { cwd: root });
}

/** A running operator. */
export interface Operator extends Process {
  /** When the process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly metricsUrl: string;
  /** Milliseconds from the start of the process until its workers began. */
  untilWorking(): Promise<number>;
}

let starts = 0;

/** Starts the operator. `v8Flags` as Deno's `--v8-flags` takes them; empty: those of the image. */
export async function startOperator(plane: ControlPlane, v8Flags: string): Promise<Operator> {
  const env = {
    ...await shippedSettings(),
    ...(v8Flags !== "" && { DENO_V8_FLAGS: v8Flags }),
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    DENO_DIR: `${plane.directory}/deno`,
  };
  await learnProgram(env);
  const kubeconfig = plane.kubeconfig(operatorUser);
  const [health, metrics] = [freePort(), freePort()];
  const startedAt = performance.now();
  const startedWall = Date.now();
  const child = await startProcess({
    name: "dittofs-operator",
    command: Deno.execPath(),
    args: [
      ...["run", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"],
      "--cached-only",
      `--allow-net=${new URL(plane.url).host},*.svc,0.0.0.0:${health},0.0.0.0:${metrics}`,
      `--allow-read=${kubeconfig},/var/run/secrets/kubernetes.io/serviceaccount`,
      // In its pod it reads one variable; the reader of kubeconfig files looks at others.
      "--allow-env",
      bundle,
      ...["run", `--kubeconfig=${kubeconfig}`, `--health-port=${health}`],
      `--metrics-port=${metrics}`,
    ],
    logFile: `${plane.directory}/operator-${++starts}.log`,
    env,
  });
  const untilWorking = () =>
    until("the operator works", async () => {
      if (child.status) throw new Error(`the operator ended: ${await child.lastLines()}`);
      const log = await child.lastLines(Number.MAX_SAFE_INTEGER);
      const line = log.split("\n").find((line) => line.includes("starting workers"));
      return line === undefined ? undefined : writtenAt(line) - startedWall;
    }, { within: 120_000 });
  const metricsUrl = `http://127.0.0.1:${metrics}/metrics`;
  return Object.assign(child, { startedAt, metricsUrl, untilWorking });
}

/** Fills DENO_DIR with what the runtime learns of the program, as the Dockerfile does. */
async function learnProgram(env: Record<string, string>): Promise<void> {
  for (const _ of ["once", "again"]) {
    await run(Deno.execPath(), ["run", "--no-config", bundle, "--version"], { env });
  }
}

/** The time in a log line, in milliseconds since the epoch. */
function writtenAt(line: string): number {
  const { ts }: { ts?: string } = JSON.parse(line);
  return Date.parse(ts ?? "");
}
