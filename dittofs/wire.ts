// Between the server's JSON (`display_name`) and our own types (`displayName`).
//
// Only the names of the objects that we describe are translated. Free-form contents, such as
// the configuration of a store, pass as they are.

import * as z from "zod";
import { millisecondsOf } from "./duration.ts";
import { bytesOf } from "./size.ts";

/** A value as JSON can hold it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The schema of an object of the server, in our names. Other fields are dropped. */
export function wireObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(inOurNames, z.object(shape));
}

/** A list of the server: an empty one may come as `null`, or not at all. */
export function wireList<Item extends z.ZodType>(item: Item) {
  return z.array(item).nullish().transform((list) => list ?? []);
}

/** A size in bytes; 0 where the server leaves it out because there is none. */
export const wireSize = z.string().default("0").transform((text, context) =>
  parsed(context, () => bytesOf(text))
);

/** A duration in milliseconds; 0 where the server leaves it out because there is none. */
export const wireDuration = z.string().default("0").transform((text, context) =>
  parsed(context, () => millisecondsOf(text))
);

/** The object with the server's names for its own fields. What is undefined stays out. */
export function inServerNames(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [serverName(name), value]),
  );
}

/** `displayName` as `display_name`. */
export function serverName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function inOurNames(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [ourName(name), field]));
}

function ourName(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function parsed(context: z.RefinementCtx, parse: () => number): number {
  try {
    return parse();
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "" });
    return z.NEVER;
  }
}
