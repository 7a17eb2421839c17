// The part of server-side apply that tests in memory need: fields have owners.
//
// What a manager applied before and no longer applies is taken away, what it applies is set, and
// everything else is left alone. Lists whose elements have names are merged by name, other lists
// are one value. Fields that two managers own are not known here.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [field: string]: Json;
}

/** What becomes of `live` when a manager that applied `before` applies `now`. */
export function merged(live: Json | object | undefined, before: Json | undefined, now: Json): Json {
  const [here, then, next] = [parts(live as Json), parts(before), parts(now)];
  if (!next) return now;
  const result = new Map(here);
  for (const [name, value] of then ?? []) {
    if (next.has(name)) continue;
    const rest = without(result.get(name), value);
    if (rest === undefined) result.delete(name);
    else result.set(name, rest);
  }
  for (const [name, value] of next) {
    result.set(name, merged(result.get(name), then?.get(name), value));
  }
  return Array.isArray(now) ? [...result.values()] : Object.fromEntries(result);
}

/** What is left of `live` without the fields of `ours`; undefined if nothing is. */
function without(live: Json | undefined, ours: Json): Json | undefined {
  const [here, gone] = [parts(live), parts(ours)];
  if (!here || !gone) return undefined;
  for (const [name, value] of gone) {
    // An element goes as a whole: its name is ours too.
    const rest = Array.isArray(ours) ? undefined : without(here.get(name), value);
    if (rest === undefined) here.delete(name);
    else here.set(name, rest);
  }
  if (here.size === 0) return undefined;
  return Array.isArray(live) ? [...here.values()] : Object.fromEntries(here);
}

/** The fields of an object or the elements of a list with names; undefined for other values. */
function parts(value: Json | undefined): Map<string, Json> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const byName = new Map<string, Json>();
  for (const element of value as readonly (JsonObject | null)[]) {
    const name = element?.name;
    if (typeof name !== "string") return undefined;
    byName.set(name, element);
  }
  return byName;
}
