import assert from "node:assert/strict";
import { type Check, runChecks } from "./_checks.ts";

const check = (name: string, ok: boolean, details = "all about it"): Check => ({
  name,
  run: () => Promise.resolve({ ok, summary: "said", details }),
});

async function lines(checks: Check[], workers = 1): Promise<string[]> {
  const printed: string[] = [];
  const now = () => 0;
  await runChecks(checks, { workers, print: (line) => printed.push(line), now });
  return printed;
}

Deno.test("runChecks prints one line for each check and nothing more on success", async () => {
  assert.deepEqual(
    await lines([check("fmt", true), check("lint", true)]),
    [
      "ok     fmt    0.0 s  said",
      "ok     lint   0.0 s  said",
    ].map((line) => line.replace(/(fmt|lint) +/, (_, name) => `${name.padEnd(4)}   `)),
  );
});

Deno.test("runChecks shows the details of what failed, after all lines", async () => {
  const printed = await lines([check("fmt", false), check("lint", true)]);
  assert.match(printed[0] ?? "", /^FAILED fmt/);
  assert.match(printed[1] ?? "", /^ok {5}lint/);
  assert.equal(printed[2], "\n--- fmt ---\nall about it");
});

Deno.test("runChecks counts a check that throws as failed", async () => {
  const broken: Check = { name: "x", run: () => Promise.reject(new Error("no disk")) };
  const printed = await lines([broken]);
  assert.match(printed[0] ?? "", /^FAILED x .*could not run/);
  assert.match(printed[1] ?? "", /no disk/);
});

Deno.test("runChecks runs as many at once as it has workers and keeps the order", async () => {
  let running = 0;
  let most = 0;
  const slow = (name: string): Check => ({
    name,
    run: async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return { ok: true, summary: "", details: "" };
    },
  });
  const options = { workers: 2, print: () => {}, now: () => 0 };
  const results = await runChecks(["a", "b", "c"].map(slow), options);
  assert.equal(most, 2);
  assert.deepEqual(results.map(({ name }) => name), ["a", "b", "c"]);
});
