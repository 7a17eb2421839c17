// The worst answer: none.

/**
 * Never resolves. Rejects when `signal` aborts, as fetch does; without a signal it does not
 * even notice that nobody waits any more.
 */
export function silence(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal?.reason);
    if (signal?.aborted) give();
    else signal?.addEventListener("abort", give, { once: true });
  });
}
