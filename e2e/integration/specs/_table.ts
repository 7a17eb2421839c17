// How the table of specs is written: rows, each with one spec and what the API server says of it.
//
// A row of a field is the value alone, put into a spec that has every block (FULL) or another
// that is named. What is expected of a refused one is written out: the field and the whole
// message, as the user reads them.

import { FULL } from "./_full.ts";
import { type Json, type JsonObject, withValue } from "./_json.ts";

/** Why a spec is refused. */
export interface Cause {
  /** Such as `spec.maintenance.windows[0].start`. */
  readonly field: string;
  readonly message: string;
}

/** One spec, and the one cause for which it is refused, if it is. */
export interface Row {
  /** What is special about it. */
  readonly says: string;
  /** `demo` unless told. */
  readonly name?: string;
  readonly spec: Json;
  readonly cause?: Cause;
}

/** At least one. */
type Some<T> = readonly [T, ...T[]];

/** Values on either side of the line. */
interface Sides {
  readonly accepted: Some<Json>;
  readonly refused: Some<Json>;
}

/** A text of one form; `form` completes the sentence "must be …". */
export function form(path: string, form: string, sides: Sides, around = FULL): Row[] {
  return both(path, sides, around, () => `Invalid value: "string": must be ${form}`);
}

/** A map that must be so; `must` completes the sentence "must …". */
export function map(path: string, must: string, sides: Sides, around = FULL): Row[] {
  return both(path, sides, around, () => `Invalid value: "object": must ${must}`);
}

/** A whole number: both bounds, and what is just outside of them. */
export function bounds(path: string, from: number, to: number, around = FULL): Row[] {
  const says = (value: number, bound: string) =>
    `Invalid value: ${value}: spec.${path} in body should be ${bound}`;
  return [
    accepted(path, from, around),
    accepted(path, to, around),
    refused(path, from - 1, around, says(from - 1, `greater than or equal to ${from}`)),
    refused(path, to + 1, around, says(to + 1, `less than or equal to ${to}`)),
  ];
}

/** One of a few values; each of them, and one that is not among them. */
export function oneOf(path: string, values: Some<string>, around = FULL): Row[] {
  const list = values.map((value) => JSON.stringify(value)).join(", ");
  return [
    ...values.map((value) => accepted(path, value, around)),
    refused(path, "Other", around, `Unsupported value: "Other": supported values: ${list}`),
  ];
}

/** How a long text is made: it begins so, and goes on so. */
interface LongText {
  readonly from?: string;
  readonly fill?: string;
  readonly around?: JsonObject;
}

/** A text of so many characters, and of one more. */
export function longest(
  path: string,
  length: number,
  { from = "", fill = "a", around = FULL }: LongText = {},
): Row[] {
  const text = from + fill.repeat(length + 1);
  return [
    accepted(path, text.slice(0, length), around),
    refused(
      path,
      text.slice(0, length + 1),
      around,
      `Too long: may not be more than ${length} bytes`,
    ),
  ];
}

/** A list of so many elements, and of one more. */
export function most(
  path: string,
  count: number,
  element: (index: number) => Json,
  around = FULL,
): Row[] {
  const elements = Array.from({ length: count + 1 }, (_, index) => element(index));
  return [
    accepted(path, elements.slice(0, count), around),
    refused(
      path,
      elements,
      around,
      `Too many: ${count + 1}: must have at most ${count} items`,
    ),
  ];
}

/** A map of so many keys, and of one more. */
export function mostKeys(path: string, count: number, around = FULL): Row[] {
  const keys = Array.from({ length: count + 1 }, (_, index): [string, string] => [`k${index}`, ""]);
  return [
    accepted(path, Object.fromEntries(keys.slice(0, count)), around),
    refused(
      path,
      Object.fromEntries(keys),
      around,
      `Too many: ${count + 1}: must have at most ${count} items`,
    ),
  ];
}

/** A text that may not be empty. */
export function notEmpty(path: string, around = FULL): Row[] {
  const says = `Invalid value: "": spec.${path} in body should be at least 1 chars long`;
  return [accepted(path, "x", around), refused(path, "", around, says)];
}

/** A field without which its block is refused. FULL shows that it is accepted with it. */
export function required(path: string, around = FULL): Row[] {
  return [refused(path, undefined, around, "Required value")];
}

/** Anything else that is refused of one field, with the whole message. */
export function refused(
  path: string,
  value: Json | undefined,
  around: JsonObject,
  message: string,
): Row {
  return {
    says: row(path, value),
    spec: withValue(around, path, value),
    cause: { field: `spec.${path}`, message },
  };
}

/** A value that is accepted. */
export function accepted(path: string, value: Json, around = FULL): Row {
  return { says: row(path, value), spec: withValue(around, path, value) };
}

/** A rule between fields: specs that just keep it, and specs that just do not. */
export interface Between {
  /** Where the fault is said to be. */
  readonly field: string;
  readonly message: string;
  readonly accepted: Some<JsonObject>;
  readonly refused: Some<JsonObject>;
  /** What the fields belong to. */
  readonly of?: "object" | "array";
}

/** The rows of a rule between fields. */
export function between({ field, message, of = "object", ...specs }: Between): Row[] {
  const cause = { field, message: `Invalid value: "${of}": ${message}` };
  return [
    ...specs.accepted.map((spec) => ({ says: JSON.stringify(spec), spec })),
    ...specs.refused.map((spec) => ({ says: JSON.stringify(spec), spec, cause })),
  ];
}

function both(
  path: string,
  sides: Sides,
  around: JsonObject,
  message: (value: Json) => string,
): Row[] {
  return [
    ...sides.accepted.map((value) => accepted(path, value, around)),
    ...sides.refused.map((value) => refused(path, value, around, message(value))),
  ];
}

function row(path: string, value: Json | undefined): string {
  const text = value === undefined ? "left out" : JSON.stringify(value);
  return `spec.${path}: ${text.length > 80 ? `${text.slice(0, 77)}…` : text}`;
}
