// How we know an account or a group that we have made, whatever happens while we make it.
//
// The server gives every row an id of its own, which says for ever which one is ours; but we
// learn it from the answer to the POST, and may die before we have noted it. Neither a note made
// before (somebody may make the same name by hand in between) nor the name itself would tell our
// row from a stranger's. So a row is born with a mark in a field for texts that people read. When
// its id is in the status of the resource, the mark gives way to what the user wants there.
//
// The finalizer is set before the POST and says that there may be such a row: without it there
// is nothing to look for when the resource is deleted.

/** A row as far as it tells whose it is. */
export interface Row {
  readonly id: string;
  readonly name: string;
  /** The uid or gid, if it has one. */
  readonly number?: number | undefined;
  /** The text in which a mark stands, if any. */
  readonly text: string;
}

/** The mark of a row that is made for the resource with this UID. */
export function markOf(kind: string, uid: string): string {
  return `Being made for ${kind} ${uid}`;
}

/** What there is on the server under the name that a resource wants. */
export type Found<R extends Row> =
  /** Nothing: neither a row of the name nor the row that was ours. */
  | { readonly whose: "nobody" }
  /** The row whose id we have noted. */
  | { readonly whose: "ours"; readonly row: R }
  /** A row that we have made, and whose id is not noted yet. */
  | { readonly whose: "unnoted"; readonly row: R }
  /** Somebody else made it. */
  | { readonly whose: "foreign"; readonly row: R };

/** Looks for the row of a resource: `id` is the one that it has noted, if any. */
export function findRow<R extends Row>(
  rows: { byId(id: string): R | undefined; byName(name: string): R | undefined },
  wanted: { readonly name: string; readonly id: string | undefined; readonly mark: string },
): Found<R> {
  const noted = wanted.id === undefined ? undefined : rows.byId(wanted.id);
  if (noted) return { whose: "ours", row: noted };
  const row = rows.byName(wanted.name);
  if (!row) return { whose: "nobody" };
  return { whose: row.text === wanted.mark ? "unnoted" : "foreign", row };
}
