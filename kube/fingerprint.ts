// Whether a value is the one that was seen before, for a third of what a digest costs.

/** Odd, with bits all over: each multiplication moves what is below upwards. */
const MULTIPLIERS = [0x9e3779b1, 0x85ebca77] as const;

/**
 * 53 bits of a JSON value, to be compared within one process with those of an earlier state of the
 * same thing. Another order of fields gives others, and nobody who chooses the value is kept from
 * finding two that agree: where that matters, or where it is kept, see digest.ts.
 */
export function fingerprint(value: unknown): number {
  const text = JSON.stringify(value) ?? "";
  let a = text.length;
  let b = ~text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, MULTIPLIERS[0]);
    b = Math.imul(b ^ code, MULTIPLIERS[1]);
    // Otherwise the upper bits would never come down again.
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return (b & 0x1fffff) * 2 ** 32 + (a >>> 0);
}
