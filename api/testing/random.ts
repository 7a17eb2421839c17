// Random choices that can be made again: the same seed gives the same ones.

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** The numbers that follow from a seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  // mulberry32: small, fast, and random enough for tests.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number within bounds, both of which are possible. */
export function integerFrom(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** One of several. */
export function oneOf<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new RangeError("there is nothing to choose from");
  return choice;
}
