// Nothing changes that a user could have changed: the operator must send nothing, although
// Kubernetes' own controllers are still busy with pods and volumes and tell of it. The operator's
// memory is read at the end of that time.

import { pause } from "../e2e/harness/poll.ts";
import type { Ground } from "./ground.ts";
import type { Operator } from "./operator.ts";
import { cpuOf, type Memory, memoryOf } from "./proc.ts";
import { countRequests, requestsSince, untilOperatorQuiet } from "./quiet.ts";

/** How long nothing changes, in milliseconds. */
const WINDOW_MS = 30_000;

/** What an operator does when there is nothing to do. */
export interface Idleness {
  readonly windowMs: number;
  readonly requests: number;
  readonly requestsBy: Readonly<Record<string, number>>;
  /** Processor time spent in the window, in milliseconds. */
  readonly cpuMs: number;
  readonly memory: Memory;
}

/** Waits until the operator is done with everything, then looks on for half a minute. */
export async function measureIdleness({ plane }: Ground, operator: Operator): Promise<Idleness> {
  await untilOperatorQuiet(plane);
  const from = Date.now();
  const cpu = await cpuOf(operator.pid);
  await pause(WINDOW_MS);
  const requests = await requestsSince(plane, from);
  return {
    windowMs: WINDOW_MS,
    requests: requests.length,
    requestsBy: countRequests(requests),
    cpuMs: await cpuOf(operator.pid) - cpu,
    memory: await memoryOf(operator.pid),
  };
}
