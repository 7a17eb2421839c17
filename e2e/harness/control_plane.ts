// A Kubernetes API without nodes: etcd, kube-apiserver and, on request, kube-controller-manager
// as child processes on loopback. It is ready in seconds, it can be stopped and started at will,
// and its audit log counts every request of every client. Pods stay pending: there is no kubelet
// and no scheduler.

import {
  adminUser,
  apiServerArgs,
  type AuditLevel,
  auditPolicy,
  controllerManagerArgs,
  etcdArgs,
  kubeconfig,
  type PlanePaths,
  planePaths,
  serviceAccountKeys,
  tokenLine,
} from "./control_plane_files.ts";
import { PlaneClient, PlaneError } from "./control_plane_client.ts";
import { makePlaneDirectory } from "./control_plane_leftovers.ts";
import { AuditLog } from "./audit.ts";
import { freePort } from "./ports.ts";
import { type Process, startProcess, untilReady } from "./process.ts";

/** What is special about one control plane. */
export interface ControlPlaneOptions {
  /** Absolute paths; the controller manager is started when its path is given. */
  readonly tools: {
    readonly etcd: string;
    readonly "kube-apiserver": string;
    readonly "kube-controller-manager"?: string;
  };
  /** Users beside `admin`, with their groups. RBAC knows nothing of them yet. */
  readonly users?: Readonly<Record<string, readonly string[]>>;
  /** `Metadata` unless told. */
  readonly auditLevel?: AuditLevel;
  /** Kept after the end if given; else a temporary directory, removed at the end. */
  readonly directory?: string;
  /** Further kube-apiserver flags, as in `--feature-gates=…`. */
  readonly apiServerArgs?: readonly string[];
  /** Further kube-controller-manager flags. */
  readonly controllerManagerArgs?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A running control plane. */
export interface ControlPlane extends AsyncDisposable {
  readonly url: string;
  /** The CA bundle that clients trust, in PEM. */
  readonly ca: string;
  /** Holds the logs of the components, the kubeconfig files and the audit log. */
  readonly directory: string;
  readonly audit: AuditLog;
  /** Path of the JSON-lines file behind {@link audit}. */
  readonly auditLog: string;
  /** A client of the harness as that user; closed with the control plane. */
  client(user?: string): PlaneClient;
  /** Path of the user's kubeconfig file. */
  kubeconfig(user?: string): string;
  /** The user's bearer token. */
  token(user?: string): string;
  /** SIGTERM lets open requests end; SIGKILL cuts them. */
  stopApiServer(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** On the same port, with the same certificate and data. */
  startApiServer(): Promise<void>;
  restartApiServer(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** It keeps its connections and answers nobody until {@link thawApiServer}. */
  freezeApiServer(): void;
  thawApiServer(): void;
}

const readyWithin = 60_000;

/** Starts a control plane and waits until it answers. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const directory = options.directory ?? await makePlaneDirectory();
  const plane = new RunningPlane(options, planePaths(directory));
  try {
    await plane.start();
    return plane;
  } catch (error) {
    await plane[Symbol.asyncDispose]();
    throw error;
  }
}

class RunningPlane implements ControlPlane {
  readonly url: string;
  readonly audit: AuditLog;
  readonly auditLog: string;
  readonly directory: string;
  ca = "";
  readonly #port = freePort();
  readonly #etcdPort = freePort();
  readonly #tokens = new Map<string, string>();
  readonly #clients = new Map<string, PlaneClient>();
  #etcd: Process | undefined;
  #apiServer: Process | undefined;
  #controllerManager: Process | undefined;
  #disposed = false;

  constructor(readonly options: ControlPlaneOptions, readonly paths: PlanePaths) {
    this.url = `https://127.0.0.1:${this.#port}`;
    this.directory = paths.directory;
    this.auditLog = paths.auditLog;
    this.audit = new AuditLog(paths.auditLog, async (userAgent) => {
      await this.client().send("/version", { userAgent });
    });
  }

  async start(): Promise<void> {
    await this.#writeFiles();
    await this.#startEtcd();
    await this.startApiServer();
    for (const [user, token] of this.#tokens) {
      // Made now, so that no test is blamed for a connection that outlives it.
      this.client(user);
      const text = kubeconfig({ url: this.url, ca: this.ca, user, token });
      await Deno.writeTextFile(this.paths.kubeconfig(user), text, { mode: 0o600 });
    }
    if (this.options.tools["kube-controller-manager"]) {
      await this.#startControllerManager(this.options.tools["kube-controller-manager"]);
    }
  }

  client(user: string = adminUser): PlaneClient {
    const known = this.#clients.get(user);
    if (known) return known;
    const client = new PlaneClient(this.url, this.ca, this.token(user));
    this.#clients.set(user, client);
    return client;
  }

  token(user: string = adminUser): string {
    const token = this.#tokens.get(user);
    if (token === undefined) {
      const names = [...this.#tokens.keys()].join(", ");
      throw new TypeError(`this control plane has no user ${user}; it has ${names}`);
    }
    return token;
  }

  kubeconfig(user: string = adminUser): string {
    this.token(user);
    return this.paths.kubeconfig(user);
  }

  async stopApiServer(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.#apiServer?.stop(signal, 20_000);
    this.#apiServer = undefined;
  }

  async startApiServer(): Promise<void> {
    if (this.#apiServer) throw new TypeError("the API server is running already");
    const apiServer = await startProcess({
      name: "kube-apiserver",
      command: this.options.tools["kube-apiserver"],
      args: [
        ...apiServerArgs(this.paths, this.#etcdPort, this.#port),
        ...this.options.apiServerArgs ?? [],
      ],
      logFile: this.paths.log("kube-apiserver"),
    });
    this.#apiServer = apiServer;
    await this.#untilReady(apiServer, async () => {
      this.ca ||= await textIfPresent(this.paths.ca);
      return this.ca !== "" && await answers(() => this.client().send("/readyz"));
    });
  }

  async restartApiServer(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.stopApiServer(signal);
    await this.startApiServer();
  }

  freezeApiServer(): void {
    this.#apiServer?.signal("SIGSTOP");
  }

  thawApiServer(): void {
    this.#apiServer?.signal("SIGCONT");
  }

  /** Nothing of it is needed any more, so nothing is given time to end in order. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const client of this.#clients.values()) client[Symbol.dispose]();
    this.#clients.clear();
    const processes = [this.#controllerManager, this.#apiServer, this.#etcd];
    await Promise.all(processes.map((process) => process?.stop("SIGKILL")));
    if (this.options.directory === undefined) {
      await Deno.remove(this.directory, { recursive: true });
    }
  }

  async #writeFiles(): Promise<void> {
    const { paths, options } = this;
    const users = {
      [adminUser]: ["system:masters"],
      "controller-manager": ["system:masters"],
      ...options.users,
    };
    for (const user of Object.keys(users)) this.#tokens.set(user, crypto.randomUUID());
    const lines = Object.entries(users).map(([user, groups]) =>
      tokenLine(user, this.token(user), groups)
    );
    const keys = serviceAccountKeys();
    await Deno.mkdir(paths.certificates, { recursive: true });
    await Deno.writeTextFile(paths.tokens, lines.join(""), { mode: 0o600 });
    await Deno.writeTextFile(paths.auditPolicy, auditPolicy(options.auditLevel ?? "Metadata"));
    await Deno.writeTextFile(paths.serviceAccountKey, keys.privateKey, { mode: 0o600 });
    await Deno.writeTextFile(paths.serviceAccountPublicKey, keys.publicKey);
  }

  async #startEtcd(): Promise<void> {
    const etcd = await startProcess({
      name: "etcd",
      command: this.options.tools.etcd,
      args: etcdArgs(this.paths, this.#etcdPort, freePort()),
      logFile: this.paths.log("etcd"),
    });
    this.#etcd = etcd;
    using health = new PlaneClient(`http://127.0.0.1:${this.#etcdPort}`, "", "");
    await this.#untilReady(etcd, () => answers(() => health.send("/health")));
  }

  /** It is ready when it has made what the API server alone never makes: a service account. */
  async #startControllerManager(command: string): Promise<void> {
    this.#controllerManager = await startProcess({
      name: "kube-controller-manager",
      command,
      args: [
        ...controllerManagerArgs(this.paths),
        ...this.options.controllerManagerArgs ?? [],
      ],
      logFile: this.paths.log("kube-controller-manager"),
    });
    const path = "/api/v1/namespaces/default/serviceaccounts/default";
    await this.#untilReady(
      this.#controllerManager,
      () => answers(() => this.client().send(path)),
    );
  }

  async #untilReady(process: Process, ready: () => Promise<boolean>): Promise<void> {
    const { signal } = this.options;
    await untilReady(process, ready, { within: readyWithin, ...(signal && { signal }) });
  }
}

/** Whether the answer is a success; no answer is "not yet". */
async function answers(send: () => Promise<{ readonly status: number }>): Promise<boolean> {
  try {
    return (await send()).status === 200;
  } catch (error) {
    if (error instanceof PlaneError) return false;
    throw error;
  }
}

async function textIfPresent(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
