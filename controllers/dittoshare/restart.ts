// What takes effect only when the server restarts.
//
// The server stores some fields and reads them when it starts. Which of them wait cannot be seen
// on the server, so it is noted in the status before they are sent: together with when the server
// had started, which tells afterwards whether it has restarted.

import type { DittoShareStatus } from "../../api/dittoshare.ts";
import type { Reached } from "./pass.ts";

type Restart = NonNullable<DittoShareStatus["restart"]>;

/** Forgets what waited, if the server has restarted since. */
export async function settleRestart({ pass, client }: Reached): Promise<void> {
  const { restart, ...rest } = pass.noted;
  if (!restart) return;
  const { data: { startedAt } } = await client.health.live();
  if (startedAt !== restart.serverStartedAt) pass.noted = rest;
}

/** Notes that these fields are about to wait. `closed` keeps everybody out until then. */
export async function noteRestart(
  reached: Reached,
  fields: readonly string[],
  closed: boolean,
): Promise<void> {
  const { pass, client, context: { kinds, writer } } = reached;
  const before = pass.noted.restart;
  const all = [...new Set([...before?.fields ?? [], ...fields])].sort();
  const isNoted = before && all.length === before.fields.length && !(closed && !before.closed);
  if (fields.length === 0 || isNoted) return;
  const { data: { startedAt } } = await client.health.live();
  const restart: Restart = {
    serverStartedAt: before?.serverStartedAt ?? startedAt,
    fields: all,
    ...((closed || before?.closed) && { closed: true }),
  };
  pass.noted = { ...pass.noted, restart };
  await writer.applyStatus(kinds.shares, pass.resource, { ...pass.resource.status, restart });
}
