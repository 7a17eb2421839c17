// How long to wait after a failure: exponential, with full jitter.
//
// Full jitter (a delay drawn from zero to the ceiling) keeps many clients of a recovering API
// server apart. The ceiling falls back only after a spell of health: a connection that opens
// and dies at once must not start from the beginning each time.

import type { Clock, Random } from "./clock.ts";

/** The bounds of a backoff, in milliseconds. */
export interface BackoffOptions {
  /** Ceiling of the first delay. @default 800 */
  readonly firstMs?: number;
  /** Ceiling of every delay. @default 30_000 */
  readonly maxMs?: number;
  /** Time without a failure after which the ceiling starts again. @default 120_000 */
  readonly healthyMs?: number;
}

/** Delays between the attempts of one loop. */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: Required<BackoffOptions>;
  #failures = 0;
  #retryAt = 0;

  constructor(clock: Clock, random: Random, options: BackoffOptions = {}) {
    this.#clock = clock;
    this.#random = random;
    this.#options = { firstMs: 800, maxMs: 30_000, healthyMs: 120_000, ...options };
  }

  /**
   * The delay before the next attempt, in milliseconds, after one more failure.
   * A server that says when to come back is taken at its word: never sooner, and at most twice
   * as late, so that not everybody comes at once.
   */
  next(retryAfterSeconds?: number): number {
    const { firstMs, maxMs, healthyMs } = this.#options;
    const now = this.#clock.now();
    if (now - this.#retryAt >= healthyMs) this.#failures = 0;
    const ceiling = Math.min(maxMs, firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    const delay = retryAfterSeconds
      ? retryAfterSeconds * 1000 * (1 + this.#random())
      : this.#random() * ceiling;
    this.#retryAt = now + delay;
    return delay;
  }

  /** Forgets the failures so far. */
  reset(): void {
    this.#failures = 0;
  }
}
