import assert from "node:assert/strict";
import { plot } from "./plot.ts";
import type { Run } from "./run.ts";

const memory = (mib: number) => ({ rss: mib * 2 ** 20, peak: (mib + 10) * 2 ** 20 });

const run = (servers: number): Run => ({
  servers,
  startMs: 300,
  empty: memory(60),
  create: {
    servers,
    totalMs: servers * 20,
    writersMs: servers * 5,
    latency: { count: servers, p50: servers * 8, p99: servers * 15, max: servers * 16 },
    requests: {},
    requestsPerServer: 7,
    cpuMsPerServer: 8,
    cpuMs: {},
  },
  idle: {
    windowMs: 30_000,
    requests: 0,
    requestsBy: {},
    cpuMs: 0,
    memory: memory(60 + servers / 50),
  },
});

Deno.test("plot draws latency and memory with axes, units and goals", () => {
  const svg = plot([run(200), run(1000)], "2 cores <here>");
  for (const label of ["seconds", "MiB", "servers", "p50", "p99", "peak", "goal for resident"]) {
    assert.ok(svg.includes(`>${label}</text>`), label);
  }
  assert.equal(svg.match(/stroke-dasharray/g)?.length, 4, "two goal lines and their legends");
  assert.ok(svg.includes("2 cores &lt;here&gt;"));
});

Deno.test("plot leaves out goals beyond the largest run", () => {
  const dots = (svg: string) => svg.match(/fill="#fff" stroke=/g)?.length;
  assert.equal(dots(plot([run(200)], "")), 2);
  assert.equal(dots(plot([run(1000)], "")), 4);
});
