// The whole controller in virtual time at an API server in memory, with one server in it. What
// the cluster's own controllers would do, the test does.

import type { DittoServer, DittoServerInput } from "../../api/dittoserver.ts";
import { API_VERSION } from "../../api/group.ts";
import type { Http } from "../../dittofs/http.ts";
import { Api } from "../../kube/api.ts";
import { digestOf } from "../../kube/digest.ts";
import { EventRecorder } from "../../kube/events.ts";
import { jsonLogger } from "../../kube/log.ts";
import { Metrics } from "../../kube/metrics.ts";
import { Program } from "../../kube/program.ts";
import type { RestClient } from "../../kube/rest_client.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { MemoryApi } from "../../kube/testing/memory_api.ts";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import { PretendDfs } from "../connections/_pretend_dfs.ts";
import { type DittoServerControllerOptions, dittoServerControllers } from "./controller.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";

const ADMIN_SECRET = "demo-admin-bootstrap-credentials";

type Content = Record<string, unknown>;

/** Paths of objects in the namespace of the server. */
export const path = {
  server: "/apis/dittofs.dittofs.com/v1alpha1/namespaces/files/dittoservers/demo",
  statefulSet: "/apis/apps/v1/namespaces/files/statefulsets/demo",
  pod: "/api/v1/namespaces/files/pods/demo-0",
  core: (plural: string, name: string) => `/api/v1/namespaces/files/${plural}/${name}`,
} as const;

/** The controller and its world. */
export class World implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  /** The way of the present operator to the API server. */
  client = this.#clientOf(this.server);
  /** The server that runs in the pod, once that is ready. */
  readonly dfs = new PretendDfs(this.clock);
  /** Whether the Service of a protocol answers. */
  readonly listens: Record<"nfs" | "smb", boolean | "unknown"> = { nfs: true, smb: true };
  readonly #options: Pick<DittoServerControllerOptions, "hasPolicyOfItsOwn">;
  #operator: { readonly metrics: Metrics; readonly end: () => Promise<void> };
  /** The servers of which others are told that it is time to compare. */
  readonly checked: string[] = [];
  /** Calls that change something, to the API server and to the server of files. */
  readonly calls: string[] = [];
  /** The operator dies at this call, counted from now on. */
  #death: { readonly at: number; readonly when: "before" | "after" } | undefined;
  #generation = 0;
  /** Digest of the template of the pod. */
  #served: string | undefined;
  #random = 7;

  constructor(options: Pick<DittoServerControllerOptions, "hasPolicyOfItsOwn"> = {}) {
    this.#options = options;
    this.#operator = this.#start();
  }

  /** Metrics of the operator. */
  get metrics(): Metrics {
    return this.#operator.metrics;
  }

  /** Lets the operator die at the `at`-th call that changes something, the first being 1. */
  dieAt(death: { readonly at: number; readonly when: "before" | "after" }) {
    this.calls.length = 0;
    this.#death = death;
  }

  /** Whether the operator has died. */
  get died(): boolean {
    return this.#death !== undefined && this.calls.length >= this.#death.at;
  }

  #clientOf(server: RestClient): FaultClient {
    const client: FaultClient = new FaultClient({
      performRequest: (options) => {
        const send = () => server.performRequest(options);
        const { method, path } = options;
        return method === "GET" ? send() : this.#call(`${method} ${path}`, client, send);
      },
    });
    return client;
  }

  /** Performs a call, or dies of it. */
  async #call<T>(what: string, client: FaultClient, perform: () => Promise<T>): Promise<T> {
    if (this.died) throw client.kill("dead already");
    this.calls.push(what);
    if (!this.died) return await perform();
    if (this.#death?.when === "after") await perform();
    throw client.kill(`died ${this.#death?.when} ${what}`);
  }

  /** Another operator comes, that knows nothing but what is in the cluster. */
  async restart() {
    await this.#operator.end();
    this.#death = undefined;
    this.client = this.#clientOf(this.server);
    this.#operator = this.#start();
    await this.settle();
  }

  #start() {
    const { clock } = this;
    const abort = new AbortController();
    const metrics = new Metrics(clock, "test");
    const { client } = this;
    const api = new Api(client, clock);
    const http: Http = {
      send: (request) => {
        const send = () => this.dfs.send(request);
        const { method, url } = request;
        return method === "GET" ? send() : this.#call(`${method} ${url}`, client, send);
      },
      close: () => this.dfs.close(),
    };
    const log = jsonLogger(() => {});
    const context = {
      ...{ api, clock, log, random: () => 0.5, operatorNamespace: "dittofs-system" },
      events: new EventRecorder(api, clock, log, "dittofs-operator", "test"),
      metrics,
      randomBytes: (length: number) => new Uint8Array(length).fill(this.#random++),
    };
    const { controllers, watched, connections, close } = dittoServerControllers({
      ...{ ...context, ...this.#options },
      http: () => http,
      dial: (hostname) => this.#dial(hostname),
    });
    connections.onCheck((key) => this.checked.push(key));
    const running = new Program({ ...context, watched, controllers }).run(abort.signal);
    const end = async () => {
      abort.abort();
      close();
      await clock.runUntil(running);
    };
    return { metrics, end };
  }

  #dial(hostname: string): Promise<void> {
    const listens = this.listens[hostname.includes("-nfs.") ? "nfs" : "smb"];
    if (listens === true) return Promise.resolve();
    const error = listens === "unknown" ? Error : Deno.errors.ConnectionRefused;
    return Promise.reject(new error("pretends"));
  }

  /** Writes the server as a user would, and lets everything happen that follows at once. */
  async apply(
    spec: Partial<DittoServerInput>,
    annotations: Record<string, string> = {},
    finalizers: readonly string[] = [],
  ) {
    const generation = ++this.#generation;
    const metadata = { name: "demo", namespace: "files", annotations, finalizers, generation };
    this.server.put(path.server, {
      ...{ apiVersion: API_VERSION, kind: "DittoServer", metadata },
      spec: { storage: { metadataSize: "1Gi" }, ...spec },
    });
    await this.settle();
  }

  /** Makes a Secret of a user. */
  async secret(name: string, values: Record<string, string>) {
    const data = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, btoa(v)]));
    this.server.put(path.core("secrets", name), { metadata: { name, namespace: "files" }, data });
    await this.settle();
  }

  /** Makes the pod of the StatefulSet's present revision, and lets it be ready. */
  async serve() {
    const metadata = {
      ...{ name: "demo-0", namespace: "files" },
      labels: { app: "dittofs-server", instance: "demo" },
    };
    const status = { conditions: [{ type: "Ready", status: "True" }] };
    // A server takes the admin's password at its very first start.
    const secret = this.server.read(path.core("secrets", ADMIN_SECRET));
    const { password } = (secret?.data ?? {}) as Record<string, string>;
    const admin = this.dfs.accounts.get("admin");
    if (admin && password !== undefined && !this.#served) admin.password = atob(password);
    this.#served = digestOf(this.template());
    this.server.put(path.pod, { metadata, status });
    this.#settleStatefulSet();
    await this.settle();
  }

  /** What the StatefulSet's controller does after changes of the template. */
  async rollOut() {
    if (digestOf(this.template()) !== this.#served) return await this.replacePod();
    this.#settleStatefulSet();
    await this.settle();
  }

  #settleStatefulSet() {
    this.server.put(path.statefulSet, {
      status: {
        observedGeneration: this.statefulSet()?.metadata?.generation,
        ...{ replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1 },
        ...{ currentRevision: "demo-1", updateRevision: "demo-1" },
      },
    });
  }

  /** Lets a pod of the present revision take the place of the one that there is. */
  async replacePod() {
    this.server.remove(path.pod);
    await this.settle();
    await this.serve();
  }

  /** Lets everything happen that waits for no time, or for a blink of it. */
  async settle() {
    await this.clock.advance(10);
  }

  podUid(): string | undefined {
    return this.server.read(path.pod)?.metadata.uid;
  }

  statefulSet(): StatefulSet | undefined {
    return this.server.read(path.statefulSet) as StatefulSet | undefined;
  }

  template(): Content | undefined {
    return this.statefulSet()?.spec?.template as Content | undefined;
  }

  status(): NonNullable<DittoServer["status"]> {
    return (this.server.read(path.server) as DittoServer | undefined)?.status ?? {};
  }

  condition(type: string) {
    return this.status().conditions?.find((condition) => condition.type === type);
  }

  async [Symbol.asyncDispose]() {
    await this.#operator.end();
  }
}
