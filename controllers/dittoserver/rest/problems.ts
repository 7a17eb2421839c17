// What an error of the server means for a condition.

import { ServerError, ServerUnreachableError } from "../../../dittofs/errors.ts";
import { classify, messageOf } from "../../../kube/errors.ts";
import type { Finding } from "./findings.ts";

/**
 * What a step says that failed. An error that says nothing of the server, but of us or of the
 * whole connection, is thrown on.
 */
export function failed(what: string, error: unknown): Finding {
  // A name that can never be one in a URL is refused before it is sent.
  const refused = error instanceof RangeError ||
    (error instanceof ServerError && error.errorClass === "invalid");
  const ours = classify(error) === "bug" && !refused;
  if (error instanceof ServerUnreachableError || ours) throw error;
  return { reason: refused ? "Refused" : "Failed", message: `${what}: ${messageOf(error)}` };
}
