// Time and chance, passed in from outside so that tests run in virtual time.

/** Time as the runtime sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds, unless disposed before. */
  timer(ms: number, callback: () => void): Disposable;
}

/** A number in [0, 1), as `Math.random()` gives. */
export type Random = () => number;

/** The time of this machine. A running timer does not keep the process alive by itself. */
export const systemClock: Clock = {
  now: () => Date.now(),
  timer(ms, callback) {
    const id = setTimeout(callback, ms);
    return { [Symbol.dispose]: () => clearTimeout(id) };
  },
};

/** Resolves after `ms` milliseconds, or at once when the signal aborts. Never rejects. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = clock.timer(ms, finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}
