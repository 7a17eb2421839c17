// Making the fields of an older writer ours.
//
// An older version of a program may have written with plain updates, under another name. Server-
// side apply would leave it co-owner of every field for ever: what we no longer want would never
// go. So before we first apply to such an object, its fields are moved to our own entry in
// `metadata.managedFields`, as client-go's `csaupgrade` does; the apply that follows takes away
// what it does not name. An entry of a subresource, such as the status, stays its writer's.

import type { ManagedFieldsEntry } from "./object.ts";

/** Who takes over from whom. */
export interface Takeover {
  /** Of our objects; fields of another version are named differently. */
  readonly apiVersion: string;
  readonly fieldManager: string;
  /** Field managers of those that wrote with updates. */
  readonly former: readonly string[];
}

/** The entries with what the former managers had as ours; undefined if they had nothing. */
export function takenOver(
  entries: readonly ManagedFieldsEntry[],
  { apiVersion, fieldManager, former }: Takeover,
): readonly ManagedFieldsEntry[] | undefined {
  const whole = entries.filter((entry) => entry.apiVersion === apiVersion && !entry.subresource);
  const theirs = whole.filter(({ operation, manager }) =>
    operation === "Update" && manager !== undefined && former.includes(manager)
  );
  const [first] = theirs;
  if (!first) return undefined;
  const ours = whole.find(({ operation, manager }) =>
    operation === "Apply" && manager === fieldManager
  );
  const all = ours ? [ours, ...theirs] : theirs;
  const entry: ManagedFieldsEntry = {
    ...(ours ?? first),
    manager: fieldManager,
    operation: "Apply",
    fieldsV1: all.map(({ fieldsV1 }) => fieldsV1).reduce(union),
  };
  return [entry, ...entries.filter((other) => !all.includes(other))];
}

/** A set of fields is a tree of objects; what is in either is in the union. */
function union(a: unknown, b: unknown): unknown {
  if (!isTree(a) || !isTree(b)) return a ?? b;
  const result: Record<string, unknown> = { ...a };
  for (const [field, below] of Object.entries(b)) result[field] = union(a[field], below);
  return result;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
