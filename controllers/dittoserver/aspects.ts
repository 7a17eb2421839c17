// One condition for each aspect of a server: what went wrong with it, or that it is in order.

import { type Aspect, DITTO_SERVER_CONDITIONS } from "../../api/conditions.ts";
import type { Statement } from "../conditions.ts";
import type { Problem } from "./problem.ts";

/** What an aspect says when it has no problem. */
export type InOrder = Readonly<Partial<Record<Aspect, { reason: string; message?: string }>>>;

/** The conditions of the aspects in `inOrder`, and of those that have a problem. */
export function aspectStatements(problems: readonly Problem[], inOrder: InOrder): Statement[] {
  const aspects = Object.keys(DITTO_SERVER_CONDITIONS) as (keyof typeof DITTO_SERVER_CONDITIONS)[];
  return aspects.flatMap((aspect): Statement[] => {
    if (aspect === "Ready" || aspect === "Available") return [];
    const own = problems.filter((problem) => problem.aspect === aspect);
    const [first] = own;
    if (first) {
      const message = own.map(({ message }) => message).join("; ");
      return [{ type: aspect, status: "False", reason: first.reason, message }];
    }
    const fine = inOrder[aspect];
    if (!fine) return [];
    const { reason } = fine;
    const reasons: Readonly<Record<string, { meaning: string; status: "True" | "False" }>> =
      DITTO_SERVER_CONDITIONS[aspect];
    const { status = "True", meaning = reason } = reasons[reason] ?? {};
    return [{ type: aspect, status, reason, message: fine.message ?? meaning }];
  });
}
