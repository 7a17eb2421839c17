// What somebody has changed on the server by hand.

import type { DriftKind, Visit } from "./context.ts";
import type { Finding, RestAspect } from "./findings.ts";

/**
 * Whether the present spec was true at the last look, on the same pod: what differs now is
 * somebody's doing, and not what is still to be done.
 */
export function wasInOrder(
  { before, resource }: Visit,
  aspect: RestAspect,
  reason: Finding["reason"],
): boolean {
  return before?.generation === resource.metadata.generation &&
    before?.aspects[aspect]?.reason === reason;
}

/** Counts a change that somebody made, and logs which. */
export function drifted(
  { context, log, enforce }: Visit,
  kind: DriftKind,
  differences: readonly string[],
): void {
  context.drifted(kind);
  const what = enforce ? "is put back" : "is left as it is";
  log.info(`somebody has changed something on the server, which ${what}`, { kind, differences });
}

/** What the condition says of differences that are only told. */
export function differing(
  differences: readonly string[],
  enforce: boolean,
): Finding | undefined {
  if (enforce || differences.length === 0) return undefined;
  return { reason: "Differs", message: differences.join("; ") };
}
