// What is not as it should be, of anything that a resource has on a server.

import { classify, messageOf } from "../../kube/errors.ts";
import { NotOursError } from "../../kube/ownership.ts";

/** Why a resource cannot be made as it should be. `A` are its aspects, `R` its reasons. */
export interface Problem<A extends string = string, R extends string = string> {
  /** The condition that tells of it; absent for the resource as a whole. */
  readonly aspect?: A;
  readonly reason: R;
  readonly message: string;
  /** Nothing will change until somebody acts. */
  readonly stalled: boolean;
  /** It is in order all the same, so Ready does not depend on it. @default false */
  readonly aside?: boolean;
  /** What to throw so that the step is tried again; absent if that would be of no use. */
  readonly error?: unknown;
}

/** The problem that an error of a server is; `step` says what was being done. */
export function refusalOf<A extends string>(
  aspect: A,
  step: string,
  error: unknown,
): Problem<A, "Refused" | "Failed"> {
  const message = `${step}: ${messageOf(error)}`;
  switch (classify(error)) {
    case "invalid":
    case "forbidden":
      return { aspect, reason: "Refused", message, stalled: true, error };
    default:
      return { aspect, reason: "Failed", message, stalled: false, error };
  }
}

/** The same of an object in the cluster. */
export function writeFailureOf<A extends string>(
  aspect: A,
  step: string,
  error: unknown,
): Problem<A, "NotOurs" | "ApplyRefused" | "ApplyFailed"> {
  if (error instanceof NotOursError) {
    return { aspect, reason: "NotOurs", message: error.message, stalled: true, error };
  }
  const message = `${step}: ${messageOf(error)}`;
  switch (classify(error)) {
    case "invalid":
    case "forbidden":
      return { aspect, reason: "ApplyRefused", message, stalled: true, error };
    default:
      return { aspect, reason: "ApplyFailed", message, stalled: false, error };
  }
}
