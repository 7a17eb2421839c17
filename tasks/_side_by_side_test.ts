import assert from "node:assert/strict";
import { parseJUnit } from "./_junit.ts";
import { testSideBySide } from "./_side_by_side.ts";

async function runFiles(
  sources: Readonly<Record<string, string>>,
  { lanes = 2, signal = new AbortController().signal, onSlack = () => {} } = {},
) {
  const root = await Deno.makeTempDir();
  const lines: string[] = [];
  try {
    for (const [name, source] of Object.entries(sources)) {
      await Deno.writeTextFile(`${root}/${name}`, source);
    }
    const report = `${root}/all.xml`;
    const files = Object.keys(sources);
    const counts = await testSideBySide({
      ...{ root, files, lanes, permissions: ["--allow-env"], report, signal },
      ...{ within: 60_000, print: (line: string) => void lines.push(line), onSlack },
    });
    return { counts, report: parseJUnit(await Deno.readTextFile(report)), said: lines.join("\n") };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("testSideBySide() counts every file, and names the one in which a test failed", async () => {
  const { counts, report, said } = await runFiles({
    "a_test.ts": `Deno.test("holds", () => {});`,
    "b_test.ts": `Deno.test("breaks", () => { throw new Error("because"); });`,
    "c_test.ts": `throw new Error("does not load");`,
    "d_test.ts": `Deno.test("holds too", () => {});`,
  });
  assert.equal(counts.passed, 2, said);
  assert.equal(counts.failed, 2, said);
  assert.deepEqual(counts.failures, [
    "b_test.ts: breaks: Error: because",
    "c_test.ts: no test was run",
  ]);
  assert.deepEqual([report.passed, report.failures], [2, ["breaks: Error: because"]]);
  assert.match(said, /--- b_test\.ts ---[^]*because/);
  assert.match(said, /--- c_test\.ts ---[^]*does not load/);
});

Deno.test("testSideBySide() gives files that run at once ports of their own", async () => {
  const tell = `Deno.test("PORTS=" + Deno.env.get("DITTOFS_TEST_PORTS"), () => { throw 0; });`;
  const { counts } = await runFiles({ "a_test.ts": tell, "b_test.ts": tell });
  const ports = counts.failures.map((name) => /PORTS=(\d+-\d+):/.exec(name)?.[1]);
  assert.equal(new Set(ports).size, 2, String(ports));
  assert.ok(!ports.includes(undefined), String(counts.failures));
});

Deno.test("testSideBySide() says once when two lanes are idle", async () => {
  let said = 0;
  const sound = `Deno.test("holds", () => {});`;
  const files = { "a_test.ts": sound, "b_test.ts": sound, "c_test.ts": sound };
  await runFiles(files, { lanes: 3, onSlack: () => said++ });
  assert.equal(said, 1);
});

Deno.test("testSideBySide() begins nothing after an interruption, and counts it as failed", async () => {
  const { counts } = await runFiles(
    { "a_test.ts": `Deno.test("holds", () => {});` },
    { signal: AbortSignal.abort() },
  );
  assert.deepEqual([counts.passed, counts.failed], [0, 1]);
});
