// A real server of one test file, and our client of it that remembers what was answered.

import type { DittoServerInput } from "../../api/dittoserver.ts";
import type { AdapterType } from "../../dittofs/adapters.ts";
import { DittofsClient } from "../../dittofs/client.ts";
import { ServerError } from "../../dittofs/errors.ts";
import { FetchHttp } from "../../dittofs/fetch_http.ts";
import type { Http, HttpAnswer, HttpRequest, TlsFiles } from "../../dittofs/http.ts";
import type { Tokens } from "../../dittofs/auth.ts";
import { systemClock } from "../../kube/clock.ts";
import { until } from "../harness/poll.ts";
import { freePort } from "../harness/ports.ts";
import { type RunningServer, SECRET, startServer } from "./_dfs.ts";

/** An answer as it came, for what the client hides. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Of tests that start the server of their file anew: it was there before them, and is after. */
export const RESTARTING = { sanitizeOps: false, sanitizeResources: false } as const;

/** A server, and who asks it. */
export class Contract implements AsyncDisposable {
  readonly client: DittofsClient;
  readonly #http: Recorder;
  #tokens: Tokens | undefined;

  private constructor(
    readonly server: RunningServer,
    readonly baseUrl: string,
    tls: TlsFiles,
  ) {
    this.#http = new Recorder(tls);
    this.client = this.as(() => this.#tokens?.accessToken ?? "");
  }

  /** Starts a server and logs in as its administrator. */
  static async start(spec: Partial<DittoServerInput> = {}, tls: TlsFiles = {}): Promise<Contract> {
    const port = freePort();
    const server = await startServer({ ...spec, controlPlane: { ...spec.controlPlane, port } });
    const scheme = spec.controlPlane?.certSecretName === undefined ? "http" : "https";
    const contract = new Contract(server, `${scheme}://127.0.0.1:${port}`, tls);
    try {
      await contract.login();
      return contract;
    } catch (error) {
      await contract[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Takes a new token of the administrator. */
  async login(): Promise<void> {
    this.#tokens = await this.client.auth.login("admin", SECRET);
  }

  /**
   * Gives an adapter a port on which nobody listens, and waits until it does. The ports of a first
   * start are the same for every server, so that those of others may be in their way.
   */
  async moveAdapter(type: AdapterType): Promise<number> {
    const { port } = await this.client.adapters.update(type, { port: freePort() });
    await until(`${type} listens`, () => listens(port), { within: 10_000 });
    return port;
  }

  /** Another client of the same server. */
  as(token: () => string): DittofsClient {
    return new DittofsClient({
      baseUrl: this.baseUrl,
      clock: systemClock,
      http: this.#http,
      token: async () => await Promise.resolve(token()),
    });
  }

  /** A path below the server's own directory. */
  path(name: string): string {
    return `${this.server.directory}/data/${name}`;
  }

  /** One request as somebody without this client would send it; by the administrator if not told. */
  async raw(
    method: HttpRequest["method"],
    path: string,
    body?: string,
    token = this.#tokens?.accessToken,
  ): Promise<RawAnswer> {
    const { headers, status, text } = await this.#http.send({
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      method,
      signal: AbortSignal.timeout(40_000),
      url: `${this.baseUrl}${path}`,
      ...(body !== undefined && { body }),
    });
    return { status, text, type: headers.get("content-type") ?? "" };
  }

  /** The last successful answer of each endpoint so far, by `METHOD /path` below /api/v1. */
  get answers(): ReadonlyMap<string, string> {
    return this.#http.answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.close();
    await this.server[Symbol.asyncDispose]();
  }
}

class Recorder implements Http {
  readonly answers = new Map<string, string>();
  readonly #http: FetchHttp;

  constructor(tls: TlsFiles) {
    this.#http = new FetchHttp(tls);
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.#http.send(request);
    if (answer.status < 300 && answer.text !== "") {
      const path = new URL(request.url).pathname.replace(/^\/api\/v1/, "");
      this.answers.set(`${request.method} ${path}`, answer.text);
    }
    return answer;
  }

  close(): void {
    this.#http.close();
  }
}

/** Whether somebody listens on a port of loopback. */
export async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

/** Status, endpoint and words of the server's refusal, as one line. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    if (error instanceof ServerError) return error.message;
    throw error;
  }
}
