// A clock that somebody sets while timers run.

import { VirtualClock } from "./virtual_clock.ts";

/** A {@link VirtualClock} that shows another time than the one by which its timers run. */
export class SetClock extends VirtualClock {
  /** How far it has been set ahead, in milliseconds. */
  offset = 0;

  override now(): number {
    return super.now() + this.offset;
  }
}
