// Does many things, a given number of them at a time: what a client with so many connections does.

/** Calls `work` for each item, at most `width` at a time. The first failure ends it. */
export async function atOnce<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  // One iterator for all: each worker takes the next item that nobody has.
  const rest = Iterator.from(items);
  let failed = false;
  const worker = async () => {
    for (let next = rest.next(); !next.done && !failed; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** The whole numbers from 0 to `count` − 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
