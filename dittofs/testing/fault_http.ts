// An Http with faults in it, around any other; the twin of kube/testing/fault_client.ts.
//
// A fault is a rule: which call it strikes, what then happens, how often. Rules are asked in
// order; the first that applies decides about a call. Faults that fit most needs are in
// http_faults.ts; a fault is only a function, so a test can write its own.
//
// Calls are counted and kept: a test runs once without faults, asks how many points there are at
// which a program may die, and then lets it die at each of them.

import type { Http, HttpAnswer, HttpRequest } from "../http.ts";

/** A call as rules see it. */
export interface SeenCall {
  readonly method: HttpRequest["method"];
  readonly url: URL;
  /** 1 for the first call, and so on. */
  readonly index: number;
  /** 1 for the first call that writes, and so on; 0 for one that reads. */
  readonly write: number;
  readonly request: HttpRequest;
}

/** One call in the hands of a fault. */
export interface HttpCall {
  readonly call: SeenCall;
  /** Performs the call with the real Http. */
  forward(): Promise<HttpAnswer>;
  /** Kills the program; the error that everything fails with from now on. */
  crash(): HttpCrashError;
}

/** What happens to a call instead of being performed. */
export type HttpFault = (call: HttpCall) => Promise<HttpAnswer>;

/** When to let what happen. */
export interface HttpRule {
  readonly when: (call: SeenCall) => boolean;
  readonly then: HttpFault;
  /** How many calls it strikes. @default 1 */
  readonly times?: number;
}

/** The program died here. Nothing that it does afterwards reaches a server. */
export class HttpCrashError extends Error {
  override readonly name = "HttpCrashError";
}

/** Options of a {@link FaultHttp}. */
export interface FaultHttpOptions {
  readonly rules?: readonly HttpRule[];
  /** Which calls count as writes. @default everything but GET */
  readonly isWrite?: (request: HttpRequest) => boolean;
}

/** An {@link Http} that fails as it is told. */
export class FaultHttp implements Http {
  /** All calls so far. */
  readonly calls: SeenCall[] = [];
  /** All calls so far that write; the k-th has `write` k. */
  readonly writes: SeenCall[] = [];
  readonly #http: Http;
  readonly #isWrite: (request: HttpRequest) => boolean;
  readonly #rules: { readonly rule: HttpRule; left: number }[] = [];
  readonly #crashed = Promise.withResolvers<HttpCrashError>();
  #crash: HttpCrashError | undefined;

  constructor(http: Http, options: FaultHttpOptions = {}) {
    this.#http = http;
    this.#isWrite = options.isWrite ?? (({ method }) => method !== "GET");
    for (const rule of options.rules ?? []) this.add(rule);
  }

  /** Resolves when a fault has killed the program; a test then abandons it. */
  get crashed(): Promise<HttpCrashError> {
    return this.#crashed.promise;
  }

  /** Adds a rule behind those that there are. The result takes it away again. */
  add(rule: HttpRule): Disposable {
    const entry = { rule, left: rule.times ?? 1 };
    this.#rules.push(entry);
    return {
      [Symbol.dispose]: () => {
        entry.left = 0;
      },
    };
  }

  /** Kills the program from outside, as when it died at another of its connections. */
  kill(why: string): HttpCrashError {
    this.#crash ??= new HttpCrashError(why);
    this.#crashed.resolve(this.#crash);
    return this.#crash;
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    if (this.#crash) throw this.#crash;
    const answer = this.#answer(this.#see(request));
    const dead = this.crashed.then((error) => Promise.reject(error));
    try {
      return await Promise.race([answer, dead]);
    } finally {
      // A dead program takes no answer any more, and nobody must miss the loser of the race.
      dead.catch(() => {});
      answer.catch(() => {});
    }
  }

  close(): void {
    this.#http.close();
  }

  #see(request: HttpRequest): SeenCall {
    const isWrite = this.#isWrite(request);
    const call: SeenCall = {
      method: request.method,
      url: new URL(request.url),
      index: this.calls.length + 1,
      write: isWrite ? this.writes.length + 1 : 0,
      request,
    };
    this.calls.push(call);
    if (isWrite) this.writes.push(call);
    return call;
  }

  #answer(call: SeenCall): Promise<HttpAnswer> {
    const forward = () => this.#http.send(call.request);
    const struck = this.#rules.find(({ rule, left }) => left > 0 && rule.when(call));
    if (!struck) return forward();
    struck.left--;
    const crash = () => this.kill(`crashed at ${call.method} ${call.url.pathname}`);
    return struck.rule.then({ call, forward, crash });
  }
}
