// One random change of a JSON value that most likely makes it wrong, as a typing error would.

import { integerFrom, oneOf, type Random } from "./random.ts";

/** A value that was changed, and how. */
export interface Mutant {
  /** The kind of change and where it was made, such as `null at storage.metadataSize`. */
  readonly what: string;
  readonly value: unknown;
}

/** What a place in a value can become; undefined takes it away. */
type Change = (value: unknown, random: Random) => unknown;

const NUMBERS = [-1, 0, 0.5, 65_536, 2 ** 31, 2 ** 53, 1e20, -(2 ** 63)];
const TEXTS = ["", " ", "-1", "1e400", "\u0000", "ä".repeat(70), "10", "10 Gi", "5d", "@never"];
const TYPES = [true, 7, "text", [], {}, [[]], [{ a: 1 }], { a: { b: [] } }];

/** Changes by the name of their kind. */
const CHANGES: Readonly<Record<string, Change>> = {
  "left out": () => undefined,
  "null": () => null,
  "another type": (_, random) => oneOf(random, TYPES),
  "out of range": (value, random) =>
    typeof value === "number" ? value * 1000 + 1 : oneOf(random, NUMBERS),
  "long text": (_, random) => "x".repeat(integerFrom(random, 60, 6000)),
  "odd text": (_, random) => oneOf(random, TEXTS),
  "another unit": (value, random) =>
    typeof value === "string"
      ? value.replace(/[a-zA-Z]+$/, oneOf(random, ["", "B", "iB", "d", "Ki", "µs"]))
      : String(value),
  "unknown field": (value, random) =>
    isObject(value) ? { ...value, [oneOf(random, ["nfsPort", "smb", "x-y"])]: 1 } : { value },
  "deep nesting": (_, random) => nested(integerFrom(random, 2, 200)),
};

/** One random change somewhere in an object; the object itself is left alone. */
export function mutated(original: object, random: Random): Mutant {
  const places = [...placesOf(original, [])];
  const place = oneOf(random, places);
  const kind = oneOf(random, Object.keys(CHANGES));
  const value = changed(original, place, (before) => CHANGES[kind]?.(before, random));
  return { what: `${kind} at ${place.join(".")}`, value };
}

/** The path of everything in a value. */
function* placesOf(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* placesOf(part, [...path, key]);
}

function changed(
  at: unknown,
  [key, ...rest]: readonly string[],
  change: (before: unknown) => unknown,
): unknown {
  if (key === undefined) return change(at);
  if (Array.isArray(at)) {
    return at.flatMap((element, index) => {
      if (index !== Number(key)) return [element];
      const after = changed(element, rest, change);
      return after === undefined ? [] : [after];
    });
  }
  const fields = isObject(at) ? at : {};
  const after = changed(fields[key], rest, change);
  if (after !== undefined) return { ...fields, [key]: after };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { value };
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
