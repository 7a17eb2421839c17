// The control plane of an integration test: which binaries, and how kubectl speaks to it.

import { type ControlPlane, startControlPlane } from "../harness/control_plane.ts";
import type { ControlPlaneOptions } from "../harness/control_plane.ts";
import { type PlaneTools, planeTools } from "../harness/control_plane_tools.ts";
import { CommandError, run } from "../harness/command.ts";
import { terminalProgress } from "../harness/progress.ts";
import { ensureTools } from "../harness/toolchain.ts";

/** What is special about the control plane of one test file. */
export interface PlaneOptions extends Omit<ControlPlaneOptions, "tools"> {
  /** Garbage collection, StatefulSets, service accounts. */
  readonly controllerManager: boolean;
}

/** A control plane and the kubectl that belongs to it. */
export interface TestPlane extends AsyncDisposable {
  readonly plane: ControlPlane;
  /** Its standard output. Throws {@link CommandError} with what it said. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<string>;
}

/** As whom, and with what on standard input. */
export interface KubectlOptions {
  readonly user?: string;
  readonly input?: string;
}

/** Starts a control plane with the user's envtest binaries or with ours. */
export async function testPlane(options: PlaneOptions): Promise<TestPlane> {
  const tools = await findTools(options);
  const plane = await startControlPlane({ ...options, tools });
  return {
    plane,
    kubectl: (args, { user, input } = {}) =>
      run(tools.kubectl, ["--kubeconfig", plane.kubeconfig(user), ...args], {
        timeout: 60_000,
        ...(input !== undefined && { input }),
      }),
    [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose](),
  };
}

/** What kubectl said when it failed; undefined when it succeeded. */
export async function refusal(kubectl: Promise<string>): Promise<string | undefined> {
  try {
    await kubectl;
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.output;
    throw error;
  }
}

function findTools(options: PlaneOptions): Promise<PlaneTools> {
  const progress = terminalProgress();
  return planeTools(
    options,
    Deno.env.get("KUBEBUILDER_ASSETS"),
    (names) => ensureTools(names, progress),
  );
}
