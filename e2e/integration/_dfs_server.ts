// One DittoServer's dfs beside a control plane: the process, the data that outlives it, and what a
// test may do to it. It follows its pod, which the StatefulSet controller makes and deletes.

import type { Pod } from "../../api/kubernetes/types.ts";
import { CONTAINER } from "../../controllers/dittoserver/names.ts";
import type { Live } from "../../kube/object.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { exists } from "../harness/cache.ts";
import { pause, until } from "../harness/poll.ts";
import { type Process, startProcess, untilReady } from "../harness/process.ts";
import { dfs } from "./_dfs.ts";
import { Loopback } from "./_loopback.ts";
import type { TestPlane } from "./_plane.ts";
import { type LaidOut, layOut, MissingReferenceError } from "./_pod_files.ts";

/**
 * A running pod takes a moment to end. One that vanished at once would be ahead of the status of
 * its StatefulSet, whose controller then makes it from the old revision, and again from the new.
 */
const RUNNING = "dfs.test/running";

/** Where the server listens from its first start on. */
const FIRST_PORTS = { nfs: 12049, smb: 1445 } as const;

/** Milliseconds before a server that did not start is tried again. */
const BACK_OFF = 500;

/** What a server said. */
export interface HandAnswer {
  readonly status: number;
  /** The parsed body; undefined where there is none or it is no JSON. */
  readonly body: unknown;
}

/** A server; made by DfsBeside alone. */
export class DfsServer {
  /** What `byHand` logs in with; a test that changes the password by hand says so here. */
  adminPassword = "";
  readonly loopback: Loopback;
  readonly #client = Deno.createHttpClient({ caCerts: [ca], cert, key });
  readonly #ground: TestPlane;
  readonly #name: string;
  readonly #namespace: string;
  readonly #directory: string;
  #admin: { readonly password: string; readonly token: string } | undefined;
  #process: Process | undefined;
  #laidOut: LaidOut | undefined;
  #pod: Live<Pod> | undefined;
  #serving = false;
  #restarts = 0;
  #held = 0;
  /** Done once, before the next start. */
  #beforeStart: (() => Promise<void>)[] = [];
  /** Why it did not start, told where somebody waits for it. */
  #trouble = "";

  constructor(
    ground: TestPlane,
    { namespace, name, directory }: Record<"namespace" | "name" | "directory", string>,
  ) {
    this.#ground = ground;
    this.#namespace = namespace;
    this.#name = name;
    this.#directory = directory;
    this.loopback = new Loopback(directory);
  }

  /** The pod that it runs for, while that is Ready. */
  get pod(): Live<Pod> | undefined {
    return this.#serving ? this.#pod : undefined;
  }

  /** Where the REST API is on this machine; undefined while no pod is Ready. */
  get url(): string | undefined {
    return this.#serving ? this.#url : undefined;
  }

  get #url(): string {
    const { port, secure } = this.#laidOut?.api ?? { port: 0, secure: false };
    return `${secure ? "https" : "http"}://127.0.0.1:${this.loopback.port(port)}`;
  }

  /** Waits until its pod is Ready. */
  async ready(): Promise<Live<Pod>> {
    return await this.#until("its pod is Ready", () => this.pod);
  }

  /** Waits until another pod than that one is Ready. */
  async replaced(before: Live<Pod>): Promise<Live<Pod>> {
    return await this.#until("another pod is Ready", () => {
      return this.pod?.metadata.uid === before.metadata.uid ? undefined : this.pod;
    });
  }

  /** Deletes the pod, and waits until the next one is Ready. */
  async replacePod(): Promise<Live<Pod>> {
    const before = await this.ready();
    await this.#send("DELETE", "");
    return await this.replaced(before);
  }

  /** The process dies on the spot; its container is started again in the same pod. */
  async kill(): Promise<void> {
    await this.ready();
    await this.#process?.stop("SIGKILL");
    this.#serving = false;
    await this.ready();
  }

  /** It is not there until the result is disposed of; connections are refused. */
  async down(): Promise<AsyncDisposable> {
    await this.ready();
    this.#held++;
    await this.#process?.stop();
    await this.#until("its pod is not Ready", () => !this.#serving);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#held--;
        await this.ready();
      },
    };
  }

  /** It takes connections and says nothing, until the result is disposed of. */
  async frozen(): Promise<Disposable> {
    await this.ready();
    const process = this.#process;
    process?.signal("SIGSTOP");
    return { [Symbol.dispose]: () => process?.signal("SIGCONT") };
  }

  /** The volume of the control plane's database is lost; another pod begins with an empty one. */
  async loseDatabase(): Promise<Live<Pod>> {
    return await this.#lose("/data/controlplane");
  }

  /** The same of the volume with the local block stores. */
  async loseBlocks(): Promise<Live<Pod>> {
    return await this.#lose("/data/store/block");
  }

  async #lose(podPath: string): Promise<Live<Pod>> {
    await this.ready();
    this.#beforeStart.push(async () => {
      await Deno.remove(this.loopback.path(podPath), { recursive: true });
    });
    return await this.replacePod();
  }

  /** A change or a look by the administrator, as a person makes it with curl. */
  async byHand(method: string, path: string, body?: unknown): Promise<HandAnswer> {
    await this.ready();
    const password = this.adminPassword;
    // A login takes the server a tenth of a second.
    if (this.#admin?.password === password) {
      const answer = await this.#call(method, path, body, this.#admin.token);
      if (answer.status !== 401 && answer.status !== 403) return answer;
    }
    this.#admin = { password, token: await this.login("admin", password) };
    return await this.#call(method, path, body, this.#admin.token);
  }

  /** An access token. */
  async login(username: string, password: string): Promise<string> {
    const { status, body } = await this.#call("POST", "/auth/login", { username, password });
    if (status !== 200 || typeof body !== "object" || body === null || !("access_token" in body)) {
      throw new Error(`${username} cannot log in at ${this.#name}: ${status}`);
    }
    return String(body.access_token);
  }

  /** Everything that the process has written so far, over all of its starts. */
  async output(): Promise<string> {
    return await Deno.readTextFile(this.#logFile);
  }

  get #logFile(): string {
    return `${this.#directory}/output`;
  }

  /** Brings the process to what the pod is now; called again and again, never twice at once. */
  async follow(pod: Live<Pod> | undefined): Promise<void> {
    if (!pod || pod.metadata.deletionTimestamp) {
      await this.#end();
      if (pod?.metadata.finalizers?.length) await this.#patch("", { metadata: { finalizers: [] } });
      return;
    }
    if (pod.metadata.uid !== this.#pod?.metadata.uid) {
      await this.#end();
      this.#pod = pod;
      this.#restarts = 0;
    }
    if (this.#process?.status !== undefined) {
      this.#serving = false;
      this.#process = undefined;
      this.#restarts++;
      await this.#report({ terminated: { exitCode: 137 } });
    }
    if (this.#process || this.#held > 0) return;
    await this.#begin(pod);
  }

  /** Stops it for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    this.#client.close();
  }

  async #begin(pod: Live<Pod>): Promise<void> {
    try {
      if (!pod.metadata.finalizers?.includes(RUNNING)) {
        await this.#patch("", { metadata: { finalizers: [RUNNING] } });
      }
      for (const prepare of this.#beforeStart.splice(0)) await prepare();
      this.#laidOut = await layOut(this.#ground, pod, this.loopback);
      await this.#start(this.#laidOut);
      this.#trouble = "";
      this.#serving = true;
      await this.#report({ running: { startedAt: new Date().toISOString() } });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#trouble = error.message;
      await this.#end();
      const reason = error instanceof MissingReferenceError
        ? "CreateContainerConfigError"
        : "CrashLoopBackOff";
      await this.#report({ waiting: { reason, message: error.message.slice(0, 500) } });
      await pause(BACK_OFF);
    }
  }

  async #start({ args, env, database }: LaidOut): Promise<void> {
    const isFirst = !await exists(database);
    if (isFirst) this.adminPassword = env.DITTOFS_ADMIN_INITIAL_PASSWORD ?? "";
    const [name, command] = ["dfs", dfs];
    this.#process = await startProcess({ name, command, args, env, logFile: this.#logFile });
    await untilReady(this.#process, () => this.#isHealthy(), { within: 30_000 });
    if (isFirst) await this.#movePorts();
  }

  async #end(): Promise<void> {
    this.#serving = false;
    const process = this.#process;
    this.#process = undefined;
    // It may be frozen, and a stopped process takes no SIGTERM.
    process?.signal("SIGCONT");
    await process?.stop();
  }

  async #isHealthy(): Promise<boolean> {
    try {
      return (await this.#fetch("GET", `${this.#url}/health`)).status === 200;
    } catch {
      return false;
    }
  }

  /**
   * Two servers on one machine would fight for the ports that a new database has. The one that
   * lost goes on without, and takes its own as soon as it is told to.
   */
  async #movePorts(): Promise<void> {
    const token = await this.login("admin", this.adminPassword);
    for (const [protocol, port] of Object.entries(FIRST_PORTS)) {
      const answer = await this.#call("PUT", `/adapters/${protocol}`, { port }, token);
      if (answer.status !== 200) throw new Error(`${protocol} keeps its port: ${answer.status}`);
      await until(`${protocol} listens`, () => listens(this.loopback.port(port)), {
        within: 60_000,
      });
    }
  }

  async #call(method: string, path: string, body?: unknown, token?: string): Promise<HandAnswer> {
    const urlPath = `/api/v1${path}`;
    const sent = body === undefined
      ? undefined
      : this.loopback.request(urlPath, JSON.stringify(body));
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    const answer = await this.#fetch(method, this.#url + urlPath, sent, headers);
    const text = this.loopback.answer(urlPath, answer.text);
    return { status: answer.status, body: /^[[{]/.test(text) ? JSON.parse(text) : undefined };
  }

  async #fetch(method: string, url: string, body?: string, headers: HeadersInit = {}) {
    const response = await fetch(url, {
      ...{ method, headers, client: this.#client, signal: AbortSignal.timeout(40_000) },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, text: await response.text() };
  }

  async #report(state: Readonly<Record<string, unknown>>): Promise<void> {
    const ready = "running" in state;
    const image = this.#pod?.spec?.containers[0]?.image ?? "";
    await this.#patch("/status", {
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
        containerStatuses: [{
          ...{ name: CONTAINER, image, imageID: image, ready, started: ready, state },
          restartCount: this.#restarts,
        }],
      },
    });
  }

  async #patch(below: string, body: unknown): Promise<void> {
    await this.#send("PATCH", below, body);
  }

  async #send(method: string, below: string, body?: unknown): Promise<void> {
    const path = `/api/v1/namespaces/${this.#namespace}/pods/${this.#name}-0${below}`;
    const { status, text } = await this.#ground.plane.client().send(path, {
      ...{ method, body, contentType: "application/merge-patch+json", userAgent: "dfs-kubelet" },
    });
    // It may have gone meanwhile.
    if (status >= 300 && status !== 404) throw new Error(`${path}: ${status} ${text}`);
  }

  async #until<T>(what: string, question: () => T | undefined | false): Promise<T> {
    try {
      return await until(what, question, { within: 60_000 });
    } catch (error) {
      const said = await this.#process?.lastLines();
      throw new Error(`${this.#namespace}/${this.#name}: ${this.#trouble}\n${said}`, {
        cause: error,
      });
    }
  }
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}
