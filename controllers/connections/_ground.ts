// What connections live on, in virtual time: an API server in memory with one server in it, the
// watches, and a DittoFS server to speak to.

import type { DittoServerInput } from "../../api/dittoserver.ts";
import { API_VERSION } from "../../api/group.ts";
import type { HttpRequest, TlsFiles } from "../../dittofs/http.ts";
import { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import { jsonLogger } from "../../kube/log.ts";
import { Program } from "../../kube/program.ts";
import { References } from "../../kube/references.ts";
import { ServedKinds } from "../../kube/served.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { MemoryApi } from "../../kube/testing/memory_api.ts";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "../dittoserver/names.ts";
import { factsOf } from "../dittoserver/references/secret_facts.ts";
import { serverWatches } from "../dittoserver/server_kinds.ts";
import { PretendDfs } from "./_pretend_dfs.ts";
import { Connections } from "./connections.ts";

/** Paths of objects in the namespace of the server. */
export const path = {
  server: "/apis/dittofs.dittofs.com/v1alpha1/namespaces/files/dittoservers/demo",
  pod: "/api/v1/namespaces/files/pods/demo-0",
  secret: (name: string) => `/api/v1/namespaces/files/secrets/${name}`,
} as const;

/** Connections and their world. */
export class Ground implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  readonly client = new FaultClient(this.server);
  readonly dfs = new PretendDfs(this.clock);
  readonly connections: Connections;
  /** Certificates of each way that was made to a server, and how many of them were closed. */
  readonly ways: TlsFiles[] = [];
  closed = 0;
  /** Hosts that were asked, once each. */
  readonly hosts = new Set<string>();
  /** Keys that `onChange` told of. */
  readonly changes: string[] = [];
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #generation = 0;

  constructor() {
    const { clock } = this;
    const api = new Api(this.client, clock);
    const served = new ServedKinds(clock);
    const { kinds, references, watched } = serverWatches(served);
    this.connections = new Connections({
      ...{ api, kinds, clock, random: () => 0.5 },
      writer: new Writer(api, { fieldManager: OPERATOR, digestAnnotation: APPLIED_ANNOTATION }),
      secretFacts: new References(api, references, factsOf),
      randomBytes: (length) => new Uint8Array(length).fill(7),
      http: (tls) => {
        this.ways.push(tls);
        return { send: (request) => this.#send(request), close: () => void this.closed++ };
      },
    });
    this.connections.onChange((key) => this.changes.push(key));
    const log = jsonLogger(() => {});
    this.#running = new Program({ api, clock, log, random: () => 0.5, watched, controllers: [] })
      .run(this.#abort.signal);
  }

  #send(request: HttpRequest) {
    this.hosts.add(new URL(request.url).origin);
    return this.dfs.send(request);
  }

  /** A server that serves, and its Secret with the admin's password. */
  static async withServer(spec: Partial<DittoServerInput> = {}): Promise<Ground> {
    const ground = new Ground();
    ground.secret("demo-admin-bootstrap-credentials", { password: "admin-password" });
    await ground.apply(spec);
    await ground.pod({ ready: true });
    ground.changes.length = 0;
    return ground;
  }

  /** Writes the server as a user would. */
  async apply(spec: Partial<DittoServerInput>) {
    const generation = ++this.#generation;
    this.server.put(path.server, {
      ...{ apiVersion: API_VERSION, kind: "DittoServer" },
      metadata: { name: "demo", namespace: "files", generation },
      spec: { storage: { metadataSize: "1Gi" }, ...spec },
    });
    await this.settle();
  }

  /** Lets the pod be ready or not. */
  async pod({ ready }: { readonly ready: boolean }) {
    const labels = { app: "dittofs-server", instance: "demo" };
    this.server.put(path.pod, {
      metadata: { name: "demo-0", namespace: "files", labels },
      status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
    });
    await this.settle();
  }

  /** Writes a Secret; what is not named in `values` stays. */
  secret(name: string, values: Readonly<Record<string, string>>) {
    const data = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, btoa(v)]));
    const before = this.server.read(path.secret(name));
    this.server.put(path.secret(name), {
      metadata: { ...before?.metadata, name, namespace: "files" },
      data: { ...before?.data as object, ...data },
    });
  }

  /** A value of a Secret, as it is now. */
  secretValue(name: string, key: string): string | undefined {
    const data = this.server.read(path.secret(name))?.data as Record<string, string> | undefined;
    const value = data?.[key];
    return value === undefined ? undefined : atob(value);
  }

  /** Lets everything happen that waits for no time. */
  async settle() {
    await this.clock.advance(10);
  }

  open() {
    return this.clock.runUntil(this.connections.open("files/demo"));
  }

  async [Symbol.asyncDispose]() {
    this.#abort.abort();
    await this.#running;
  }
}
