// Conditions: a list in status with one entry per type.

import type { Condition } from "../api/dittoserver/status.ts";

/** What is to be said; when it changed is worked out from what was said before. */
export interface Statement {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  /** It is about something else than before, so that it begins now whatever its status was. */
  readonly anew?: true;
}

/** The conditions of these types as they were said: nobody has looked at what they are about. */
export function asSaid(previous: readonly Condition[], types: readonly string[]): Condition[] {
  return previous.filter(({ type }) => types.includes(type));
}

/**
 * The conditions that say `statements`. `lastTransitionTime` moves only when a status changes, or
 * what it is about; what is not stated any more is left out.
 */
export function conditions(
  statements: readonly Statement[],
  previous: readonly Condition[],
  observedGeneration: number | undefined,
  now: Date,
): Condition[] {
  return statements.map(({ anew, ...statement }) => {
    const before = previous.find(({ type }) => type === statement.type);
    const lastTransitionTime = before?.status === statement.status && !anew
      ? before.lastTransitionTime
      : `${now.toISOString().slice(0, 19)}Z`;
    return {
      ...statement,
      lastTransitionTime,
      ...(observedGeneration !== undefined && { observedGeneration }),
    };
  });
}
