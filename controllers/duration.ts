// Durations as Go writes them, such as `1h30m` or `1.5s`: those of the server's configuration.

/** Nanoseconds of each unit, as in Go's time package. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const PART = /([0-9]+(?:\.[0-9]+)?)(ns|us|ms|s|m|h)/g;
const WHOLE = new RegExp(`^(${PART.source})+$`);

/** The duration in whole nanoseconds. Throws a `RangeError` for a text of another form. */
export function nanosecondsOf(duration: string): number {
  if (!WHOLE.test(duration)) {
    throw new RangeError(`"${duration}" is not a duration with units, such as 1m30s`);
  }
  let sum = 0;
  for (const [, number = "", unit = ""] of duration.matchAll(PART)) {
    sum += Number(number) * (UNITS[unit] ?? 0);
  }
  return Math.round(sum);
}

/** The duration in seconds. Throws a `RangeError` for a text of another form. */
export function secondsOf(duration: string): number {
  return nanosecondsOf(duration) / 1e9;
}
