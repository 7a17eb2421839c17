// The lag of the operator's event loop, from its own metrics: it alone can see it. A histogram
// knows only between which two bounds a value lay; what is told here is the upper one.

/** Cumulative counts of a Prometheus histogram, by upper bound. */
export type Buckets = ReadonlyMap<number, number>;

/** The buckets of a histogram without labels in Prometheus' text format. */
export function parseBuckets(text: string, name: string): Buckets {
  const line = new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)$`, "gm");
  const buckets = new Map<number, number>();
  for (const [, bound, count] of text.matchAll(line)) {
    buckets.set(bound === "+Inf" ? Infinity : Number(bound), Number(count));
  }
  if (buckets.size === 0) throw new TypeError(`the metrics have no histogram ${name}`);
  return buckets;
}

/**
 * The smallest bound under which `percent` % of the values lie that came between two looks;
 * undefined when none came.
 */
export function boundOf(before: Buckets, after: Buckets, percent: number): number | undefined {
  const counts = [...after].toSorted(([a], [b]) => a - b)
    .map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const);
  const all = counts.at(-1)?.[1] ?? 0;
  if (all === 0) return undefined;
  return counts.find(([, count]) => count >= (percent / 100) * all)?.[0];
}

/** Reads the lag histogram of a running operator. */
export async function lagOf(metricsUrl: string): Promise<Buckets> {
  const response = await fetch(metricsUrl);
  return parseBuckets(await response.text(), "dittofs_operator_event_loop_lag_seconds");
}
