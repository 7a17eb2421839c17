import assert from "node:assert/strict";
import { findCycle, importFaults, parseImports } from "./_import_rules.ts";

const imports = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

Deno.test("importFaults accepts imports that go down the layers", () => {
  const down = imports({
    "mod.ts": ["controllers/a.ts", "kube/x.ts", "deno.json"],
    "controllers/a.ts": ["controllers/b.ts", "api/y.ts", "kube/x.ts"],
    "controllers/b.ts": [],
    "api/y.ts": ["api/z.ts"],
    "api/z.ts": [],
    "kube/x.ts": [],
    "e2e/t.ts": ["mod.ts", "tasks/u.ts"],
    "tasks/u.ts": ["api/y.ts"],
    "deno.json": [],
  });
  assert.deepEqual(importFaults(down), []);
});

Deno.test("importFaults names file, target and what the layer may import", () => {
  assert.deepEqual(importFaults(imports({ "kube/x.ts": ["api/y.ts"] })), [
    "kube/x.ts imports api/y.ts: kube may import nothing of ours",
  ]);
  assert.deepEqual(importFaults(imports({ "mod.ts": ["tasks/u.ts"] })), [
    "mod.ts imports tasks/u.ts: mod.ts may import controllers, api, kube, dittofs, flags.ts, deno.json",
  ]);
});

Deno.test("importFaults asks for a rule for a new folder", () => {
  assert.match(importFaults(imports({ "attic/a.ts": [] }))[0] ?? "", /attic has no import rule/);
});

Deno.test("importFaults reports a circle between files of one layer", () => {
  const circle = imports({ "kube/a.ts": ["kube/b.ts"], "kube/b.ts": ["kube/a.ts"] });
  assert.deepEqual(importFaults(circle), [
    "files import each other in a circle: kube/a.ts → kube/b.ts → kube/a.ts",
  ]);
});

Deno.test("findCycle does not take a diamond for a circle", () => {
  const diamond = imports({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] });
  assert.equal(findCycle(diamond), undefined);
});

Deno.test("findCycle leaves out the way that led to the circle", () => {
  assert.deepEqual(findCycle(imports({ a: ["b"], b: ["c"], c: ["b"] })), ["b", "c", "b"]);
});

Deno.test("parseImports keeps our files and drops packages", () => {
  const json = JSON.stringify({
    modules: [
      {
        specifier: "file:///r/kube/a.ts",
        dependencies: [
          { specifier: "./b.ts", code: { specifier: "file:///r/kube/b.ts" } },
          { specifier: "./b.ts", type: { specifier: "file:///r/kube/b.ts" } },
          { specifier: "zod", code: { specifier: "npm:zod@4" } },
        ],
      },
      { specifier: "file:///tmp/entry.ts", dependencies: [] },
    ],
  });
  assert.deepEqual([...parseImports(json, "file:///r/")], [["kube/a.ts", ["kube/b.ts"]]]);
});

Deno.test("parseImports fails on a file of ours that does not load", () => {
  const json = JSON.stringify({
    modules: [{ specifier: "file:///r/a.ts", error: 'Module not found "file:///r/a.ts".' }],
  });
  assert.throws(() => parseImports(json, "file:///r/"), /Module not found/);
});
