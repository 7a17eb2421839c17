// A queue of keys that have to be looked at.
//
// - A key that is added again before it is taken is one entry; while it is being worked on, one
//   more look is remembered. So work is never lost and never piles up, and no two workers hold
//   one key.
// - Failures of a key delay that key alone, twice as long each time.
// - Two lanes: what a user has just done overtakes a backlog that nobody waits for (all objects
//   at start-up, events of children). One entry in every `FAIR_SHARE` comes from the slow lane,
//   so that it never starves.

import type { Clock } from "./clock.ts";

/** `user`: somebody waits for this. `background`: nobody in particular does. */
export type Lane = "user" | "background";

/** Bounds of the delay after a failure of one key, in milliseconds. */
export interface QueueOptions {
  /** @default 250 */
  readonly firstRetryMs?: number;
  /** @default 300_000 */
  readonly maxRetryMs?: number;
}

/** What happens in the queue, for metrics. */
export interface QueueObserver {
  added?(): void;
  /** A key was taken after waiting so long. */
  taken?(waitedMs: number): void;
  /** Work on a key ended after so long. */
  done?(workedMs: number): void;
  retried?(): void;
}

const FAIR_SHARE = 8;

interface Waiting {
  readonly since: number;
}

/** A de-duplicating queue of keys with two lanes, delays and per-key backoff. */
export class Queue<K> {
  readonly #clock: Clock;
  readonly #options: Required<QueueOptions>;
  readonly #observer: QueueObserver;
  readonly #lanes: Record<Lane, Map<K, Waiting>> = { user: new Map(), background: new Map() };
  /** Keys being worked on, and since when. */
  readonly #processing = new Map<K, number>();
  /** Keys that were added while they were being worked on. */
  readonly #dirty = new Map<K, Lane>();
  readonly #timers = new Map<K, { readonly at: number; readonly timer: Disposable }>();
  readonly #failures = new Map<K, number>();
  readonly #takers: ((key: K) => void)[] = [];
  /** Takers of the user lane alone. */
  readonly #reserved: ((key: K) => void)[] = [];
  #taken = 0;

  constructor(clock: Clock, options: QueueOptions = {}, observer: QueueObserver = {}) {
    this.#clock = clock;
    this.#options = { firstRetryMs: 250, maxRetryMs: 300_000, ...options };
    this.#observer = observer;
  }

  /** Keys that wait to be taken. Delayed keys are not counted. */
  get depth(): number {
    return this.#lanes.user.size + this.#lanes.background.size;
  }

  /** For how long the longest-running work has been going on, in milliseconds. */
  get longestRunningMs(): number {
    let oldest = this.#clock.now();
    for (const since of this.#processing.values()) oldest = Math.min(oldest, since);
    return this.#clock.now() - oldest;
  }

  /** How long all work in hand has been going on, added up, in milliseconds. */
  get unfinishedMs(): number {
    const now = this.#clock.now();
    let sum = 0;
    for (const since of this.#processing.values()) sum += now - since;
    return sum;
  }

  /** Asks for a look at a key. */
  add(key: K, lane: Lane): void {
    if (this.#processing.has(key)) {
      if (this.#dirty.get(key) !== "user") this.#dirty.set(key, lane);
      return;
    }
    const waiting = this.#lanes.user.get(key) ?? this.#lanes.background.get(key);
    if (waiting && (lane === "background" || this.#lanes.user.has(key))) return;
    this.#lanes.background.delete(key);
    this.#lanes[lane].set(key, waiting ?? { since: this.#clock.now() });
    if (!waiting) this.#observer.added?.();
    this.#hand();
  }

  /** Asks for a look at a key in a while. An earlier look that is already planned stays. */
  addAfter(key: K, delayMs: number): void {
    const at = this.#clock.now() + delayMs;
    const planned = this.#timers.get(key);
    if (planned && planned.at <= at) return;
    planned?.timer[Symbol.dispose]();
    const timer = this.#clock.timer(delayMs, () => {
      this.#timers.delete(key);
      this.add(key, "background");
    });
    this.#timers.set(key, { at, timer });
  }

  /** Asks for another look after a failure. Returns the delay in milliseconds. */
  retry(key: K, atLeastMs = 0): number {
    const { firstRetryMs, maxRetryMs } = this.#options;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, Math.min(failures + 1, 30));
    const delayMs = Math.max(Math.min(maxRetryMs, firstRetryMs * 2 ** failures), atLeastMs);
    this.#observer.retried?.();
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** What has failed is looked at now: the reason for all the failures has gone. */
  hurry(): void {
    this.#addNow(this.#failures.keys());
    this.#failures.clear();
  }

  /** Adds at once whatever was to be added later, as when nobody will be there to wait. */
  hurryAll(): void {
    this.#addNow([...this.#timers.keys()]);
  }

  #addNow(keys: Iterable<K>): void {
    for (const key of keys) {
      const planned = this.#timers.get(key);
      if (!planned) continue;
      planned.timer[Symbol.dispose]();
      this.#timers.delete(key);
      this.add(key, "background");
    }
  }

  /** Forgets the failures of a key. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /**
   * The next key, when there is one; undefined when the signal aborts first. What waits then
   * stays in the queue: whoever takes next, as after a lost and regained election, finds it.
   * With `only`, keys of that lane alone.
   */
  take(signal: AbortSignal, only?: "user"): Promise<K | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const takers = only === "user" ? this.#reserved : this.#takers;
    return new Promise((resolve) => {
      const leave = () => {
        takers.splice(takers.indexOf(taker), 1);
        resolve(undefined);
      };
      const taker = (key: K) => {
        signal.removeEventListener("abort", leave);
        resolve(key);
      };
      signal.addEventListener("abort", leave, { once: true });
      takers.push(taker);
      this.#hand();
    });
  }

  /** Declares the work on a key ended; must follow each {@link take}. */
  done(key: K): void {
    const since = this.#processing.get(key);
    if (since === undefined) return;
    this.#processing.delete(key);
    this.#observer.done?.(this.#clock.now() - since);
    const lane = this.#dirty.get(key);
    this.#dirty.delete(key);
    if (lane) this.add(key, lane);
  }

  #hand(): void {
    while (this.#reserved.length > 0 && this.#give(this.#reserved, this.#first("user")));
    while (this.#takers.length > 0 && this.#give(this.#takers, this.#next()));
  }

  #give(takers: ((key: K) => void)[], next: [K, Waiting] | undefined): boolean {
    if (!next) return false;
    const [key, { since }] = next;
    const now = this.#clock.now();
    this.#processing.set(key, now);
    this.#observer.taken?.(now - since);
    takers.shift()?.(key);
    return true;
  }

  #next(): [K, Waiting] | undefined {
    const { user, background } = this.#lanes;
    const slowTurn = this.#taken % FAIR_SHARE === FAIR_SHARE - 1;
    const slow = user.size === 0 || (slowTurn && background.size > 0);
    return this.#first(slow ? "background" : "user");
  }

  #first(lane: Lane): [K, Waiting] | undefined {
    for (const entry of this.#lanes[lane]) {
      this.#lanes[lane].delete(entry[0]);
      this.#taken++;
      return entry;
    }
    return undefined;
  }
}
