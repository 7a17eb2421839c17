// What everything has in common that is on a server: whose it is, and its own name.

import type { JsonObject } from "./_json.ts";
import { form, longest, oneOf, required, type Row } from "./_table.ts";
import type { Change } from "./transitions.ts";

/** The rows of serverRef and management. */
export function managed(full: JsonObject): Row[] {
  return [
    ...required("serverRef", full),
    ...required("serverRef.name", full),
    ...form(
      "serverRef.name",
      "the name of a DittoServer: lower-case letters, digits and '-', beginning with a letter, such as files",
      {
        accepted: ["a", "files-2", "a".repeat(51)],
        refused: ["", "2files", "-a", "a-", "A", "a.b", "a_b"],
      },
      full,
    ),
    ...longest("serverRef.name", 51, { around: full }),
    ...form(
      "serverRef.namespace",
      "the name of a namespace: lower-case letters, digits and '-', such as storage",
      { accepted: ["a", "0", "team-1"], refused: ["", "*", "-a", "a-", "A", "a.b"] },
      full,
    ),
    ...longest("serverRef.namespace", 63, { around: full }),
    ...oneOf("management", ["Enforce", "Report"], full),
  ];
}

/** The rows of metadata.name: those that are just accepted and just refused. */
export function ownName(spec: JsonObject): Row[] {
  const row = (name: string, message?: string): Row => ({
    says: `metadata.name: "${name}"`,
    name,
    spec,
    ...(message &&
      { cause: { field: "metadata.name", message: `Invalid value: "object": ${message}` } }),
  });
  return [
    ...["a", "2", "a.b", "a-b", "a".repeat(63)].map((name) => row(name)),
    row(
      "a".repeat(64),
      "must have at most 63 characters, so that labels can hold it; choose a shorter name",
    ),
  ];
}

/** A change that is accepted. */
export const becomes = (before: JsonObject, after: JsonObject): Change => ({ before, after });

/** A change that is refused. */
export const cannotBecome = (
  before: JsonObject,
  after: JsonObject,
  field: string,
  message: string,
): Change => ({ before, after, cause: { field, message: `Invalid value: "object": ${message}` } });

/** The name on the server and the server itself stay. */
export function stays(
  what: string,
  kind: string,
  minimal: JsonObject,
  field: string,
): readonly Change[] {
  const named = (name: string): JsonObject => ({ ...minimal, [field]: name });
  const on = (serverRef: JsonObject): JsonObject => ({ ...minimal, serverRef });
  const moved = (before: JsonObject, after: JsonObject) =>
    cannotBecome(
      on(before),
      on(after),
      "spec.serverRef",
      `serverRef cannot change, because the ${what} is on that server; restore it, or create a new ${kind}`,
    );
  const renamed = (before: JsonObject, after: JsonObject) =>
    cannotBecome(
      before,
      after,
      `spec.${field}`,
      `${field} cannot change, because the ${what} exists under it; restore the old one, or create a new ${kind}`,
    );
  return [
    becomes(on({ name: "a" }), on({ name: "a" })),
    moved({ name: "a" }, { name: "b" }),
    moved({ name: "a" }, { name: "a", namespace: "b" }),
    moved({ name: "a", namespace: "b" }, { name: "a" }),
    moved({ name: "a", namespace: "b" }, { name: "a", namespace: "c" }),
    becomes(named("a"), named("a")),
    renamed(named("a"), named("b")),
    renamed(named("a"), minimal),
    renamed(minimal, named("b")),
  ];
}
