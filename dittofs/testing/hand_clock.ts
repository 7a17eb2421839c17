// Time that stands still until a test moves it.

import { setImmediate } from "node:timers";
import type { Clock } from "../requests.ts";

/** A {@link Clock} for tests. */
export class HandClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  #now = Date.UTC(2030, 0, 1);

  now(): number {
    return this.#now;
  }

  timer(ms: number, callback: () => void): Disposable {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Timers that are set. A test that ends with one has leaked it. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets everything run that waits for neither time nor input. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves the time on, calls what has come due, and lets its consequences run. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    this.#now += ms;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
      this.#timers.delete(timer);
      timer.callback();
    }
    await this.settle();
  }
}
