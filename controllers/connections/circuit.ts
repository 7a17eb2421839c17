// One dead server delays nobody twice.
//
// Who first finds that a server does not answer has waited for it; everybody else then fails at
// once with the same error, until one probe has got an answer. What a single slow request says
// is not held against the server: with a dead S3 behind it, requests about shares and stores take
// half a minute, and their connection may just end, while all others are answered.

import { ServerUnreachableError } from "../../dittofs/errors.ts";
import type { Http, HttpAnswer, HttpRequest } from "../../dittofs/http.ts";
import type { Clock, Random } from "../../kube/clock.ts";

/** Requests that wait for what is behind the server, and say nothing about the server itself. */
const WAITS_FOR_OTHERS = /\/api\/v1\/(shares|store|system|blockstore)(\/|\?|$)/;

/** How long to wait between probes of a dead server, in milliseconds. */
const FIRST_PROBE_MS = 1_000;
const PROBE_AT_MOST_MS = 60_000;

/** What a circuit is made of. */
export interface CircuitOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Is told when the server stops to answer, and when it answers again. */
  readonly onChange: () => void;
}

/** An {@link Http} that gives up at once while its server does not answer. */
export class Circuit implements Http {
  readonly #http: Http;
  readonly #options: CircuitOptions;
  #error: ServerUnreachableError | undefined;
  readonly #pending = new Set<() => void>();
  #failures = 0;
  #probeAt = 0;

  constructor(http: Http, options: CircuitOptions) {
    this.#http = http;
    this.#options = options;
  }

  /** Why the server is not asked, while it is not. */
  get error(): ServerUnreachableError | undefined {
    return this.#error;
  }

  /** Milliseconds until the next probe is due; 0 or less once it is, or while all is well. */
  get probeInMs(): number {
    return this.#error ? this.#probeAt - this.#options.clock.now() : 0;
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    if (this.#error) throw this.#error;
    return await this.#send(request);
  }

  /** Sends `request` although the server does not answer; an answer of any kind makes it alive. */
  async probe(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.#send(request);
    if (this.#error) {
      this.reset();
      this.#options.onChange();
    }
    return answer;
  }

  /** What was found out so far does not count any more. */
  reset(): void {
    this.#error = undefined;
    this.#failures = 0;
  }

  /** Ends also what is under way. */
  close(): void {
    for (const giveUp of this.#pending) giveUp();
    this.#http.close();
  }

  async #send(request: HttpRequest): Promise<HttpAnswer> {
    const { signal } = request;
    // The time limit is the caller's, and it does not wait for what we make of it.
    const expired = () => this.#failed(request, signal.reason);
    signal.addEventListener("abort", expired, { once: true });
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const giveUp = () => reject(new ServerUnreachableError("reset", "the connection is given up"));
    this.#pending.add(giveUp);
    const sent = this.#http.send(request);
    sent.then(resolve, (error) => {
      if (!signal.aborted) this.#failed(request, error);
      reject(error);
    });
    try {
      return await promise;
    } finally {
      this.#pending.delete(giveUp);
      signal.removeEventListener("abort", expired);
    }
  }

  #failed({ url }: HttpRequest, error: unknown): void {
    if (!(error instanceof ServerUnreachableError)) return;
    const vague = error.kind === "timeout" || error.kind === "reset";
    if (vague && WAITS_FOR_OTHERS.test(url)) return;
    const { clock, random, onChange } = this.#options;
    const ceiling = Math.min(PROBE_AT_MOST_MS, FIRST_PROBE_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    // Half of it is chance, so that a network that comes back is not asked for all at one time.
    this.#probeAt = clock.now() + ceiling * (1 + random()) / 2;
    const alive = this.#error === undefined;
    this.#error = error;
    if (alive) onChange();
  }
}
