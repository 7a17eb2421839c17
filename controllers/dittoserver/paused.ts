// Whether somebody has asked the operator to keep its hands off a server.

import type { DittoServer } from "../../api/dittoserver.ts";

/** The annotation that pauses: for whoever may not, or does not want to, change the spec. */
export const PAUSED_ANNOTATION = "dittofs.dittofs.com/paused";

/** Whether a resource is paused. It needs no spec that is otherwise understood. */
export function paused({ metadata, spec }: Pick<DittoServer, "metadata" | "spec">): boolean {
  return spec?.paused === true || metadata?.annotations?.[PAUSED_ANNOTATION] === "true";
}
