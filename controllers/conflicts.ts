// A conflict says that we looked too early: what we knew of an object was out of date, and the next
// pass, which looks again, mends it. Nobody has to hear of that. So a pass with one ends before it
// writes a status or an event, as if it had never been, and is tried again (kube/controller.ts).
// One that comes back and back again is told like any other failure: somebody else keeps changing
// the same thing.

import type { Clock } from "../kube/clock.ts";
import { classify } from "../kube/errors.ts";
import type { Key } from "../kube/object.ts";

/** So many in a row, over so long, are no accident any more. A watch may lag for a few seconds. */
const TOLD_AT = 3;
const TOLD_AFTER_MS = 5_000;

/** Remembers which keys had a conflict each time lately. */
export class Conflicts {
  readonly #clock: Clock;
  readonly #inARow = new Map<Key, { readonly since: number; count: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends a pass with these errors if a conflict is among them that the next pass may mend. */
  settle(key: Key, errors: readonly unknown[]): void {
    const conflict = errors.find((error) => classify(error) === "conflict");
    if (conflict === undefined) return this.forget(key);
    const now = this.#clock.now();
    const row = this.#inARow.get(key) ?? { since: now, count: 0 };
    this.#inARow.set(key, row);
    row.count++;
    if (row.count < TOLD_AT || now - row.since < TOLD_AFTER_MS) throw conflict;
  }

  /** There is no such key any more, or nothing is wrong with it. */
  forget(key: Key): void {
    this.#inARow.delete(key);
  }
}
