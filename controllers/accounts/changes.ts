// What has to be changed of a row that is ours: it is put right, or with `management: Report` told.

import type { AccountResource } from "./kind.ts";
import type { Row } from "./mark.ts";
import type { Pass } from "./pass.ts";

/** What differs, for people: `uid is 1002 and not 1001`. Empty if nothing does. */
export function changedText(row: object, changes: object): string {
  const now = new Map<string, unknown>(Object.entries(row));
  return Object.entries(changes)
    .map(([field, wanted]) => `${field} is ${said(now.get(field))} and not ${said(wanted)}`)
    .join(", ");
}

function said(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" and ");
  if (value === undefined || value === "") return "empty";
  return typeof value === "string" ? `"${value}"` : String(value);
}

/**
 * Whether another row has the number that ours is to have, which is then told: the server would
 * say no more than that it has failed.
 */
export async function isTakenBy<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  reason: "UIDTaken" | "GIDTaken",
  wanted: number | undefined,
  own: R | undefined,
  numberOf: (row: R) => number | undefined,
): Promise<boolean> {
  if (wanted === undefined) return false;
  const rows = [...(await pass.rows()).values()];
  const other = rows.find((row) => row.id !== own?.id && numberOf(row) === wanted);
  if (!other) return false;
  const number = reason === "UIDTaken" ? "uid" : "gid";
  const message =
    `${pass.title} cannot have ${number} ${wanted}: ${pass.kind.noun} "${other.name}" has it`;
  pass.problems.push({ aspect: "AccountReady", reason, message, stalled: true });
  return true;
}

/**
 * Puts right what differs, or tells it where nothing may be changed. A row that has our mark still
 * is not finished yet, and what is done to it is part of making it.
 */
export async function putOrTell<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  row: R,
  differs: string,
  put: () => Promise<void>,
): Promise<void> {
  const finished = row.text !== pass.mark;
  if (finished && differs !== "") {
    if (pass.wasAsWanted) pass.context.drifted(differs);
    if (pass.spec.management === "Report") {
      const message = `${pass.title} differs on the server: ${differs}`;
      pass.problems.push({ aspect: "AccountReady", reason: "Differs", message, stalled: true });
      return;
    }
  }
  await put();
}
