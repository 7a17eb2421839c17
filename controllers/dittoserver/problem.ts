// A step that failed, as the status of the resource tells it.

import type { ReadyReason } from "../../api/conditions.ts";
import { NotOursError } from "../../kube/ownership.ts";
import { classify, messageOf } from "../../kube/errors.ts";

/** Why the server cannot be made as it should be. */
export interface Problem {
  readonly reason: ReadyReason;
  readonly message: string;
  /** Nothing will change until somebody acts. */
  readonly stalled: boolean;
  /** What to throw so that the step is tried again; absent if that would be of no use. */
  readonly error?: unknown;
}

/** A Secret lacks a key that the server reads. */
export class SecretIncompleteError extends Error {
  override readonly name = "SecretIncompleteError";

  constructor(secret: string, key: string) {
    super(`Secret "${secret}" has no value under "${key}"; put it back, or delete the Secret`);
  }
}

/** The problem that an error of a step is; `step` says what was being done. */
export function problemOf(step: string, error: unknown): Problem {
  if (error instanceof NotOursError) {
    return { reason: "NotOurs", message: error.message, stalled: true, error };
  }
  const message = `${step}: ${messageOf(error)}`;
  if (error instanceof SecretIncompleteError) {
    return { reason: "SecretIncomplete", message, stalled: true };
  }
  switch (classify(error)) {
    case "invalid":
    case "forbidden":
      return { reason: "ApplyRefused", message, stalled: true, error };
    default:
      return { reason: "ApplyFailed", message, stalled: false, error };
  }
}
