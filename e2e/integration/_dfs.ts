// The real server on loopback, with the configuration that the operator would give it in a pod.
//
// What a pod would have at fixed paths is put below a directory of its own, and the paths in the
// configuration are moved there. The ports of NFS and SMB are not the configuration's to choose:
// at its first start the server takes 12049 and 1445, and goes on without one that is taken.

import { testServer } from "../../controllers/dittoserver/_fixture.ts";
import type { Server } from "../../controllers/dittoserver/server.ts";
import { secretVariables } from "../../controllers/dittoserver/secret_env.ts";
import {
  SECRET_DIRECTORY,
  secretFiles,
  type SecretVolume,
} from "../../controllers/dittoserver/secret_files.ts";
import { serverConfig } from "../../controllers/dittoserver/server_config.ts";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { run } from "../harness/command.ts";
import { type Process, startProcess, untilReady } from "../harness/process.ts";
import { terminalProgress } from "../harness/progress.ts";
import { ensureTools } from "../harness/toolchain.ts";
import { keytab } from "./_keytab.ts";

/** What every Secret of a test holds under keys that are not files: long enough for a JWT key. */
export const SECRET = "0123456789abcdef0123456789abcdef";

/**
 * Path of the server's program. Found before the first test: the cache stays open as long as
 * something in it is used.
 */
export const { dfs } = await ensureTools(["dfs"], terminalProgress());

/** What the server says of a spec's configuration, on both outputs. */
export async function validate(spec: Partial<DittoServerInput>): Promise<string> {
  const ground = await prepare(testServer(spec));
  try {
    const said: string[] = [];
    await run(dfs, ["config", "validate", "--config", ground.config], {
      env: ground.env,
      onLine: (line) => said.push(line),
      timeout: 30_000,
    });
    return said.join("\n");
  } finally {
    await Deno.remove(ground.directory, { recursive: true });
  }
}

/** A started server. */
export interface RunningServer extends AsyncDisposable {
  /** The one of now. */
  readonly process: Process;
  /** Where its data is; gone when it is disposed of. */
  readonly directory: string;
  /** All that it has written to its outputs so far. */
  output(): Promise<string>;
  /** Asks one of its ports, as a client that has every certificate and the token. */
  get(port: number, path: string): Promise<Response>;
  /** Ends the process and starts another one over the same data. */
  restart(): Promise<void>;
}

/** Starts the server and waits until it answers on /health. */
export async function startServer(spec: Partial<DittoServerInput>): Promise<RunningServer> {
  const server = testServer(spec);
  const { directory, config, env } = await prepare(server);
  const logFile = `${directory}/output`;
  const args = ["start", "--foreground", "--config", config];
  const launch = () => startProcess({ name: "dfs", command: dfs, args, logFile, env });
  let process = await launch();
  const client = Deno.createHttpClient({ caCerts: [ca], cert, key });
  const { controlPlane, metrics } = server.spec;
  const secure = new Map([
    [controlPlane.port, controlPlane.certSecretName !== undefined],
    [metrics.port, metrics.tls !== undefined],
  ]);
  const running: RunningServer = {
    directory,
    get process() {
      return process;
    },
    output: () => Deno.readTextFile(logFile),
    get: (port, path) => {
      const url = `${secure.get(port) ? "https" : "http"}://127.0.0.1:${port}${path}`;
      return fetch(url, { client, headers: { authorization: `Bearer ${SECRET}` } });
    },
    restart: async () => {
      await process.stop();
      process = await launch();
      await untilReady(process, () => healthy(running, controlPlane.port), { within: 30_000 });
    },
    [Symbol.asyncDispose]: async () => {
      client.close();
      await process[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
  try {
    await untilReady(process, () => healthy(running, controlPlane.port), { within: 30_000 });
    return running;
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
}

async function healthy(server: RunningServer, port: number): Promise<boolean> {
  try {
    const answer = await server.get(port, "/health");
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** A pod's files below one directory, and the environment of its container. */
async function prepare(server: Server) {
  const directory = await Deno.makeTempDir({ prefix: "dfs-" });
  for (const data of ["controlplane", "store/metadata", "store/block"]) {
    await Deno.mkdir(`${directory}/data/${data}`, { recursive: true });
  }
  for (const { volume, files } of secretFiles(server.spec)) {
    await Deno.mkdir(`${directory}${SECRET_DIRECTORY[volume]}`);
    for (const file of Object.values(files)) {
      await Deno.writeFile(
        `${directory}${SECRET_DIRECTORY[volume]}/${file}`,
        content(volume, file),
      );
    }
  }
  const moved = new RegExp(`: (${[...Object.values(SECRET_DIRECTORY), "/data"].join("|")})/`, "g");
  const text = serverConfig(server.spec)
    .replaceAll(moved, `: ${directory}$1/`)
    .replaceAll("host: 0.0.0.0", "host: 127.0.0.1");
  const config = `${directory}/config.yaml`;
  await Deno.writeTextFile(config, text);
  const variables = secretVariables(server, server.spec.database.postgresSecretRef?.name);
  const env = Object.fromEntries(variables.map(({ variable }) => [variable, valueOf(variable)]));
  return { directory, config, env };
}

function valueOf(variable: string): string {
  if (variable.endsWith("_PORT")) return "5432";
  return variable.endsWith("_SSLMODE") ? "verify-full" : SECRET;
}

function content(volume: SecretVolume, file: string): Uint8Array {
  const bytes = new TextEncoder();
  if (file.endsWith(".keytab")) return keytab("EXAMPLE.COM", ["nfs", "files.example.com"]);
  if (volume === "metrics-token") return bytes.encode(`${SECRET}\n`);
  if (file === "krb5.conf") return bytes.encode("[libdefaults]\n  default_realm = EXAMPLE.COM\n");
  return bytes.encode({ "tls.crt": cert, "tls.key": key }[file] ?? ca);
}
