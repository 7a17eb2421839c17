// A RestClient with faults in it, around any other.
//
// A fault is a rule: which request it strikes, what then happens, how often. Rules are asked in
// order; the first that applies decides about a request. Faults that fit most needs are in
// faults.ts; a fault is only a function, so a test can write its own.
//
// Writes are counted and kept, so that a test can run once without faults, ask how many points
// there are at which a program may die, and then let it die at each of them.

import type { RequestOptions, RestClient } from "../rest_client.ts";
import { relay } from "./byte_feed.ts";

/** A request as rules see it. */
export interface SeenRequest {
  readonly method: RequestOptions["method"];
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether the answer is a stream of events. */
  readonly isWatch: boolean;
  /** 1 for the first request of this client, and so on. */
  readonly index: number;
  /** 1 for the first write of this client, and so on; 0 for a read. */
  readonly write: number;
  readonly options: RequestOptions;
}

/** One request in the hands of a fault. */
export interface Call {
  readonly request: SeenRequest;
  /** Performs the request with the real client. */
  forward(): Promise<unknown>;
  /** Kills the client; the error that it fails with from now on. */
  crash(): CrashError;
}

/** What happens to a request instead of being performed. */
export type Fault = (call: Call) => Promise<unknown>;

/** When to let what happen. */
export interface Rule {
  readonly when: (request: SeenRequest) => boolean;
  readonly then: Fault;
  /** How many requests it strikes. @default 1 */
  readonly times?: number;
}

/** The program died here. Nothing that it does afterwards reaches the API server. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

/** Options of a {@link FaultClient}. */
export interface FaultClientOptions {
  readonly rules?: readonly Rule[];
  /** Which requests count as writes. @default everything but GET */
  readonly isWrite?: (options: RequestOptions) => boolean;
}

interface OpenStream {
  readonly request: SeenRequest;
  readonly end: () => void;
}

/** A {@link RestClient} that fails as it is told. */
export class FaultClient implements RestClient {
  /** All requests so far. */
  readonly requests: SeenRequest[] = [];
  /** All writes so far; the k-th has `write` k. */
  readonly writes: SeenRequest[] = [];
  readonly defaultNamespace?: string;
  readonly #client: RestClient;
  readonly #isWrite: (options: RequestOptions) => boolean;
  readonly #rules: { readonly rule: Rule; left: number }[] = [];
  readonly #streams = new Set<OpenStream>();
  readonly #crashed = Promise.withResolvers<CrashError>();
  #crash: CrashError | undefined;

  constructor(client: RestClient, options: FaultClientOptions = {}) {
    this.#client = client;
    this.#isWrite = options.isWrite ?? (({ method }) => method !== "GET");
    if (client.defaultNamespace) this.defaultNamespace = client.defaultNamespace;
    for (const rule of options.rules ?? []) this.add(rule);
  }

  /** Resolves when a fault has killed this client; a test then abandons the program. */
  get crashed(): Promise<CrashError> {
    return this.#crashed.promise;
  }

  /** Adds a rule behind those that there are. The result takes it away again. */
  add(rule: Rule): Disposable {
    const entry = { rule, left: rule.times ?? 1 };
    this.#rules.push(entry);
    return {
      [Symbol.dispose]: () => {
        entry.left = 0;
      },
    };
  }

  /** Kills the client from outside, as when the program died at another of its connections. */
  kill(why: string): CrashError {
    this.#crash ??= new CrashError(why);
    this.#crashed.resolve(this.#crash);
    return this.#crash;
  }

  /** Ends the open streams that match, as a server does that restarts. Returns how many. */
  endStreams(when: (request: SeenRequest) => boolean = () => true): number {
    const ending = [...this.#streams].filter(({ request }) => when(request));
    for (const stream of ending) stream.end();
    return ending.length;
  }

  async performRequest(options: RequestOptions): Promise<unknown> {
    if (this.#crash) throw this.#crash;
    const request = this.#see(options);
    const answer = this.#answer(request);
    const dead = this.crashed.then((error) => Promise.reject(error));
    try {
      const value = await Promise.race([answer, dead]);
      return value instanceof ReadableStream ? this.#follow(value, request) : value;
    } finally {
      // A dead program takes no answer any more, and nobody must miss the loser of the race.
      dead.catch(() => {});
      if (this.#crash) answer.then(discard, () => {});
    }
  }

  #see(options: RequestOptions): SeenRequest {
    const isWrite = this.#isWrite(options);
    const request: SeenRequest = {
      method: options.method,
      path: options.path,
      query: options.querystring ?? new URLSearchParams(),
      isWatch: options.expectStream === true,
      index: this.requests.length + 1,
      write: isWrite ? this.writes.length + 1 : 0,
      options,
    };
    this.requests.push(request);
    if (isWrite) this.writes.push(request);
    return request;
  }

  #answer(request: SeenRequest): Promise<unknown> {
    const forward = () => this.#client.performRequest(request.options);
    const struck = this.#rules.find(({ rule, left }) => left > 0 && rule.when(request));
    if (!struck) return forward();
    struck.left--;
    const crash = () => this.kill(`crashed at ${request.method} ${request.path}`);
    return struck.rule.then({ request, forward, crash });
  }

  #follow(source: ReadableStream<unknown>, request: SeenRequest): ReadableStream<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stream = { request, end: () => (forget(), resolve()) };
    const forget = () => void this.#streams.delete(stream);
    this.#streams.add(stream);
    this.crashed.then(reject);
    return relay(source, { until: promise, onClose: forget });
  }
}

function discard(answer: unknown): void {
  if (answer instanceof ReadableStream) answer.cancel().catch(() => {});
}
