// An S3 service on loopback: a real gateway (versitygw) in front of a directory of its own.

import { freePort } from "../harness/ports.ts";
import { type Process, startProcess, untilReady } from "../harness/process.ts";
import { terminalProgress } from "../harness/progress.ts";
import { ensureTools } from "../harness/toolchain.ts";

/** Found before the first test: the cache stays open as long as something in it is used. */
const { versitygw } = await ensureTools(["versitygw"], terminalProgress());

/** The only bucket. */
export const BUCKET = "blocks";

/** An access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What it lets in, until told otherwise. */
export const CREDENTIALS = { accessKeyId: "test-access", secretAccessKey: "test-secret" } as const;

/** An S3 service until it is disposed of. */
export class S3 implements AsyncDisposable {
  readonly #directory: string;
  readonly #port: number;
  #process: Process;
  #key: AccessKey = CREDENTIALS;

  private constructor(directory: string, port: number, process: Process) {
    this.#directory = directory;
    this.#port = port;
    this.#process = process;
  }

  static async start(): Promise<S3> {
    const directory = await Deno.makeTempDir({ prefix: "s3-" });
    await Deno.mkdir(`${directory}/buckets/${BUCKET}`, { recursive: true });
    await Deno.mkdir(`${directory}/metadata`);
    const port = freePort();
    return new S3(directory, port, await launch(directory, port, CREDENTIALS));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Names of the objects in the bucket, the directories that they seem to be in included. */
  async objects(prefix = ""): Promise<string[]> {
    const names: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(this.#path(prefix))) {
      if (isDirectory) names.push(...await this.objects(`${prefix}${name}/`));
      else names.push(prefix + name);
    }
    return names;
  }

  /** It is not there until the result is disposed of; connections are refused. */
  async down(): Promise<AsyncDisposable> {
    await this.#process.stop();
    return {
      [Symbol.asyncDispose]: async () => {
        this.#process = await launch(this.#directory, this.#port, this.#key);
      },
    };
  }

  /** It lets in who has this key from now on, and nobody with another one. */
  async changeKey(key: AccessKey): Promise<void> {
    this.#key = key;
    await using _down = await this.down();
  }

  /** It takes connections and says nothing until the result is disposed of. */
  frozen(): Disposable {
    this.#process.signal("SIGSTOP");
    return { [Symbol.dispose]: () => this.#process.signal("SIGCONT") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await Deno.remove(this.#directory, { recursive: true });
  }

  #path(prefix: string): string {
    return `${this.#directory}/buckets/${BUCKET}/${prefix}`;
  }
}

async function launch(directory: string, port: number, key: AccessKey): Promise<Process> {
  const process = await startProcess({
    name: "versitygw",
    command: versitygw,
    args: [
      `--port=127.0.0.1:${port}`,
      "posix",
      // Not every file system of a test machine has extended attributes.
      `--sidecar=${directory}/metadata`,
      `${directory}/buckets`,
    ],
    logFile: `${directory}/output`,
    env: {
      ROOT_ACCESS_KEY_ID: key.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: key.secretAccessKey,
    },
  });
  await untilReady(process, () => answers(port), { within: 15_000 });
  return process;
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
