// Waiting for a condition. Tests and the harness never sleep for a guessed time: they ask again
// until the answer is yes, and a deadline turns "never" into an error that says what was missing.

/** How long to ask, how often, and who may interrupt. */
export interface PollOptions {
  /** Milliseconds after which waiting is given up. */
  readonly within: number;
  /** Milliseconds between two questions; 50 unless told. */
  readonly every?: number;
  /** Interrupts the wait; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** A condition that did not come true in time. */
export class DeadlineError extends Error {
  override name = "DeadlineError";
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * Asks until the answer is something other than `undefined` or `false`, and returns it. A
 * question that throws ends the wait: only the caller knows which errors mean "not yet".
 *
 * @param what names the condition in the error, as in "the API server is ready"
 * @throws {DeadlineError} when the deadline passes
 */
export async function until<T>(
  what: string,
  question: () => Promise<T | undefined | false> | T | undefined | false,
  options: PollOptions,
): Promise<T> {
  const end = performance.now() + options.within;
  while (true) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= end) {
      throw new DeadlineError(`not so after ${options.within / 1000} s: ${what}`);
    }
    await pause(options.every ?? 50, options.signal);
  }
}
