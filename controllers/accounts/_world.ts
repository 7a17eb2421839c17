// The controllers of users and groups in virtual time, at an API server in memory with one
// DittoServer in it, whose accounts are in memory as well.

import type { DittoGroup, DittoGroupInput } from "../../api/dittogroup.ts";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { DittoUser, DittoUserInput } from "../../api/dittouser.ts";
import { API_VERSION } from "../../api/group.ts";
import type { Secret } from "../../api/kubernetes/types.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import { FaultHttp } from "../../dittofs/testing/fault_http.ts";
import { Api } from "../../kube/api.ts";
import { Cache } from "../../kube/cache.ts";
import { type Event, EventRecorder } from "../../kube/events.ts";
import { identityOnly } from "../../kube/kept.ts";
import { jsonLogger } from "../../kube/log.ts";
import { Metrics } from "../../kube/metrics.ts";
import { type KubernetesObject, makeKey } from "../../kube/object.ts";
import { Program } from "../../kube/program.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { MemoryApi } from "../../kube/testing/memory_api.ts";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import type { Tracked } from "../../kube/tracked.ts";
import { NotServingError } from "../connections/errors.ts";
import { readServer } from "../dittoserver/server.ts";
import { dittoGroupController, groupAccounts } from "../dittogroup/controller.ts";
import { dittoUserController, userAccounts } from "../dittouser/controller.ts";
import { dittoServers, secrets } from "../kinds.ts";
import { PretendAccounts } from "./_pretend_accounts.ts";

type Meta = NonNullable<KubernetesObject["metadata"]> & { readonly namespace?: string };
type Input<S> = Partial<S>;

const GROUP_PATH = `/apis/${API_VERSION}/namespaces`;

/** Paths of objects; in namespace `files` unless told. */
export const path = {
  server: `${GROUP_PATH}/files/dittoservers/demo`,
  user: (name: string, namespace = "files") => `${GROUP_PATH}/${namespace}/dittousers/${name}`,
  group: (name: string, namespace = "files") => `${GROUP_PATH}/${namespace}/dittogroups/${name}`,
  secret: (name: string) => `/api/v1/namespaces/files/secrets/${name}`,
} as const;

/** The controllers and their world. */
export class World implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly server = new MemoryApi(this.clock);
  readonly client: FaultClient;
  readonly dfs: PretendAccounts;
  readonly http: FaultHttp;
  /** Kinds of which something was found changed by others. */
  readonly drifts: string[] = [];
  #eventsSeen = 0;
  readonly #listeners: ((serverKey: string) => void)[] = [];
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;

  /** Of `earlier`, which has ended, everything but the controllers goes on. */
  constructor(earlier?: World) {
    if (earlier) {
      this.clock = earlier.clock;
      this.server = earlier.server;
    }
    this.client = new FaultClient(this.server);
    this.dfs = earlier?.dfs ?? new PretendAccounts();
    this.http = new FaultHttp(this.dfs);
    const { clock } = this;
    const api = new Api(this.client, clock);
    const log = jsonLogger(() => {});
    const servers: Tracked<DittoServer> = {
      ...{ resource: dittoServers, cache: new Cache<DittoServer>(), use: "watch" },
    };
    const references = {
      resource: secrets,
      cache: new Cache<Secret, KubernetesObject>({ keep: identityOnly }),
      use: "read",
    } as const;
    const options = {
      ...{ api, clock, log, random: () => 0.5, servers, secrets: references },
      events: new EventRecorder(api, clock, log, "dittofs-operator", "test"),
      metrics: new Metrics(clock, "test"),
      drifted: (kind: string) => void this.drifts.push(kind),
      randomBytes: (length: number) => new Uint8Array(length).fill(7),
      connections: {
        open: (key: string) => this.#open(servers, key),
        onChange: (listener: (key: string) => void) => void this.#listeners.push(listener),
        onCheck: (listener: (key: string) => void) => void this.#listeners.push(listener),
      },
    };
    const groups = groupAccounts(clock);
    const users = userAccounts(clock);
    const parts = [
      dittoGroupController(groups, options),
      dittoUserController(users, { ...options, groups }),
    ];
    const watched = [
      { tracked: servers },
      { tracked: references, metadataOnly: true },
      ...parts.flatMap((part) => part.watched),
    ];
    const controllers = parts.map(({ controller }) => controller);
    this.#running = new Program({ ...options, watched, controllers }).run(this.#abort.signal);
  }

  /** A world with a server that serves. */
  static async withServer(spec: Partial<DittoServer["spec"]> = {}): Promise<World> {
    const world = new World();
    await world.serve(spec);
    return world;
  }

  async serve(spec: Partial<DittoServer["spec"]> = {}) {
    this.server.put(path.server, {
      ...{ apiVersion: API_VERSION, kind: "DittoServer" },
      metadata: { name: "demo", namespace: "files" },
      spec: { storage: { metadataSize: "1Gi" }, ...spec },
    });
    await this.settle();
  }

  /** Writes a user as somebody would. */
  async user(name: string, spec: Input<DittoUserInput> = {}, metadata: Meta = {}) {
    await this.#put("DittoUser", path.user(name, metadata.namespace), spec, metadata);
  }

  /** Writes a group as somebody would. */
  async group(name: string, spec: Input<DittoGroupInput> = {}, metadata: Meta = {}) {
    await this.#put("DittoGroup", path.group(name, metadata.namespace), spec, metadata);
  }

  /** Writes a Secret. */
  async secret(name: string, values: Readonly<Record<string, string>>) {
    const data = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, btoa(v)]));
    this.server.put(path.secret(name), { metadata: { name, namespace: "files" }, data });
    await this.settle();
  }

  /** Deletes as somebody would: what has a finalizer stays for a while. */
  async delete(at: string) {
    await this.server.performRequest({ method: "DELETE", path: at, bodyJson: {} });
    await this.settle();
  }

  /** The connection to the server has changed, or it is time to compare. */
  async tell() {
    for (const listener of this.#listeners) listener("files/demo");
    await this.settle();
  }

  /** Lets everything happen that waits for no time, or for a blink of it. */
  async settle() {
    await this.clock.advance(10);
  }

  resource(at: string): DittoUser | DittoGroup | undefined {
    return this.server.read(at) as DittoUser | DittoGroup | undefined;
  }

  /** The conditions that are not as they would be if all were well, as `Type=Reason`. */
  said(at: string): string[] {
    return this.resource(at)?.status?.conditions
      ?.filter(({ type, status }) => type === "Ready" || status === "False")
      .map(({ type, reason }) => `${type}=${reason}`) ?? [];
  }

  /** The events since this was last asked, as `Type Reason`. */
  events(): string[] {
    const writes = this.client.writes.slice(this.#eventsSeen);
    this.#eventsSeen = this.client.writes.length;
    return writes.filter(({ path }) => path.includes("/events")).map(({ options }) => {
      const { type, reason } = options.bodyJson as Event;
      return `${type} ${reason}`;
    });
  }

  message(at: string, type = "Ready"): string {
    return this.resource(at)?.status?.conditions?.find((c) => c.type === type)?.message ?? "";
  }

  /** The program ends here; another one goes on with what is there. */
  async restart(): Promise<World> {
    await this[Symbol.asyncDispose]();
    const next = new World(this);
    await next.settle();
    return next;
  }

  async [Symbol.asyncDispose]() {
    this.#abort.abort();
    await this.#running;
  }

  #open(servers: Tracked<DittoServer>, key: string) {
    const resource = servers.cache.get(key);
    if (!resource || key !== makeKey("files", "demo")) {
      return Promise.reject(new NotServingError("NotReady", "pod demo-0 is not ready"));
    }
    const { http, clock } = this;
    const client = new DittofsClient({ http, clock, baseUrl: "http://demo-api.files.svc:8080" });
    const server = readServer(resource);
    return Promise.resolve({ client, as: () => client, resource, server, podUid: "pod" });
  }

  async #put(
    kind: string,
    at: string,
    spec: Readonly<Record<string, unknown>>,
    metadata: Meta,
  ) {
    const before = this.server.read(at);
    this.server.put(at, {
      ...{ apiVersion: API_VERSION, kind },
      metadata: {
        creationTimestamp: new Date(this.clock.now()).toISOString(),
        ...before?.metadata,
        namespace: "files",
        ...metadata,
      },
      spec: { serverRef: { name: "demo", namespace: "files" }, ...spec },
    });
    await this.settle();
  }
}
