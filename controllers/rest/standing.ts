// How a resource on a server stands: one condition for each of its aspects, and what follows from
// them for Ready, Reconciling, Stalled and the phase.
//
// The tables of conditions in api/ say which aspects there are and what each reason means. A
// reconcile collects problems, which are in the way or, if `aside`, only told; and for an aspect
// without a problem it gives the reason that is true of it.

import type { Conditions } from "../../api/conditions.ts";
import { classify, messageOf } from "../../kube/errors.ts";
import type { Statement } from "../conditions.ts";

/** Something that is not as it should be. */
export interface Problem<A extends string = string> {
  /** The condition that tells of it; absent for the resource as a whole. */
  readonly aspect?: A;
  readonly reason: string;
  readonly message: string;
  /** Nothing will change until somebody acts. */
  readonly stalled: boolean;
  /** It does not stand in the way of Ready. @default false */
  readonly aside?: boolean;
  /** What to throw so that it is tried again; absent if that would be of no use. */
  readonly error?: unknown;
}

/** What an aspect says that has no problem; the table's meaning stands in for a message. */
export type InOrder<A extends string = string> = Readonly<
  Partial<Record<A, { readonly reason: string; readonly message?: string }>>
>;

/** Where a resource stands. */
export interface Standing {
  readonly phase: "Pending" | "Ready" | "Failed" | "Deleting";
  readonly statements: readonly Statement[];
}

/** The problem that an error is which the server answered with, or which kept it from answering. */
export function restProblem<A extends string>(aspect: A, step: string, error: unknown): Problem<A> {
  const message = `${step}: ${messageOf(error)}`;
  const kind = classify(error);
  const refused = kind === "invalid" || kind === "forbidden";
  return { aspect, reason: refused ? "Refused" : "Failed", message, stalled: refused, error };
}

/** Works out where a resource stands; `ready` is what Ready says when nothing is in its way. */
export function standingOf<A extends string>(
  table: Conditions,
  problems: readonly Problem<A>[],
  inOrder: InOrder<A>,
  ready: { readonly reason: string; readonly message: string },
): Standing {
  const inTheWay = problems.filter(({ aside }) => !aside);
  const [first] = inTheWay;
  const aspects = aspectStatements(table, problems, inOrder);
  if (!first) {
    return {
      phase: "Ready",
      statements: [{ type: "Ready", status: "True", ...ready }, ...aspects],
    };
  }
  const { reason } = first;
  const message = inTheWay.map(({ message }) => message).join("; ");
  const stalled = inTheWay.some(({ stalled }) => stalled);
  const type = stalled ? "Stalled" : "Reconciling";
  return {
    phase: reason === "Deleting" ? "Deleting" : stalled ? "Failed" : "Pending",
    statements: [
      { type: "Ready", status: "False", reason, message },
      { type, status: "True", reason, message },
      ...aspects,
    ],
  };
}

function aspectStatements(
  table: Conditions,
  problems: readonly Problem[],
  inOrder: InOrder,
): Statement[] {
  return Object.entries(table).flatMap(([aspect, reasons]): Statement[] => {
    const own = problems.filter((problem) => problem.aspect === aspect);
    const [first] = own;
    if (first) {
      const message = own.map(({ message }) => message).join("; ");
      return [{ type: aspect, status: "False", reason: first.reason, message }];
    }
    const fine = inOrder[aspect];
    if (!fine) return [];
    const { reason, message } = fine;
    const { status = "True", meaning = reason } = reasons[reason] ?? {};
    return [{ type: aspect, status, reason, message: message ?? meaning }];
  });
}
