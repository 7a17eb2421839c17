import assert from "node:assert/strict";
import { atTheLimit, rowsOf } from "./goals.ts";
import type { Creation } from "./measure_create.ts";
import type { Run } from "./run.ts";

const create: Creation = {
  servers: 200,
  totalMs: 5_000,
  writersMs: 1_000,
  latency: { count: 200, p50: 2_000, p99: 4_000, max: 4_500 },
  requests: { "create secrets": 400, "patch configmaps": 200, "patch dittoservers/status": 200 },
  requestsPerServer: 4,
  cpuMsPerServer: 9.5,
  cpuMs: { etcd: 1_000, operator: 1_900 },
};

const limit = {
  creates: { requests: 1000, perSecond: 400, cpuMs: 0.4 },
  applies: { requests: 1000, perSecond: 200, cpuMs: 0.5 },
};

const run: Run = { servers: 200, startMs: 300, empty: { rss: 60 * 2 ** 20, peak: 61 * 2 ** 20 } };

Deno.test("atTheLimit counts creates and applies at their own rates", () => {
  assert.equal(atTheLimit(create, limit), 1_000 + 2_000);
});

Deno.test("rowsOf holds processor time beside that of others in the same run", () => {
  const replay = { servers: 100, totalMs: 1_000, cpuMs: { bench: 475, etcd: 900 } };
  const cpuMs = { ...create.cpuMs, "kube-apiserver": 7_600 };
  const rows = rowsOf({ ...run, create: { ...create, cpuMs }, replay });
  const measured = (figure: string) => rows.find((row) => row.figure.startsWith(figure))?.measured;
  assert.equal(measured("CPU of the operator meanwhile"), "25 %");
  assert.equal(measured("CPU per new server of that script"), "4.8 ms");
});

Deno.test("rowsOf leaves out what was not measured", () => {
  assert.deepEqual(rowsOf(run).map(({ figure }) => figure), ["RSS with no server"]);
});

Deno.test("rowsOf says which goals were met and which were missed", () => {
  const rows = rowsOf({ ...run, create, limit });
  const met = (figure: string) => rows.find((row) => row.figure === figure)?.met;
  assert.equal(met("all StatefulSets exist"), true);
  assert.equal(met("CPU per new server"), false);
  assert.equal(met("from create to StatefulSet"), undefined);
});

Deno.test("rowsOf holds a thousand servers to 80 % of the pace of a script", () => {
  const figure = "of the limit: a script that sends the same requests";
  const met = (servers: number, totalMs: number) =>
    rowsOf({ ...run, servers, create, replay: { servers: 200, totalMs, cpuMs: {} } })
      .find((row) => row.figure === figure)?.met;
  assert.equal(met(1000, 4_000), true);
  assert.equal(met(1000, 3_900), false);
  assert.equal(met(200, 3_900), undefined);
});

Deno.test("rowsOf has no goal for a number of servers that none is set for", () => {
  const [row] = rowsOf({ ...run, servers: 300, create });
  assert.equal(row?.goal, "");
  assert.equal(row?.met, undefined);
});

Deno.test("rowsOf counts memory growth of 2 % as too much", () => {
  const growth = (after: number) =>
    rowsOf({ ...run, foreign: { objects: 600, before: 100, after } }).at(-1)?.met;
  assert.equal(growth(101), true);
  assert.equal(growth(102), false);
});
