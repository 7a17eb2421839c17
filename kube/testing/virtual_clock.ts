// Time that moves only when a test says so, and chance that a seed decides.
//
// Whatever a test sets off runs until it waits: for a timer, for input that the test holds, or
// for nothing at all. Only then does the time move on, straight to the next timer. A test of an
// hour takes a millisecond and takes the same course each time.

import { setImmediate } from "node:timers";
import type { Clock, Random } from "../clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A {@link Clock} for tests. */
export class VirtualClock implements Clock {
  /** In the order in which they were set, which decides among timers of one moment. */
  readonly #timers = new Set<Timer>();
  #now: number;

  /** @param start milliseconds since the epoch */
  constructor(start = Date.UTC(2030, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  timer(ms: number, callback: () => void): Disposable {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Timers that are set and not due. A test that ends with one has leaked it. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets everything run that does not wait for time or for the outside world. */
  settle(): Promise<void> {
    // One turn of the event loop: all microtasks run before it ends, however long their chain.
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves the time on, stopping at each timer that comes due to let its consequences settle. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let next; (next = this.#next()) && next.at <= end;) {
      this.#fire(next);
      await this.settle();
    }
    this.#now = end;
  }

  /**
   * Moves the time on, timer by timer, until the promise settles, and gives what it gives.
   * Throws if it cannot settle: no timer is left, or none within `withinMs`.
   */
  async runUntil<T>(promise: Promise<T>, withinMs = 3_600_000): Promise<T> {
    const end = this.#now + withinMs;
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    while (true) {
      await this.settle();
      if (settled) return await promise;
      const next = this.#next();
      if (!next) throw new Error("this would wait for ever: no timer is set");
      if (next.at > end) throw new Error(`not settled within ${withinMs} ms of virtual time`);
      this.#fire(next);
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next.at) next = timer;
    }
    return next;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#now = timer.at;
    timer.callback();
  }
}

/** Numbers in [0, 1) that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
