// Ports of loopback for servers that tests start.
//
// Between the look at a port and the server that takes it others may take it, and a server that is
// stopped on purpose must find it free when it comes back. So programs that work side by side each
// take from a range of their own, which whoever starts them hands out.

/** What tells a program the range that it may take from, as in `15000-20665`. */
export const portRangeVariable = "DITTOFS_TEST_PORTS";

/**
 * Below the range from which kernels take the ports of outgoing connections (32768 on Linux, 49152
 * elsewhere).
 */
const everything = { first: 15_000, last: 31_999 } as const;

interface Range {
  readonly first: number;
  readonly last: number;
}

const given = new Set<number>();

/** Ranges for programs side by side, none of which has a port of another. */
export function portRanges(count: number): string[] {
  const { first, last } = everything;
  const size = Math.floor((last - first + 1) / count);
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * size;
    return `${start}-${start + size - 1}`;
  });
}

/** A loopback TCP port that nobody listens on. No port is given twice to one program. */
export function freePort(
  random: () => number = Math.random,
  range: string | undefined = Deno.env.get(portRangeVariable),
): number {
  const { first, last } = range === undefined ? everything : parseRange(range);
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = first + Math.floor(random() * (last - first + 1));
    if (given.has(port)) continue;
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      given.add(port);
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error(`no free TCP port between ${first} and ${last}; stop what fills them`);
}

function parseRange(range: string): Range {
  const [first, last] = range.split("-").map(Number);
  if (first === undefined || last === undefined || !(first <= last)) {
    throw new RangeError(`${portRangeVariable} is FIRST-LAST, not "${range}"`);
  }
  return { first, last };
}
