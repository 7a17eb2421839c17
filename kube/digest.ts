// Content digests: the same content, the same digest, in every process and version.

import { sha256 as hash } from "@noble/hashes/sha2.js";

const encoder = new TextEncoder();

/** SHA-256 of a text or bytes, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return hash(typeof content === "string" ? encoder.encode(content) : content).toHex();
}

/** A digest of a JSON value that does not depend on the order of its fields. */
export function digestOf(value: unknown): string {
  return sha256(JSON.stringify(sorted(value)) ?? "null");
}

/** The same value with the fields of every object in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) result[name] = sorted(fields[name]);
  return result;
}
