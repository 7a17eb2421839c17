// Many new servers at once: how long until each has its StatefulSet, which is the last object
// that the operator makes for it?

import type { DittoServer } from "../api/dittoserver.ts";
import { statefulSets } from "../controllers/kinds.ts";
import { CHILD_SELECTOR } from "../controllers/dittoserver/names.ts";
import { keyOf } from "../kube/object.ts";
import { until } from "../e2e/harness/poll.ts";
import { atOnce } from "./at_once.ts";
import { createServer, type Ground, WRITERS } from "./ground.ts";
import { boundOf, lagOf } from "./lag.ts";
import type { Operator } from "./operator.ts";
import { summarise, type Summary } from "./percentile.ts";
import { cpuByName, cpuOf } from "./proc.ts";
import { countRequests, requestsSince, untilOperatorQuiet } from "./quiet.ts";
import { Sightings } from "./sightings.ts";

/** What a wave of new servers costs. Times in milliseconds. */
export interface Creation {
  readonly servers: number;
  /** From the first create until the last StatefulSet exists. */
  readonly totalMs: number;
  /** Of which the writers needed this long to create the resources. */
  readonly writersMs: number;
  /** From each create until its StatefulSet exists. */
  readonly latency: Summary;
  /** Requests of the operator until it was quiet, by verb and resource. */
  readonly requests: Readonly<Record<string, number>>;
  readonly requestsPerServer: number;
  /** Processor time of the operator for one server. */
  readonly cpuMsPerServer: number;
  /** A bound of the 99th percentile of the lag of the operator's event loop; absent if unknown. */
  readonly lagP99Ms?: number;
  /** Processor time of each process during `totalMs`. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

/**
 * Creates the servers and waits until the operator has no more to do.
 *
 * @param onMade called when the last StatefulSet exists
 */
export async function measureCreation(
  { api, plane }: Ground,
  operator: Operator,
  servers: readonly DittoServer[],
  onMade: () => void = () => {},
): Promise<Creation> {
  const options = { metadataOnly: true, labelSelector: CHILD_SELECTOR };
  await using made = await Sightings.open(api, statefulSets, options);
  const from = Date.now();
  const lag = await lagOf(operator.metricsUrl);
  const operatorCpu = await cpuOf(operator.pid);
  const cpu = await cpuByName();

  const began = new Map<string, number>();
  const start = performance.now();
  await atOnce(WRITERS, servers, async (server) => {
    began.set(keyOf(server), performance.now());
    await createServer(api, server);
  });
  const writersMs = performance.now() - start;
  const all = servers.map(keyOf);
  await until("all StatefulSets exist", () => all.every((key) => made.first.has(key)), {
    within: 120_000 + servers.length * 400,
    every: 20,
  });
  onMade();
  const spent = difference(await cpuByName(), cpu);

  const lagP99 = boundOf(lag, await lagOf(operator.metricsUrl), 99);

  const latencies = [...began].map(([key, at]) => (made.first.get(key) ?? NaN) - at);
  const last = Math.max(...all.map((key) => made.first.get(key) ?? NaN));
  await untilOperatorQuiet(plane);
  const requests = await requestsSince(plane, from);
  return {
    servers: servers.length,
    totalMs: last - start,
    writersMs,
    latency: summarise(latencies),
    requests: countRequests(requests),
    requestsPerServer: requests.length / servers.length,
    cpuMsPerServer: (await cpuOf(operator.pid) - operatorCpu) / servers.length,
    ...(lagP99 !== undefined && { lagP99Ms: 1000 * lagP99 }),
    cpuMs: spent,
  };
}

function difference(after: Record<string, number>, before: Record<string, number>) {
  const names = Object.keys(after);
  return Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
}
