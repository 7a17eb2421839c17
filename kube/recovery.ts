// Waiting for an API server that cannot be reached.
//
// After a minute of outage every loop would sleep for up to its own half minute, each drawn by
// chance, and a cluster that is back would look dead. So while anybody waits for a server that
// cannot be reached at all, one small question is asked about once a second; its first answer
// lets all of them go on. One question a second from each program is no load, also for a server
// that is just starting; what an overloaded server answers (429, 5xx) never comes here.

import type { Clock, Random } from "./clock.ts";
import { sleep } from "./clock.ts";

/** Average time between two questions, in milliseconds. */
const ASK_EVERY_MS = 1_000;

/** Lets everybody who waits for the API server go on when it can be reached again. */
export class Recovery {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ask: () => Promise<boolean>;
  readonly #waiting = new Set<() => void>();
  readonly #listeners: (() => void)[] = [];
  #asking = false;

  /** `ask` says whether the server can be reached, and never rejects. */
  constructor(clock: Clock, random: Random, ask: () => Promise<boolean>) {
    this.#clock = clock;
    this.#random = random;
    this.#ask = ask;
  }

  /** Calls back each time that the server can be reached again. */
  onRecovered(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Resolves after `ms` milliseconds, or when the server can be reached again, or on abort.
   * True says that it can be reached again, and that it is ready.
   */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    const early = new AbortController();
    const wake = () => early.abort();
    this.#waiting.add(wake);
    if (!this.#asking) void this.#askUntilReached();
    await sleep(this.#clock, ms, AbortSignal.any([signal, early.signal]));
    this.#waiting.delete(wake);
    return early.signal.aborted;
  }

  async #askUntilReached(): Promise<void> {
    this.#asking = true;
    try {
      while (this.#waiting.size > 0) {
        const pauseMs = ASK_EVERY_MS * (0.5 + this.#random());
        await sleep(this.#clock, pauseMs, NEVER);
        if (this.#waiting.size > 0 && await this.#ask()) {
          for (const wake of this.#waiting) wake();
          for (const listener of this.#listeners) listener();
          return;
        }
      }
    } finally {
      this.#asking = false;
    }
  }
}

const NEVER = new AbortController().signal;
