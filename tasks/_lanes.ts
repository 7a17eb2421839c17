// How many test files a machine runs at once, each with a control plane of its own.

/** What a control plane, its test and the servers of both take at most. */
const BYTES_PER_LANE = 1.5 * 1024 ** 3;

/** More would only wait for the longest file. */
const MOST = 6;

/**
 * One more than cores, because tests wait for servers half of the time; fewer where there is not
 * the memory.
 *
 * @param available bytes of memory that programs may still take
 */
export function lanesFor(cores: number, available: number): number {
  return Math.max(1, Math.min(cores + 1, Math.floor(available / BYTES_PER_LANE), MOST));
}
