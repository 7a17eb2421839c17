// Requests that have no answer yet.
//
// Each ends: with its answer, with its deadline, with the signal of who asked, or when all are
// given up. A client that ignores its abort signal is not waited for.
//
// All have the same time, so the one that began first is due first, and one timer does for all: a
// timer for each is a tenth of what a request costs.

import type { Clock } from "./clock.ts";
import { ConnectionError, fromRejection } from "./errors.ts";

interface Request {
  readonly began: number;
  /** What it asks for, such as `GET /readyz`. */
  readonly what: string;
  readonly end: (reason: unknown) => void;
}

/** The requests of one client that are under way. */
export class Pending {
  readonly #clock: Clock;
  readonly #limitMs: number;
  /** In the order in which they began. */
  readonly #requests = new Set<Request>();
  #timer: Disposable | undefined;

  /** @param limitMs how long each may take */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /**
   * What `send` gives, or its failure as one of errors.ts. When the request is over before, a
   * rejection with the reason, which the signal given to `send` has too.
   *
   * @param what what it asks for, such as `GET /readyz`
   * @param outer the signal of who asked
   */
  during<V>(
    what: string,
    outer: AbortSignal | undefined,
    send: (signal: AbortSignal) => Promise<V>,
  ): Promise<V> {
    return new Promise((resolve, reject) => {
      const abort = new AbortController();
      const follow = () => request.end(outer?.reason);
      const settled = () => {
        outer?.removeEventListener("abort", follow);
        this.#remove(request);
      };
      const request: Request = {
        ...{ began: this.#clock.now(), what },
        end: (reason) => {
          settled();
          abort.abort(reason);
          reject(reason);
        },
      };
      this.#requests.add(request);
      this.#timer ??= this.#arm(this.#limitMs);
      outer?.addEventListener("abort", follow);
      if (outer?.aborted) return follow();
      Promise.try(send, abort.signal).then((value) => {
        settled();
        resolve(value);
      }, (error) => {
        settled();
        reject(fromRejection(error));
      });
    });
  }

  /** Gives up every request that has no answer yet. */
  giveUp(reason: Error): void {
    for (const request of this.#requests) request.end(reason);
  }

  #remove(request: Request): void {
    this.#requests.delete(request);
    if (this.#requests.size > 0) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(ms: number): Disposable {
    return this.#clock.timer(ms, () => {
      const now = this.#clock.now();
      for (const { began, what, end } of this.#requests) {
        const age = now - began;
        // A clock that was set back says nothing about the age.
        if (age >= 0 && age < this.#limitMs) {
          this.#timer = this.#arm(this.#limitMs - age);
          return;
        }
        end(new ConnectionError(`${what} took longer than ${this.#limitMs / 1000} s`));
      }
    });
  }
}
