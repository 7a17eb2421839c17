// Ready, Reconciling and Stalled (kstatus), and which of their changes are events.
//
// While a server comes up, what lives on it waits: for its pod, for its API, for its users. That is
// as it should be, and an event for each step would bury what a person has to know. So the
// conditions say it, and an event comes only
//
// - when something is ready, or not on its way because somebody wants it so (`patient` reasons),
// - when it stays as it is until somebody acts (Stalled), as a Warning,
// - when it has waited for the same thing for longer than GRACE_MS, as a Warning.
//
// That the last has been told stands in the status as the reason TakingLong of Reconciling, so that
// it is told once, whoever restarts in between.

import type { Conditions } from "../api/condition_reasons.ts";
import type { Condition } from "../api/dittoserver/status.ts";
import type { Happening } from "../kube/events.ts";
import type { Statement } from "./conditions.ts";

/**
 * How long something may be on its way before a person is told, in milliseconds. A server that
 * starts with an S3 service that does not answer needs 160 s, which is the longest that is known.
 */
export const GRACE_MS = 180_000;

/** The reason of Reconciling when it has been longer than that. */
export const TAKING_LONG = "TakingLong";

/** Whether something is ready, and if not, why. */
export interface Standing {
  readonly ready: boolean;
  readonly reason: string;
  readonly message: string;
  /** It stays so until somebody acts. */
  readonly stalled: boolean;
}

/** What was said before, and the time. */
interface Before {
  readonly previous: readonly Condition[];
  readonly now: Date;
}

/** Ready, and while they are true Reconciling and Stalled; `table` has the reasons. */
export function kstatus(
  table: Conditions,
  { ready, stalled, reason, message }: Standing,
  before: Before,
): Statement[] {
  const said = { reason, message };
  return [
    { type: "Ready", status: ready ? "True" : "False", ...said },
    ...(stalled ? [{ type: "Stalled", status: "True", ...said } as const] : []),
    ...(!ready && !stalled ? [reconciling(table, said, before)] : []),
  ];
}

function reconciling(
  table: Conditions,
  said: { readonly reason: string; readonly message: string },
  { previous, now }: Before,
): Statement {
  const statement = { type: "Reconciling", status: "True", ...said } as const;
  const before = typed(previous, "Reconciling");
  // Whoever waits for something else than before has come on, and its time begins anew.
  if (!before || typed(previous, "Ready")?.reason !== said.reason) {
    return { ...statement, anew: true };
  }
  const sinceMs = now.getTime() - Date.parse(before.lastTransitionTime);
  if (isPatient(table, said.reason) || sinceMs < GRACE_MS) return statement;
  const message = `For more than ${GRACE_MS / 60_000} minutes: ${said.message}`;
  return { ...statement, reason: TAKING_LONG, message };
}

/**
 * Milliseconds until what these conditions say has taken too long; undefined if nobody will be told
 * of it then.
 */
export function tooLongInMs(
  table: Conditions,
  conditions: readonly Condition[],
  now: number,
): number | undefined {
  const waiting = typed(conditions, "Reconciling");
  if (!waiting || waiting.reason === TAKING_LONG || isPatient(table, waiting.reason)) {
    return undefined;
  }
  return Math.max(0, Date.parse(waiting.lastTransitionTime) + GRACE_MS - now);
}

/** What `kubectl describe` should tell of a change of conditions, if anything. */
export function happeningOf(
  table: Conditions,
  before: readonly Condition[] | undefined,
  now: readonly Condition[],
): Happening | undefined {
  const news = newsIn(table, now);
  const old = before && newsIn(table, before);
  if (!news || (old?.type === news.type && old.reason === news.reason)) return undefined;
  return { ...news, action: "Reconcile" };
}

/** What of the conditions a person has to know. */
function newsIn(
  table: Conditions,
  conditions: readonly Condition[],
): Pick<Happening, "type" | "reason" | "note"> | undefined {
  const ready = typed(conditions, "Ready");
  if (!ready) return undefined;
  const { reason, message } = ready;
  if (typed(conditions, "Stalled")) return { type: "Warning", reason, note: message };
  if (ready.status === "True" || isPatient(table, reason)) {
    return { type: "Normal", reason, note: message };
  }
  const waiting = typed(conditions, "Reconciling");
  if (waiting?.reason !== TAKING_LONG) return undefined;
  return { type: "Warning", reason, note: waiting.message };
}

function isPatient(table: Conditions, reason: string): boolean {
  return Object.values(table).some((reasons) => reasons[reason]?.patient === true);
}

function typed(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
