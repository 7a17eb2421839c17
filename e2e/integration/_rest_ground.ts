// The whole operator in process, real servers beside a control plane, and what a test asks of both.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Dial } from "../../controllers/dittoserver/rest/dial.ts";
import { FetchHttp } from "../../dittofs/fetch_http.ts";
import type { Http, HttpRequest } from "../../dittofs/http.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Live } from "../../kube/object.ts";
import type { RestClient } from "../../kube/rest_client.ts";
import { until } from "../harness/poll.ts";
import { DfsBeside } from "./_dfs_beside.ts";
import type { DfsServer } from "./_dfs_server.ts";
import { type InProcess, runInProcess } from "./_in_process.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";
import { read } from "./_read.ts";

/** The namespace of all servers. */
export const namespace = "files";

/** Ports of the pods by those of their Services, where the spec says no others. */
const POD_PORTS = new Map([[2049, 12049], [445, 1445]]);

/** Longer than anything takes that does not wait for a restart. */
const WITHIN = 60_000;

type Spec = Readonly<Record<string, unknown>>;

/** What may be put between the operator and its two kinds of servers. */
export interface Faults {
  readonly client?: (real: RestClient) => RestClient;
  readonly http?: (real: Http) => Http;
}

/** Operator, control plane and servers. */
export class RestGround implements AsyncDisposable {
  /** Each REST call of the operator so far, as `METHOD URL`. */
  readonly calls: string[] = [];
  /** Ports of pods that the spec of a test chooses, by those of their Services. */
  readonly podPorts = new Map(POD_PORTS);
  #operator: InProcess | undefined;

  private constructor(
    readonly plane: TestPlane,
    readonly beside: DfsBeside,
    readonly everywhere: boolean,
  ) {}

  /** With `everywhere` the operator works in all namespaces. */
  static async start({ everywhere = false } = {}): Promise<RestGround> {
    const plane = await testPlane({
      controllerManager: true,
      // A volume learns only then that its claim is gone; 15 s otherwise.
      controllerManagerArgs: ["--pvclaimbinder-sync-period=1s"],
    });
    for (const name of ["dittofs-system", namespace]) {
      await plane.kubectl(["create", "namespace", name]);
    }
    await install(plane);
    const ground = new RestGround(plane, new DfsBeside(plane), everywhere);
    await ground.startOperator();
    return ground;
  }

  get operator(): InProcess {
    if (!this.#operator) throw new Error("there is no operator at present");
    return this.#operator;
  }

  async startOperator({ client, http: between }: Faults = {}): Promise<void> {
    this.#operator = await runInProcess(this.plane, {
      ...(client && { through: client }),
      ...{ userAgent: "rest-test", dial: this.#dial },
      namespace: this.everywhere ? undefined : namespace,
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      http: (tls) => {
        const real = this.beside.http(new FetchHttp(tls));
        const http = between ? between(real) : real;
        return {
          send: (request: HttpRequest) => {
            this.calls.push(`${request.method} ${request.url}`);
            return http.send(request);
          },
          close: () => http.close(),
        };
      },
    });
  }

  async stopOperator(): Promise<void> {
    await this.#operator?.[Symbol.asyncDispose]();
    this.#operator = undefined;
  }

  /** The operator that there is, or one. */
  async ensureOperator(): Promise<void> {
    if (!this.#operator) await this.startOperator();
  }

  /** Another operator, that knows nothing but what is in the cluster. */
  async restartOperator(): Promise<void> {
    await this.stopOperator();
    await this.startOperator();
  }

  readonly #dial: Dial = async (host, port, signal) => {
    const podPort = this.podPorts.get(port) ?? port;
    const { hostname, port: moved } = addressOf(this.beside, host, podPort);
    (await Deno.connect({ hostname, port: moved, signal })).close();
  };

  /** Makes a server, and waits until it is Ready. */
  async create(name: string, spec: Spec = {}): Promise<DfsServer> {
    await this.apply({
      apiVersion: "dittofs.dittofs.com/v1alpha1",
      kind: "DittoServer",
      metadata: { name, namespace },
      spec: { storage: { metadataSize: "1Gi", contentSize: "1Gi" }, ...spec },
    });
    const server = this.beside.server(namespace, name);
    await server.ready();
    await this.untilCondition(name, "Ready", "Serving");
    return server;
  }

  async apply(object: unknown): Promise<void> {
    await this.plane.kubectl(["apply", "--server-side", "-f", "-"], {
      input: JSON.stringify(object),
    });
  }

  /** Changes a server's spec. */
  async patch(name: string, spec: Spec): Promise<void> {
    const patch = ["--type=merge", "-p", JSON.stringify({ spec })];
    const resource = ["dittoserver", name, "--namespace", namespace];
    await this.plane.kubectl(["patch", ...resource, ...patch]);
  }

  /** Makes or changes a Secret. */
  async secret(name: string, values: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    const encode = (value: string | Uint8Array) =>
      (typeof value === "string" ? new TextEncoder().encode(value) : value).toBase64();
    const data = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, encode(v)]));
    const metadata = { name, namespace };
    await this.apply({ apiVersion: "v1", kind: "Secret", metadata, data });
  }

  /** A value of a Secret. */
  async secretValue(name: string, key: string): Promise<string> {
    const data = `jsonpath={.data['${key}']}`;
    const value = await this.get("secret", name, data);
    return new TextDecoder().decode(Uint8Array.fromBase64(value));
  }

  get(kind: string, name: string, output: string): Promise<string> {
    return this.plane.kubectl(["get", kind, name, "--namespace", namespace, "-o", output]);
  }

  async status(name: string): Promise<NonNullable<DittoServer["status"]>> {
    return (await this.#server(name)).status ?? {};
  }

  async condition(name: string, type: string) {
    return (await this.status(name)).conditions?.find((condition) => condition.type === type);
  }

  #server(name: string): Promise<Live<DittoServer>> {
    return read<DittoServer>(this.plane, "dittoservers", namespace, name);
  }

  /** Waits until a condition of the present generation has a reason; returns its message. */
  async untilCondition(name: string, type: string, reason: string): Promise<string> {
    let last: unknown;
    try {
      return await until(`${name} has ${type} ${reason}`, async () => {
        const server = await this.#server(name);
        const found = server.status?.conditions?.find((condition) => condition.type === type);
        last = found;
        const current = found?.observedGeneration === server.metadata.generation;
        return found?.reason === reason && current && found.message;
      }, { within: 60_000 });
    } catch (cause) {
      throw new Error(`it is ${JSON.stringify(last)}; ${this.operator.lines.slice(-5)}`, { cause });
    }
  }

  /** Has the operator look at a server, as its slow check does, until something is so. */
  async lookUntil<T>(name: string, what: string, ask: () => Promise<T | undefined | false>) {
    this.operator.hurry(`${namespace}/${name}`);
    return await this.until(what, ask);
  }

  until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    return until(what, ask, { within: WITHIN });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopOperator();
    await this.beside[Symbol.asyncDispose]();
    await this.plane[Symbol.asyncDispose]();
  }
}

function addressOf(beside: DfsBeside, host: string, port: number) {
  try {
    return beside.address(host, port);
  } catch (error) {
    // A name that is not known says nothing of a server, in any cluster.
    if (error instanceof ServerUnreachableError) throw new Error(error.message);
    throw error;
  }
}
