// What the conditions of a resource say, and whether it is ready: one answer from what is wrong
// with it, from which Ready, Reconciling, Stalled and the phase follow.

import type { Conditions } from "../../api/condition_reasons.ts";
import type { Condition } from "../../api/dittoserver/status.ts";
import { asSaid, conditions, type Statement } from "../conditions.ts";
import { kstatus } from "../kstatus.ts";
import type { Problem } from "./problem.ts";

/** What an aspect says when it has no problem; the text of its reason unless told. */
export type InOrder = Readonly<Record<string, { reason: string; message?: string } | undefined>>;

/** What a judgement follows from. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** `asSaid`: nothing was looked at, so each aspect stays as it was said to be. */
  readonly inOrder: InOrder | "asSaid";
  /** What Ready says when nothing is in the way. */
  readonly good: { readonly reason: string; readonly message: string };
  /** The resource is on its way out, which is not being ready. */
  readonly deleting: boolean;
  readonly previous: readonly Condition[];
  readonly generation: number | undefined;
  readonly now: Date;
}

/** The part of a status that is the same for every resource. */
export interface Judgement {
  readonly observedGeneration?: number;
  readonly phase: "Pending" | "Ready" | "Failed" | "Deleting";
  readonly conditions: Condition[];
}

/** Judges; `table` has the conditions of the resource and their reasons. */
export function judge(table: Conditions, findings: Findings): Judgement {
  const { problems, inOrder, good, deleting, previous, generation, now } = findings;
  // Steps run side by side; the status must not depend on which of them failed first.
  const sorted = problems.toSorted((a, b) => (a.message < b.message ? -1 : 1));
  const inTheWay = sorted.filter(({ aside }) => !aside);
  const first = inTheWay.find(({ stalled }) => stalled) ?? inTheWay[0];
  const stalled = inTheWay.some((problem) => problem.stalled);
  const message = inTheWay.map(({ message }) => message).join("; ");
  const ready = first === undefined;
  const said = ready ? good : { reason: first.reason, message };
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase: deleting ? "Deleting" : stalled ? "Failed" : ready ? "Ready" : "Pending",
    conditions: [
      ...conditions(
        [
          ...kstatus(table, { ready, stalled, ...said }, { previous, now }),
          ...(inOrder === "asSaid" ? [] : aspects(table, sorted, inOrder)),
        ],
        previous,
        generation,
        now,
      ),
      ...(inOrder === "asSaid" ? asSaid(previous, aspectsOf(table)) : []),
    ],
  };
}

function aspectsOf(table: Conditions): string[] {
  return Object.keys(table).filter((type) => type !== "Ready");
}

/** The conditions of the aspects in `inOrder`, and of those that have a problem. */
function aspects(table: Conditions, problems: readonly Problem[], inOrder: InOrder): Statement[] {
  return Object.entries(table).flatMap(([aspect, reasons]): Statement[] => {
    if (aspect === "Ready") return [];
    const own = problems.filter((problem) => problem.aspect === aspect);
    const first = own.find(({ stalled }) => stalled) ?? own[0];
    if (first) {
      const message = own.map(({ message }) => message).join("; ");
      return [{ type: aspect, status: "False", reason: first.reason, message }];
    }
    const fine = inOrder[aspect];
    if (!fine) return [];
    const { reason } = fine;
    const { status = "True", meaning = reason } = reasons[reason] ?? {};
    return [{ type: aspect, status, reason, message: fine.message ?? meaning }];
  });
}
