// A working Docker engine, by the least intrusive way: the one that answers, ours from an earlier
// run, one that we start, one that we install and start. Who is not allowed to do the latter is
// told what to install.

import { CommandError, type CommandOptions, run, succeeds, which } from "./command.ts";
import { canInstall, installPackages } from "./debian.ts";
import { ownEngineAnswers, ownEngineHost, startOwnEngine, stopOwnEngine } from "./engine.ts";
import type { Progress, Step } from "./progress.ts";

const remedy = "install Docker (https://docs.docker.com/engine/install/) and start it, " +
  "then run this again";

/** An engine that answers, and its client. */
export class Docker {
  constructor(
    private readonly client: string,
    /** Environment that leads docker and kind to this engine. */
    readonly env: Readonly<Record<string, string>>,
    /** True when this run has started the engine and should stop it. */
    readonly startedHere: boolean,
  ) {}

  /** Runs the docker command and returns its output. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return run(this.client, args, { ...options, env: { ...this.env, ...options.env } });
  }

  /** The id of a local image, if it is there. */
  async imageId(name: string): Promise<string | undefined> {
    const id = await this.run(["image", "ls", "--quiet", "--no-trunc", name]);
    return id.trim() === "" ? undefined : id.trim().split("\n")[0];
  }

  /** Pulls an image; the reason when that did not work. */
  async pull(name: string, timeout: number, onLine: (line: string) => void): Promise<string> {
    try {
      await this.run(["pull", name], { timeout, onLine });
      return "";
    } catch (error) {
      if (error instanceof CommandError) return reason(error);
      throw error;
    }
  }

  /** Stops the engine if this run has started it and no container needs it any more. */
  async close(): Promise<void> {
    if (!this.startedHere) return;
    const running = await this.run(["ps", "--quiet"]);
    if (running.trim() === "") await stopOwnEngine();
  }
}

/** Finds, starts or installs an engine. */
export function ensureDocker(progress: Progress): Promise<Docker> {
  return progress.step("Docker engine", 5, async (step) => {
    const client = await which("docker");
    if (client !== undefined && await succeeds(client, ["version"], { timeout: 20_000 })) {
      step.way("found running");
      return new Docker(client, {}, false);
    }
    const env = { DOCKER_HOST: ownEngineHost };
    if (client !== undefined && await ownEngineAnswers(client)) {
      step.way("ours from an earlier run");
      return new Docker(client, env, false);
    }
    return new Docker(await startEngine(step), env, true);
  });
}

/** The engine that answers, without starting one; for `down`, which must not start anything. */
export async function findDocker(): Promise<Docker | undefined> {
  const client = await which("docker");
  if (client === undefined) return undefined;
  if (await ownEngineAnswers(client)) {
    return new Docker(client, { DOCKER_HOST: ownEngineHost }, false);
  }
  if (await succeeds(client, ["version"], { timeout: 20_000 })) {
    return new Docker(client, {}, false);
  }
  return undefined;
}

/** The last line of an error, which is where docker says why. */
export function reason(error: CommandError): string {
  const line = error.output.split("\n").findLast((text) => text.trim() !== "");
  return line?.trim() ?? error.message;
}

async function startEngine(step: Step): Promise<string> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    throw new Error(`no Docker engine answers, and only root on Linux can start one: ${remedy}`);
  }
  const missing = await missingPackages();
  if (missing.length > 0) {
    if (!await canInstall()) {
      throw new Error(`no Docker engine answers, and this is not Debian: ${remedy}`);
    }
    step.detail("installing Docker from Debian's packages");
    await installPackages(missing, step.detail);
  }
  const client = await which("docker");
  if (client === undefined) {
    throw new Error(`Debian's docker.io brought no docker command: ${remedy}`);
  }
  // Where packages start their services, the engine that we installed runs by now.
  if (await succeeds(client, ["version"], { timeout: 20_000 })) {
    throw new Error("the Docker that was just installed runs as a service: run this again");
  }
  await startOwnEngine(client, step.detail);
  step.way(
    missing.length > 0
      ? "installed and started: no engine answered"
      : "started: no engine answered",
  );
  return client;
}

async function missingPackages(): Promise<readonly string[]> {
  const missing: string[] = [];
  const needs = [
    ["dockerd", "docker.io"],
    ["containerd", "containerd"],
    ["runc", "runc"],
    ["iptables", "iptables"],
    ["docker", "docker.io"],
  ] as const;
  for (const [command, name] of needs) {
    if (await which(command) === undefined && !missing.includes(name)) missing.push(name);
  }
  return missing;
}
