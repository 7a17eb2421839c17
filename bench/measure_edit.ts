// A user's edit: on an operator that has nothing else to do, and while a wave of new servers
// starts up. Under load the edits come at a steady pace, whether or not earlier ones are real by
// then: a client that waited for its answer would not notice the time in which it could not ask.

import type { DittoServer } from "../api/dittoserver.ts";
import { pause } from "../e2e/harness/poll.ts";
import { range } from "./at_once.ts";
import { type Edit, EDITED_SERVERS, EditedServers, type EditLatency, latencyOf } from "./edits.ts";
import type { Ground } from "./ground.ts";
import { type Creation, measureCreation } from "./measure_create.ts";
import type { Operator } from "./operator.ts";

/** Edits on an idle operator. */
const EDITS = 200;
/** Time between two edits under load, in milliseconds. */
const EVERY_MS = 100;

/** The edits while servers start up, and the servers' own figures beside. */
export interface EditsUnderLoad {
  readonly edits: EditLatency;
  readonly creation: Creation;
}

/** Edits, one after the other. */
export async function measureEdits(servers: EditedServers): Promise<EditLatency> {
  const edits: Edit[] = [];
  // One round before it counts: the first edit of a connection is not what a user meets.
  for (const i of range(EDITED_SERVERS)) await servers.edit(i);
  for (const i of range(EDITS)) edits.push(await servers.edit(i));
  return latencyOf(edits);
}

/** Edits at a steady pace until the wave has its StatefulSets. */
export async function measureEditsUnderLoad(
  ground: Ground,
  operator: Operator,
  servers: EditedServers,
  wave: readonly DittoServer[],
): Promise<EditsUnderLoad> {
  const over = new AbortController();
  const creation = measureCreation(ground, operator, wave, () => over.abort());
  const [edits] = await Promise.all([
    editSteadily(servers, over.signal),
    creation.finally(() => over.abort()),
  ]);
  return { edits: latencyOf(edits), creation: await creation };
}

async function editSteadily(servers: EditedServers, over: AbortSignal): Promise<Edit[]> {
  const edits: Promise<Edit>[] = [];
  // A server is edited again only when its last edit is real, so each has a queue of its own.
  const last = new Map<number, Promise<unknown>>();
  for (let i = 0; !over.aborted; i++) {
    const server = i % EDITED_SERVERS;
    const due = performance.now();
    const edit = Promise.resolve(last.get(server)).then(async () => {
      const waited = performance.now() - due;
      const { realised, accepted } = await servers.edit(server);
      return { realised: realised + waited, accepted };
    });
    last.set(server, edit);
    edits.push(edit);
    await pause(EVERY_MS);
  }
  return await Promise.all(edits);
}
