// What has to be changed of a row that is ours: it is put right, or with `management: Report` told.

import type { AccountResource } from "./resource.ts";
import type { Row } from "./mark.ts";
import type { Pass } from "./pass.ts";
import { numberRivalOf } from "./rivals.ts";

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
 * Whether the number that ours is to have is another's, which is then told: the server would say
 * no more than that it has failed. Also what is not there at present has its number, as after the
 * database was lost: files belong to numbers, and must not change hands.
 */
export async function isNumberTaken<T extends AccountResource, R extends Row>(
  pass: Pass<T, R>,
  own: R | undefined,
): Promise<boolean> {
  const { kind, title, problems, resource } = pass;
  const wanted = kind.numberOf(resource);
  if (wanted === undefined || wanted === own?.number) return false;
  const rows = [...(await pass.rows()).values()];
  const other = rows.find(({ id, number }) => id !== own?.id && number === wanted);
  const rival = other ? undefined : numberRivalOf(pass, wanted);
  if (!other && !rival) return false;
  const whose = other ? `${kind.noun} "${other.name}" has it` : `it is that of ${rival}`;
  problems.push({
    aspect: "AccountReady",
    reason: kind.number === "uid" ? "UIDTaken" : "GIDTaken",
    message: `${title} cannot have ${kind.number} ${wanted}: ${whose}`,
    stalled: true,
  });
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
