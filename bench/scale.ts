// A linear scale with round ticks, for the axes of the plot.

/** Maps values to positions. */
export interface Scale {
  /** Round values from 0 up to at least the largest value. */
  readonly ticks: readonly number[];
  /** The position of a value; 0 lies at `from`, the last tick at `to`. */
  at(value: number): number;
}

/** A scale from 0 to a round value not below `largest`, with about `count` steps. */
export function linearScale(largest: number, from: number, to: number, count = 5): Scale {
  const step = roundStep(largest / count);
  const steps = Math.max(1, Math.ceil(largest / step));
  const end = steps * step;
  return {
    ticks: Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(12))),
    at: (value) => from + (value / end) * (to - from),
  };
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `step`. */
function roundStep(step: number): number {
  if (!(step > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((factor) => factor * power >= step) ?? 10;
  return factor * power;
}
