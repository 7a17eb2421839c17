// The operator is killed and started again. With nothing to do it must write nothing, and an edit
// made while it was down must not wait for a look at every server.

import type { EditedServers } from "./edits.ts";
import type { Ground } from "./ground.ts";
import { type Operator, startOperator } from "./operator.ts";
import { type Memory, memoryOf } from "./proc.ts";
import { countRequests, requestsSince, untilOperatorQuiet, writesAmong } from "./quiet.ts";

/** What a restart costs. Times in milliseconds from the start of the process. */
export interface Restart {
  /** Until all caches are filled and the workers begin. */
  readonly workingMs: number;
  /** Until an edit made while it was down is real. */
  readonly editRealisedMs: number;
  /** Writes made by a restart with nothing to do. */
  readonly writes: number;
  /** Requests made by it, by verb and resource; watches are not counted. */
  readonly requests: Readonly<Record<string, number>>;
  readonly memory: Memory;
}

/** Kills and starts the operator twice. Returns the last one, which runs. */
export async function measureRestart(
  ground: Ground,
  first: Operator,
  servers: EditedServers,
  v8Flags: string,
): Promise<{ readonly restart: Restart; readonly operator: Operator }> {
  const { plane } = ground;
  // What the death of the first one leaves undone would be counted as the second one's own idea.
  await untilOperatorQuiet(plane);
  await first.stop("SIGKILL");
  const from = Date.now();
  const second = await startOperator(plane, v8Flags);
  const workingMs = await second.untilWorking();
  await untilOperatorQuiet(plane);
  const requests = await requestsSince(plane, from);

  await second.stop("SIGKILL");
  const edit = await servers.begin(0);
  const operator = await startOperator(plane, v8Flags);
  const editRealisedMs = await edit.realised - operator.startedAt;
  await untilOperatorQuiet(plane);
  return {
    operator,
    restart: {
      workingMs,
      editRealisedMs,
      writes: writesAmong(requests),
      requests: countRequests(requests),
      memory: await memoryOf(operator.pid),
    },
  };
}
