// Durations as the server writes them: `1h0m0s`, whatever was sent.

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3600e3,
};

const SHORTHANDS: Readonly<Record<string, number>> = {
  "@hourly": 3600e3,
  "@daily": 24 * 3600e3,
  "@weekly": 7 * 24 * 3600e3,
};

const PART = /([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h)/g;
const WHOLE = new RegExp(`^(${PART.source})+$`);

/**
 * The duration in milliseconds; also of the `@hourly`, `@daily` and `@weekly` of snapshot
 * policies. Throws a `RangeError` for a text of another form.
 */
export function millisecondsOf(duration: string): number {
  const known = duration === "0" ? 0 : SHORTHANDS[duration];
  if (known !== undefined) return known;
  if (!WHOLE.test(duration)) throw new RangeError(`"${duration}" is not a duration, such as 1h30m`);
  let sum = 0;
  for (const [, number = "", unit = ""] of duration.matchAll(PART)) {
    sum += Number(number) * (MILLISECONDS[unit] ?? 0);
  }
  return sum;
}
