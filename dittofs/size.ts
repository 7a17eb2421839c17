// Sizes as the server writes them.
//
// It takes whole bytes and answers in its own form with two decimals, `64.00MiB`, so what comes
// back is close to what was sent and not always equal. Whoever compares must compare with
// `sizeAsShown` of the wanted size.

const FORM = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i;

const UNITS: Readonly<Record<string, bigint>> = {
  "": 1n,
  ...named("k", 1000n, 1024n, 1n),
  ...named("m", 1000n, 1024n, 2n),
  ...named("g", 1000n, 1024n, 3n),
  ...named("t", 1000n, 1024n, 4n),
  b: 1n,
};

const SHOWN = [1024n ** 4n, 1024n ** 3n, 1024n ** 2n, 1024n];

/** The size in bytes, rounded down. Throws a `RangeError` for what is no size. */
export function bytesOf(text: string): number {
  const [, number = "", unit = ""] = FORM.exec(text) ?? [];
  const scale = UNITS[unit.toLowerCase()];
  if (number === "" || scale === undefined) {
    throw new RangeError(`"${text}" is not a size, such as 64.00MiB`);
  }
  const [whole = "", fraction = ""] = number.split(".");
  return Number(BigInt(`${whole}${fraction}`) * scale / 10n ** BigInt(fraction.length));
}

/** What a size of so many bytes reads like after the server has shown it, in bytes again. */
export function sizeAsShown(bytes: number): number {
  const exact = BigInt(bytes);
  const unit = SHOWN.find((unit) => exact >= unit);
  if (unit === undefined) return bytes;
  return Number(hundredths(exact, unit) * unit / 100n);
}

/** How many hundredths of the unit, rounded half to even as Go does. */
function hundredths(bytes: bigint, unit: bigint): bigint {
  const [down, rest] = [bytes * 100n / unit, bytes * 100n % unit];
  const up = rest * 2n > unit || (rest * 2n === unit && down % 2n === 1n);
  return up ? down + 1n : down;
}

function named(letter: string, decimal: bigint, binary: bigint, power: bigint) {
  const [ten, two] = [decimal ** power, binary ** power];
  return { [letter]: ten, [`${letter}b`]: ten, [`${letter}i`]: two, [`${letter}ib`]: two };
}
