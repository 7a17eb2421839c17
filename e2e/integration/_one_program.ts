// The operator speaks to the API server and to servers of its own; a crash ends it at both.

import type { FaultHttp } from "../../dittofs/testing/fault_http.ts";
import type { FaultClient } from "../../kube/testing/fault_client.ts";

/** Whichever dies takes the other with it. */
export function oneProgram(client: FaultClient, http: FaultHttp): void {
  client.crashed.then(({ message }) => http.kill(message));
  http.crashed.then(({ message }) => client.kill(message));
}
