// JSON values, and changing one of them by its path.

import assert from "node:assert/strict";

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [field: string]: Json;
}

/**
 * A copy with one value changed, or taken away where it is undefined. A path is
 * `maintenance.windows[0].start`, and a key that is no identifier stands in brackets:
 * `pod.labels[example.com/team]`. Objects on the way are made where there are none.
 */
export function withValue(object: JsonObject, path: string, value: Json | undefined): JsonObject {
  const steps = Array.from(path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g), ([step, key]) => key ?? step);
  const copy = changed(object, steps, value);
  if (!isObject(copy)) throw new TypeError(`${path} is no path of an object`);
  return copy;
}

/** Objects one over the other: what the later ones have wins, block by block. */
export function merged(...objects: readonly JsonObject[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const object of objects) {
    for (const [key, value] of Object.entries(object)) {
      const before = result[key];
      result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
    }
  }
  return result;
}

/** Whether a value is an object and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What a user wrote is in what is stored; more may be. Throws an AssertionError otherwise. */
export function assertHolds(stored: Json | undefined, written: Json, path: string): void {
  if (isObject(written)) {
    assert.ok(isObject(stored), `${path} is gone`);
    for (const [key, value] of Object.entries(written)) {
      assertHolds(stored[key], value, `${path}.${key}`);
    }
  } else if (isList(written)) {
    assert.ok(isList(stored), `${path} is gone`);
    assert.equal(stored.length, written.length, path);
    written.forEach((value, index) => assertHolds(stored[index], value, `${path}[${index}]`));
  } else {
    assert.deepEqual(stored, written, path);
  }
}

function changed(at: Json | undefined, path: readonly string[], value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (isList(at)) {
    return at.map((element, index) =>
      index === Number(key) ? changed(element, rest, value) : element
    );
  }
  const fields: Record<string, Json> = { ...(isObject(at) && at) };
  if (rest.length === 0 && value === undefined) delete fields[key];
  else fields[key] = changed(fields[key], rest, value);
  return fields;
}
