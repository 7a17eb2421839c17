// What the operator must reach, and whether a run reached it. A ratio within one run counts more
// than an absolute time: machines differ, and a run is alone on none.

import type { Limit } from "./measure_limit.ts";
import type { Creation } from "./measure_create.ts";
import type { Run } from "./run.ts";

/** One line of the table. */
export interface Row {
  readonly figure: string;
  readonly measured: string;
  /** Empty where there is no goal. */
  readonly goal: string;
  /** Absent where there is no goal. */
  readonly met?: boolean;
}

const MIB = 2 ** 20;

/** Children of a minimal server, and the two requests that may come on top: one is for status. */
const REQUESTS_PER_SERVER = 9 + 2;

/** Seconds until all StatefulSets exist, by number of servers. */
export const CREATE_GOALS: Readonly<Record<number, number>> = { 200: 5, 1000: 25 };

/** Share of the pace of a script that sends the same requests, in percent, by number of servers. */
const PACE_GOALS: Readonly<Record<number, number>> = { 1000: 80 };

/** MiB of resident memory, by number of servers. */
export const MEMORY_GOALS: Readonly<Record<number, number>> = { 200: 90, 1000: 110, 5000: 200 };

/** Milliseconds that the requests of a creation take at the bare client's pace. */
export function atTheLimit({ requests }: Creation, { creates, applies }: Limit): number {
  return 1000 * (countOf(requests, "create") / creates.perSecond +
    countOf(requests, "patch") / applies.perSecond);
}

function countOf(requests: Creation["requests"], verb: string): number {
  return Object.entries(requests).filter(([what]) => what.startsWith(`${verb} `))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** The table of one run. */
export function rowsOf(run: Run): Row[] {
  return [
    ...creationRows(run),
    ...limitRows(run),
    ...memoryRows(run),
    ...editRows(run),
    ...restartRows(run),
  ];
}

function creationRows({ create, idle, servers }: Run): Row[] {
  if (!create) return [];
  const { totalMs, latency, requestsPerServer, cpuMsPerServer, cpuMs } = create;
  const shares = Object.entries(cpuMs).toSorted(([, a], [, b]) => b - a)
    .map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)}`).join(", ");
  const lag = create.lagP99Ms;
  const rows: Row[] = [
    atMost("all StatefulSets exist", totalMs / 1000, "s", CREATE_GOALS[servers]),
    only("from create to StatefulSet", `p50 ${ms(latency.p50)}, p99 ${ms(latency.p99)}`),
    atMost("requests per new server", requestsPerServer, "", REQUESTS_PER_SERVER),
    atMost("CPU per new server", cpuMsPerServer, "ms", 9),
    only("CPU of each process meanwhile, s", shares),
    // How fast a machine is, and how busy, is seen in both alike.
    only("CPU of the operator meanwhile, of kube-apiserver's", shareOf(cpuMs)),
  ];
  if (lag !== undefined) rows.push(atMost("event-loop lag meanwhile, p99 at most", lag, "ms", 50));
  if (idle) {
    rows.push(atMost("requests while nothing changes, 30 s", idle.requests, "", 0));
    rows.push(only("CPU while nothing changes, 30 s", `${idle.cpuMs} ms`));
  }
  return rows;
}

function shareOf({ operator = NaN, "kube-apiserver": server = NaN }: Creation["cpuMs"]): string {
  return `${(100 * operator / server).toFixed(0)} %`;
}

function limitRows({ servers, create, limit, replay }: Run): Row[] {
  const rows: Row[] = [];
  if (limit) {
    const { creates, applies } = limit;
    rows.push(only("limit: creates", rate(creates.perSecond, creates.cpuMs)));
    rows.push(only("limit: first applies", rate(applies.perSecond, applies.cpuMs)));
  }
  if (limit && create) {
    const share = 100 * atTheLimit(create, limit) / create.totalMs;
    // Small objects of one kind are cheaper than Services and StatefulSets, so this is no goal.
    rows.push(only("of its requests at the pace of small objects", `${share.toFixed(0)} %`));
  }
  if (replay && create) {
    const perServer = create.totalMs / create.servers;
    const share = 100 * (replay.totalMs / replay.servers) / perServer;
    const figure = "of the limit: a script that sends the same requests";
    rows.push(atLeast(figure, share, "%", PACE_GOALS[servers]));
    const script = (replay.cpuMs.bench ?? NaN) / replay.servers;
    rows.push(only("CPU per new server of that script", `${script.toFixed(1)} ms`));
  }
  return rows;
}

function memoryRows({ servers, empty, idle, foreign }: Run): Row[] {
  const rows = [only("RSS with no server", mib(empty.rss))];
  if (idle) {
    rows.push(
      atMost(`RSS with ${servers} servers`, idle.memory.rss / MIB, "MiB", MEMORY_GOALS[servers]),
    );
    rows.push(only(`peak RSS with ${servers} servers`, mib(idle.memory.peak)));
  }
  if (foreign) {
    const growth = 100 * (foreign.after - foreign.before) / foreign.before;
    rows.push(below(`RSS growth from ${foreign.objects} foreign 1 MB objects`, growth, "%", 2));
  }
  return rows;
}

function editRows({ edit, load, servers }: Run): Row[] {
  const rows: Row[] = [];
  if (edit) {
    rows.push(atMost("edit on an idle operator, p50", edit.realised.p50, "ms", 20));
    rows.push(atMost("edit on an idle operator, p99", edit.realised.p99, "ms", 60));
    rows.push(only("of which the API server accepts it, p50", ms(edit.accepted.p50)));
  }
  if (load) {
    const { realised, accepted } = load.edits;
    const during = `edit while ${servers} servers start up`;
    rows.push(only(`${during}, p50`, ms(realised.p50)));
    rows.push(atMost(`${during}, p99`, realised.p99, "ms", 300));
    rows.push(only("of which the API server accepts it, p99", ms(accepted.p99)));
  }
  return rows;
}

function restartRows({ restart, servers }: Run): Row[] {
  if (!restart) return [];
  const first = Math.max(restart.editRealisedMs, restart.workingMs) / 1000;
  return [
    atMost(`restart with ${servers} servers → an edit made meanwhile is real`, first, "s", 3),
    only("of which until workers begin", ms(restart.workingMs)),
    atMost("writes made by a restart", restart.writes, "", 0),
  ];
}

function only(figure: string, measured: string): Row {
  return { figure, measured, goal: "" };
}

function atMost(figure: string, value: number, unit: string, goal: number | undefined): Row {
  const measured = withUnit(rounded(value), unit);
  if (goal === undefined) return only(figure, measured);
  return { figure, measured, goal: withUnit(`≤ ${goal}`, unit), met: value <= goal };
}

function below(figure: string, value: number, unit: string, goal: number): Row {
  const measured = withUnit(rounded(value), unit);
  return { figure, measured, goal: withUnit(`< ${goal}`, unit), met: value < goal };
}

function atLeast(figure: string, value: number, unit: string, goal: number | undefined): Row {
  const measured = withUnit(rounded(value), unit);
  if (goal === undefined) return only(figure, measured);
  return { figure, measured, goal: withUnit(`≥ ${goal}`, unit), met: value >= goal };
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 100 ? 1 : 0);
}

function withUnit(text: string, unit: string): string {
  return unit === "" ? text : `${text} ${unit}`;
}

function ms(value: number): string {
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}

function rate(perSecond: number, cpuMs: number): string {
  return `${perSecond.toFixed(0)} a second, ${cpuMs.toFixed(2)} ms CPU each`;
}
