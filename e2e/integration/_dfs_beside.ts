// Real servers beside a control plane without nodes: a kubelet for the pods of DittoServers.
//
// Each pod that the StatefulSet controller makes gets a dfs process on loopback, with the files,
// variables and data that the pod asks for, and becomes Ready when the process answers. A pod
// that is deleted takes its process with it; the data stays for the next one. Of the pod's
// security, resources, probes and preStop pause nothing is done.
//
//   await using beside = new DfsBeside(ground);          // a plane with controllerManager: true
//   const http = beside.http(new FetchHttp(…));          // NAME-api.NS.svc leads to loopback
//   …make a DittoServer and run the operator…
//   const server = beside.server("ns", "files");
//   await server.ready();
//   await server.byHand("DELETE", "/users/alice");
//   await server.loseDatabase();

import type { Pod } from "../../api/kubernetes/types.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Http, HttpRequest } from "../../dittofs/http.ts";
import type { Live } from "../../kube/object.ts";
import { PlaneError } from "../harness/control_plane_client.ts";
import { pause } from "../harness/poll.ts";
import { DfsServer } from "./_dfs_server.ts";
import type { TestPlane } from "./_plane.ts";

const PODS = "/api/v1/pods?labelSelector=app%3Ddittofs-server";

/** Runs dfs for the pods of a control plane, until it is disposed of. */
export class DfsBeside implements AsyncDisposable {
  readonly #ground: TestPlane;
  readonly #directory: string;
  readonly #servers = new Map<string, DfsServer>();
  /** Servers that are being brought to what their pods are. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #working: Promise<void>;
  /** What no test may overlook; told when this is disposed of. */
  #failure: unknown;

  constructor(ground: TestPlane) {
    this.#ground = ground;
    this.#directory = Deno.makeTempDirSync({ prefix: "dfs-" });
    this.#working = this.#work();
    this.#working.catch((error) => this.#failure ??= error);
  }

  /** A server, also before there is anything of it. */
  server(namespace: string, name: string): DfsServer {
    const key = `${namespace}/${name}`;
    let server = this.#servers.get(key);
    if (!server) {
      const directory = `${this.#directory}/${namespace}.${name}`;
      Deno.mkdirSync(directory);
      server = new DfsServer(this.#ground, { namespace, name, directory });
      this.#servers.set(key, server);
    }
    return server;
  }

  /** Leads calls to Services of servers to the processes, as another Http performs them. */
  http(real: Http): Http {
    return {
      send: (request) => this.#send(real, request),
      close: () => real.close(),
    };
  }

  /**
   * The address on this machine of `SERVICE.NAMESPACE.svc:PORT`, for who connects by himself.
   * `servicePort` of a protocol's Service is the pod's port here.
   */
  address(host: string, podPort: number): { readonly hostname: string; readonly port: number } {
    const { server } = this.#find(host);
    // What listens nowhere refuses connections as well.
    return { hostname: "127.0.0.1", port: server.url ? server.loopback.port(podPort) : 1 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#working, ...this.#busy.values()]);
    for (const server of this.#servers.values()) await server[Symbol.asyncDispose]();
    await Deno.remove(this.#directory, { recursive: true });
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #send(real: Http, request: HttpRequest) {
    const { hostname, host, pathname, search } = new URL(request.url);
    const { server } = this.#find(hostname);
    const { url } = server;
    if (url === undefined) throw new ServerUnreachableError("refused", `${host} has no endpoint`);
    const { body, ...rest } = request;
    const moved = body === undefined ? {} : { body: server.loopback.request(pathname, body) };
    const answer = await real.send({ ...rest, ...moved, url: url + pathname + search });
    return { ...answer, text: server.loopback.answer(pathname, answer.text) };
  }

  #find(host: string) {
    const [service = "", namespace = ""] = host.split(".");
    const name = /^(.+)-(api|adapter-nfs|adapter-smb)$/.exec(service)?.[1];
    const server = this.#servers.get(`${namespace}/${name}`);
    if (!server) throw new ServerUnreachableError("dns", `${host} is not known`);
    return { server };
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const pods = await this.#pods();
      for (const [key, pod] of pods ?? []) {
        const [namespace = "", name = ""] = key.split("/");
        this.#follow(key, this.server(namespace, name), pod);
      }
      for (const [key, server] of this.#servers) {
        if (pods && !pods.has(key)) this.#follow(key, server, undefined);
      }
      await pause(100, signal).catch(() => {});
    }
  }

  #follow(key: string, server: DfsServer, pod: Live<Pod> | undefined): void {
    if (this.#busy.has(key)) return;
    const following = server.follow(pod).finally(() => this.#busy.delete(key));
    this.#busy.set(key, following);
    following.catch((error) => {
      this.#failure ??= error;
      this.#stop.abort();
    });
  }

  /** The pods by the servers that they are of; undefined while the API server is away. */
  async #pods(): Promise<ReadonlyMap<string, Live<Pod>> | undefined> {
    try {
      const { items } = await this.#ground.plane.client().json(PODS, {
        userAgent: "dfs-kubelet",
      }) as { readonly items: readonly Live<Pod>[] };
      return new Map(items.map((pod) => {
        const { namespace, labels } = pod.metadata;
        return [`${namespace}/${labels?.instance}`, pod];
      }));
    } catch (error) {
      if (error instanceof PlaneError && error.status === undefined) return undefined;
      throw error;
    }
  }
}
