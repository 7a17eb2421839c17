// Wakes controllers for what has no watch.

import type { Trigger } from "./controller.ts";
import type { Key } from "./object.ts";
import type { Lane } from "./queue.ts";
import type { Look } from "./relations.ts";

/** A {@link Trigger} that tells what it is told. */
export class Signal implements Trigger {
  readonly #listeners: Look[] = [];

  listen(look: Look): void {
    this.#listeners.push(look);
  }

  /** Somebody has to look at a key. */
  tell(key: Key, lane: Lane): void {
    for (const look of this.#listeners) look(key, lane);
  }
}
