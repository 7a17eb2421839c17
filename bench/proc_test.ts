import assert from "node:assert/strict";
import { parseMemory, parseStat } from "./proc.ts";

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i)).join(" ");

Deno.test("parseStat reads name, parent and processor time", () => {
  // Each field holds its own number in proc(5), so a shift by one is seen.
  const stat = parseStat(`77 (deno) S ${numbers(4, 52)}\n`);
  assert.deepEqual(stat, { name: "deno", parent: 4, cpuMs: (14 + 15) * 10 });
});

Deno.test("parseStat is not confused by spaces and parentheses in the name", () => {
  const stat = parseStat(`77 (a) b) S ${numbers(4, 52)}\n`);
  assert.equal(stat.name, "a) b");
  assert.equal(stat.parent, 4);
});

Deno.test("parseStat refuses what is not such a line", () => {
  assert.throws(() => parseStat("77 (deno)"), TypeError);
});

Deno.test("parseMemory reads present and largest resident set in bytes", () => {
  const text = "Name:\tdeno\nVmPeak:\t  900 kB\nVmHWM:\t   300 kB\nVmRSS:\t   200 kB\n";
  assert.deepEqual(parseMemory(text), { rss: 200 * 1024, peak: 300 * 1024 });
});

Deno.test("parseMemory names the field that is missing", () => {
  assert.throws(() => parseMemory("VmRSS:\t 200 kB\n"), /VmHWM/);
});
