// Waiting that can be given up.
//
// Whoever is asked to stop may not listen: a client that ignores its abort signal would keep
// its caller waiting for ever. So the wait ends by itself, whatever becomes of the work.

/**
 * What `promise` gives; or a rejection with the signal's reason as soon as that aborts.
 * What the promise gives after that goes to `discard`, so that it can be let go.
 */
export function unlessAborted<V>(
  promise: Promise<V>,
  signal: AbortSignal | undefined,
  discard: (late: V) => void = () => {},
): Promise<V> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
    promise.then((value) => signal.aborted ? discard(value) : resolve(value), reject)
      .finally(() => signal.removeEventListener("abort", give));
  });
}
