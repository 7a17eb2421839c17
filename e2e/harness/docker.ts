// A working Docker engine, by the least intrusive way: the one that answers, ours from an earlier
// run, one that we start, one that we install and start. Who is not allowed to do the latter is
// told what to install.

import { Cache } from "./cache.ts";
import { CommandError, type CommandOptions, run, succeeds, which } from "./command.ts";
import { canInstall, installPackages } from "./debian.ts";
import { ownEngineAnswers, ownEngineHost, startOwnEngine, stopOwnEngineIfIdle } from "./engine.ts";
import type { Progress, Step } from "./progress.ts";

const remedy = "install Docker (https://docs.docker.com/engine/install/) and start it, " +
  "then run this again";

/** An engine that answers, and its client. */
export class Docker {
  constructor(
    /** The docker command. */
    readonly client: string,
    /** Environment that leads docker and kind to this engine. */
    readonly env: Readonly<Record<string, string>>,
    /** True when this run has started the engine and should stop it. */
    readonly startedHere: boolean,
  ) {}

  /** Runs the docker command and returns its output. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return run(this.client, args, { ...options, env: { ...this.env, ...options.env } });
  }

  /** The id of an image that the engine has; undefined when it has none of that name. */
  async imageId(name: string): Promise<string | undefined> {
    try {
      return (await this.run(["image", "inspect", "--format={{.Id}}", name])).trim();
    } catch (error) {
      if (error instanceof CommandError && /no such image/i.test(error.output)) return undefined;
      throw error;
    }
  }

  /**
   * Builds an image. Without the buildx plugin the docker command would refuse to, unless told to
   * use the engine's own builder.
   */
  async build(args: readonly string[], onLine: (line: string) => void): Promise<void> {
    const plugins = await this.run([
      "info",
      "--format",
      "{{range .ClientInfo.Plugins}}{{.Name}} {{end}}",
    ]);
    const env = plugins.split(" ").includes("buildx") ? {} : { DOCKER_BUILDKIT: "0" };
    await this.run(["build", ...args], { onLine, env });
  }

  /**
   * Removes images of a repository of ours that are older than `days` days. Those that a container
   * or another image needs stay, the engine itself sees to that.
   */
  async trimImages(repository: string, keep: string, days = 14, now = Date.now()): Promise<void> {
    const format = "--format={{.Repository}}:{{.Tag}}\t{{.CreatedAt}}";
    const list = await this.run(["image", "ls", format, repository]);
    for (const name of oldImages(list, keep, now - days * 24 * 60 * 60 * 1000)) {
      await succeeds(this.client, ["image", "rm", name], { env: this.env });
    }
  }

  /** Stops the engine if this run has started it and no container needs it any more. */
  async close(): Promise<void> {
    if (this.startedHere) await stopOwnEngineIfIdle(this.client);
  }
}

/** Finds, starts or installs an engine. */
export function ensureDocker(progress: Progress, cache: Cache = new Cache()): Promise<Docker> {
  return progress.step("Docker engine", 5, (step) =>
    // Two runs at once must not start two engines.
    cache.exclusively("docker-engine", async () => {
      const found = await findDocker();
      if (found === undefined) return await startEngine(step);
      step.way(found.env.DOCKER_HOST === undefined ? "found running" : "ours from an earlier run");
      return found;
    }));
}

/** The engine that answers, without starting one. One that the user has named goes first. */
export async function findDocker(): Promise<Docker | undefined> {
  const client = await which("docker");
  if (client === undefined) return undefined;
  const named = Deno.env.get("DOCKER_HOST") ?? Deno.env.get("DOCKER_CONTEXT");
  if (named === undefined && await ownEngineAnswers(client)) {
    return new Docker(client, { DOCKER_HOST: ownEngineHost }, false);
  }
  if (await succeeds(client, ["version"], { timeout: 20_000 })) {
    return new Docker(client, {}, false);
  }
  if (named === undefined) return undefined;
  throw new Error(
    `the Docker engine that your environment names (${named}) does not answer: ` +
      "start it, or unset DOCKER_HOST and DOCKER_CONTEXT",
  );
}

/** The names in "name<tab>time" lines that are older than a time, but not `keep`. */
export function oldImages(list: string, keep: string, before: number): readonly string[] {
  return list.split("\n").flatMap((line) => {
    const [name, created] = line.split("\t");
    if (!name || !created || name === keep || name.endsWith(":<none>")) return [];
    const time = Date.parse(created.slice(0, 19).replace(" ", "T") + "Z");
    return Number.isNaN(time) || time >= before ? [] : [name];
  });
}

/** The last line of an error, which is where docker says why. */
export function reason(error: CommandError): string {
  const line = error.output.split("\n").findLast((text) => text.trim() !== "");
  return line?.trim() ?? error.message;
}

async function startEngine(step: Step): Promise<Docker> {
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
    // Where packages start their services, the engine runs by now and is the system's, not ours.
    const service = await findDocker();
    if (service !== undefined) {
      step.way("installed from Debian's packages: no engine answered");
      return service;
    }
  }
  const client = await which("docker");
  if (client === undefined) {
    throw new Error(`Debian's docker.io brought no docker command: ${remedy}`);
  }
  await startOwnEngine(client, step.detail);
  const installed = missing.length > 0 ? "installed and started" : "started";
  step.way(`${installed}: no engine answered`);
  return new Docker(client, { DOCKER_HOST: ownEngineHost }, true);
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
