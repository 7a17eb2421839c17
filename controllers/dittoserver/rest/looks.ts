// When to look at a server again.
//
// What is on a server has no watch. It is looked at when something has changed that decides about
// it, and otherwise from time to time, each server at a moment of its own. All else that wakes the
// controller (the pod's status moves, somebody labels the resource) asks the server nothing.
//
// While something is on its way, looks follow each other quickly at first and then less and less.

import type { Clock, Random } from "../../../kube/clock.ts";

/** Bounds of the time between looks while something is on its way, in milliseconds. */
const FIRST_MS = 1_000;
const AT_MOST_MS = 60_000;

/** How far from its interval the next look may be, as a part of it. */
const JITTER = 0.1;

interface Planned {
  readonly at: number;
  /** Of everything that decides about what a look finds. */
  readonly inputs: string;
  /** All was as it should be. */
  readonly slow?: true;
}

interface Unsettled {
  readonly inputs: string;
  readonly since: number;
  readonly count: number;
}

/** Plans looks. What it knows is lost with the process: then each server is looked at once. */
export class Looks {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #planned = new Map<string, Planned>();
  readonly #unsettled = new Map<string, Unsettled>();
  /** Servers about which something has changed since the last look began. */
  readonly #hurried = new Set<string>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Milliseconds until the next look at the server with a UID; 0 if it is time. `inputs` is a
   * digest of everything that decides about what is found.
   */
  dueInMs(uid: string, inputs: string): number {
    const planned = this.#planned.get(uid);
    if (planned?.inputs !== inputs) return 0;
    return Math.max(0, planned.at - this.#clock.now());
  }

  /** Whether a look is due by the clock alone: nothing has changed that is known of. */
  isSlowCheck(uid: string, inputs: string): boolean {
    const planned = this.#planned.get(uid);
    return planned?.inputs === inputs && planned.slow === true;
  }

  /** The next look, whatever was planned, is now; also when one is under way, which came too early. */
  hurry(uid: string): void {
    this.#planned.delete(uid);
    this.#hurried.add(uid);
  }

  /** A look begins: it sees everything that has changed until now. */
  begin(uid: string): void {
    this.#hurried.delete(uid);
  }

  /** All is as it should be: the next look is in about `intervalMs`. Returns the time till then. */
  settled(uid: string, inputs: string, intervalMs: number): number {
    this.#unsettled.delete(uid);
    const ms = intervalMs * (1 + JITTER * (2 * this.#random() - 1));
    return this.#plan(uid, { inputs, at: this.#clock.now() + ms, slow: true });
  }

  /** Something is on its way. Returns the time until the next look. */
  unsettled(uid: string, inputs: string, intervalMs: number): number {
    const before = this.#unsettled.get(uid);
    const same = before?.inputs === inputs;
    const count = same ? before.count + 1 : 0;
    const since = same ? before.since : this.#clock.now();
    this.#unsettled.set(uid, { inputs, since, count });
    const longest = Math.min(AT_MOST_MS, intervalMs);
    return this.after(uid, inputs, Math.min(longest, FIRST_MS * 2 ** Math.min(count, 30)));
  }

  /** The next look is in `ms`. */
  after(uid: string, inputs: string, ms: number): number {
    return this.#plan(uid, { inputs, at: this.#clock.now() + ms });
  }

  /** For how long something has been on its way already, in milliseconds. */
  unsettledForMs(uid: string, inputs: string): number {
    const unsettled = this.#unsettled.get(uid);
    return unsettled?.inputs === inputs ? this.#clock.now() - unsettled.since : 0;
  }

  forget(uid: string): void {
    this.#planned.delete(uid);
    this.#unsettled.delete(uid);
    this.#hurried.delete(uid);
  }

  #plan(uid: string, planned: Planned): number {
    if (this.#hurried.has(uid)) return 0;
    this.#planned.set(uid, planned);
    return planned.at - this.#clock.now();
  }
}
