// Does a live object already say everything that we want it to say?
//
// A live object says more than we do: the API server fills in defaults, other writers own other
// fields. So the question is not equality. It is asked before each write, and a "no" costs one
// request too many at worst, while a wrong "yes" would leave a hand edit standing.

/** Whether `live` has every field of `desired`, with the same value. */
export function covers(live: unknown, desired: unknown): boolean {
  if (Object.is(live, desired)) return true;
  if (Array.isArray(desired)) return Array.isArray(live) && coversList(live, desired);
  if (!isRecord(live) || !isRecord(desired)) return false;
  for (const [field, value] of Object.entries(desired)) {
    if (value !== undefined && !covers(live[field], value)) return false;
  }
  return true;
}

/** Whether two JSON values say the same, whatever the order of their fields. */
export function same(a: unknown, b: unknown): boolean {
  return covers(a, b) && covers(b, a);
}

/**
 * Lists whose elements have unique names are merged by name, as server-side apply merges them,
 * and may hold elements of others; all other lists are taken as a whole.
 */
function coversList(live: readonly unknown[], desired: readonly unknown[]): boolean {
  const byName = named(live);
  if (byName && named(desired)) {
    return desired.every((element) => covers(byName.get((element as Named).name), element));
  }
  return live.length === desired.length && desired.every((value, i) => covers(live[i], value));
}

interface Named {
  readonly name: string;
}

function named(list: readonly unknown[]): Map<string, unknown> | undefined {
  const found = new Map<string, unknown>();
  for (const element of list) {
    const name = (element as Partial<Named> | null)?.name;
    if (typeof name !== "string" || found.has(name)) return undefined;
    found.set(name, element);
  }
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
