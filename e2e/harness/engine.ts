// A Docker engine of our own, for machines that have none: dockerd and containerd started by hand,
// with every path under directories of ours. Nothing of an engine that the user may install later
// is touched, and leftovers of a run that died (pid files, sockets) are ours to remove, because
// only our processes write there and their exact ids are on record.

import { type Capability, hostMissingCapabilities } from "./capabilities.ts";
import { cacheRoot, exists, removeIfPresent } from "./cache.ts";
import { run, succeeds, which } from "./command.ts";
import { unmountBelow } from "./mounts.ts";
import { lastLines } from "./process.ts";
import { until } from "./poll.ts";
import { runtimeWrapper } from "./runtime_wrapper.ts";
import {
  describe,
  isRunning,
  readStarted,
  type StartedProcess,
  stop,
  writeStarted,
} from "./started.ts";

// Sockets must have short paths (108 bytes at most), hence not under the cache.
const runtimeDirectory = "/run/dittofs-operator";
const dockerSocket = `${runtimeDirectory}/docker.sock`;
const containerdSocket = `${runtimeDirectory}/containerd.sock`;

// Beside the sockets, not in the cache: a run with another cache directory must find it too.
const stateFile = `${runtimeDirectory}/started.tsv`;

/** What a client needs to reach our engine. */
export const ownEngineHost = `unix://${dockerSocket}`;

/** Where our engine keeps images and containers, its configuration, logs and state file. */
export function engineDirectory(): string {
  return `${cacheRoot()}/engine`;
}

/** True while the engine that we started runs and answers. */
export async function ownEngineAnswers(client: string): Promise<boolean> {
  return await ownEngineRuns() && await answers(client);
}

/** True while all processes of the engine that we started run. */
export async function ownEngineRuns(): Promise<boolean> {
  const started = await readStarted(stateFile);
  const running = await Promise.all(started.map(isRunning));
  return running.length > 0 && running.every((is) => is);
}

/**
 * Starts containerd and dockerd. What a run that died left behind is stopped or removed first.
 *
 * @param client the docker command
 * @param detail told what is being done
 */
export async function startOwnEngine(
  client: string,
  detail: (text: string) => void,
): Promise<void> {
  await stopOwnEngine();
  const directory = engineDirectory();
  for (const path of [`${directory}/data`, `${directory}/containerd`, runtimeDirectory]) {
    await Deno.mkdir(path, { recursive: true });
  }
  // A pid file of a dead engine may name a process that is somebody else's by now, and makes
  // dockerd refuse to start; a dead socket makes clients hang or containerd fail.
  for (const name of ["docker.pid", "docker.sock", "containerd.sock", "containerd.sock.ttrpc"]) {
    await removeIfPresent(`${runtimeDirectory}/${name}`);
  }
  const missing = await hostMissingCapabilities();
  await writeConfiguration(directory, missing);
  detail("starting containerd");
  await start("containerd", ["--config", `${directory}/containerd.toml`]);
  await until("containerd has its socket", () => exists(containerdSocket), { within: 30_000 });
  detail("starting dockerd");
  const dockerd = await start("dockerd", [
    `--config-file=${directory}/daemon.json`,
    `--host=${ownEngineHost}`,
    `--containerd=${containerdSocket}`,
    `--data-root=${directory}/data`,
    `--exec-root=${runtimeDirectory}/exec`,
    `--pidfile=${runtimeDirectory}/docker.pid`,
  ]);
  await until("dockerd answers", async () => {
    if (!await isRunning(dockerd)) {
      const log = await Deno.readTextFile(`${directory}/dockerd.log`);
      throw new Error(`dockerd ended at its start. Its last lines:\n${lastLines(log, 8)}`);
    }
    return await answers(client);
  }, { within: 90_000, every: 200 });
}

/**
 * Stops our engine unless containers run in it; true when it was stopped. The engine is asked by
 * its own address: the user's environment may lead the client to another one.
 */
export async function stopOwnEngineIfIdle(client: string): Promise<boolean> {
  const containers = await run(client, ["--host", ownEngineHost, "ps", "--quiet"]);
  if (containers.trim() !== "") return false;
  await stopOwnEngine();
  await unmountBelow(engineDirectory());
  await unmountBelow(runtimeDirectory);
  await removeIfPresent(runtimeDirectory);
  return true;
}

/** Stops exactly what we started; true when something ran. Containers end with the engine. */
export async function stopOwnEngine(): Promise<boolean> {
  const started = await readStarted(stateFile);
  let any = false;
  for (const process of [...started].reverse()) {
    any = await isRunning(process) || any;
    await stop(process, 60_000);
  }
  await removeIfPresent(stateFile);
  return any;
}

/** The engine's own settings and what of the user's daemon.json decides where images come from. */
export function daemonConfiguration(
  user: Readonly<Record<string, unknown>>,
  wrapper: string | undefined,
): Record<string, unknown> {
  const kept = ["registry-mirrors", "insecure-registries", "dns", "mtu", "proxies"];
  return {
    ...Object.fromEntries(Object.entries(user).filter(([name]) => kept.includes(name))),
    "log-level": "warn",
    ...(wrapper === undefined
      ? {}
      : { "runtimes": { "reduced": { "path": wrapper } }, "default-runtime": "reduced" }),
  };
}

async function writeConfiguration(
  directory: string,
  missing: readonly Capability[],
): Promise<void> {
  await Deno.writeTextFile(`${directory}/containerd.toml`, containerdConfiguration(directory));
  let wrapper: string | undefined;
  if (missing.length > 0) {
    const runc = await which("runc");
    if (runc === undefined) throw new Error("runc is not on PATH: install the package runc");
    wrapper = `${directory}/reduced-runc`;
    await Deno.writeTextFile(wrapper, runtimeWrapper(runc, missing), { mode: 0o755 });
  }
  const daemon = daemonConfiguration(await userConfiguration(), wrapper);
  await Deno.writeTextFile(`${directory}/daemon.json`, JSON.stringify(daemon, undefined, 2));
}

function containerdConfiguration(directory: string): string {
  return `version = 2
root = "${directory}/containerd"
state = "${runtimeDirectory}/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${containerdSocket}"
[debug]
  level = "warn"
`;
}

async function userConfiguration(): Promise<Record<string, unknown>> {
  const path = "/etc/docker/daemon.json";
  if (!await exists(path)) return {};
  const value: unknown = JSON.parse(await Deno.readTextFile(path));
  if (typeof value !== "object" || value === null) throw new Error(`${path} is not a JSON object`);
  return { ...value };
}

/** Starts a daemon that outlives us and puts it on record. */
async function start(name: string, args: readonly string[]): Promise<StartedProcess> {
  const log = `${engineDirectory()}/${name}.log`;
  // In a session of its own, so that Ctrl-C at our terminal does not reach it; the shell opens
  // the log and becomes the program, so the id is the program's. Files that we have inherited are
  // closed: a lock of whoever started us must not be held for as long as the daemon lives.
  const script = 'log=$1; shift; exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$@" >"$log" 2>&1';
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", log, name, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  child.unref();
  const started = await describe(name, child.pid);
  if (started === undefined) throw new Error(`${name} ended at once; ${log} says why`);
  await writeStarted(stateFile, [...await readStarted(stateFile), started]);
  return started;
}

function answers(client: string): Promise<boolean> {
  return succeeds(client, ["--host", ownEngineHost, "version"], { timeout: 10_000 });
}

/** Removes all that our engine has stored under this cache directory; not while it runs from it. */
export async function purgeOwnEngine(client: string | undefined): Promise<void> {
  if (client !== undefined && await ownEngineAnswers(client)) {
    const info = ["--host", ownEngineHost, "info", "--format={{.DockerRootDir}}"];
    const data = (await run(client, info)).trim();
    if (data === `${engineDirectory()}/data`) {
      throw new Error("the Docker engine is still in use: remove the other containers in it first");
    }
  }
  await unmountBelow(engineDirectory());
  // Layers hold files of many owners and some that may not be changed; `rm` says which.
  await run("rm", ["-rf", engineDirectory()]);
}
