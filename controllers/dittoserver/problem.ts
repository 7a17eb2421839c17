// What is not as it should be, as the status of the resource tells it.

import type { Aspect, ReadyReason } from "../../api/conditions.ts";
import { NotOursError } from "../../kube/ownership.ts";
import { classify, messageOf } from "../../kube/errors.ts";

/** Why the server cannot be made as it should be. */
export interface Problem {
  /** The condition that tells of it; absent for the spec as a whole. */
  readonly aspect?: Aspect;
  readonly reason: ReadyReason;
  readonly message: string;
  /** Nothing will change until somebody acts. */
  readonly stalled: boolean;
  /** The server works all the same, so Ready does not depend on it. @default false */
  readonly aside?: boolean;
  /** What to throw so that the step is tried again; absent if that would be of no use. */
  readonly error?: unknown;
}

/** The problem that an error of a step is; `step` says what was being done. */
export function problemOf(aspect: Aspect, step: string, error: unknown): Problem {
  // A server serves without being watched by a Prometheus.
  const aside = aspect === "MonitoringReady";
  if (error instanceof NotOursError) {
    return { aspect, reason: "NotOurs", message: error.message, stalled: true, aside, error };
  }
  const message = `${step}: ${messageOf(error)}`;
  return isRefused(error)
    ? { aspect, reason: "ApplyRefused", message, stalled: true, aside, error }
    : { aspect, reason: "ApplyFailed", message, stalled: false, aside, error };
}

/** The problem that a Secret is which the API server does not give us. */
export function unreadable(
  aspect: "ReferencesResolved" | "MonitoringReady",
  secret: string,
  error: unknown,
): Problem {
  const message = `Secret "${secret}" cannot be read: ${messageOf(error)}`;
  return { aspect, reason: "SecretUnreadable", message, stalled: isRefused(error), error };
}

function isRefused(error: unknown): boolean {
  return ["invalid", "forbidden"].includes(classify(error));
}
