import assert from "node:assert/strict";
import { daemonConfiguration } from "./engine.ts";
import { parseStarted, readStarted, startTimeOf, writeStarted } from "./started.ts";

const stat = (state: string) =>
  `27694 (a) strange (name) ${state} 1 27694 27694 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 14 0 247804 99 1`;

Deno.test("startTimeOf finds the start time behind any process name", () => {
  assert.equal(startTimeOf(stat("S")), "247804");
});

Deno.test("startTimeOf takes a zombie for a process that has ended", () => {
  assert.equal(startTimeOf(stat("Z")), undefined);
});

Deno.test("readStarted gives back what writeStarted wrote, and nothing for a missing file", async () => {
  const path = await Deno.makeTempFile({ prefix: "started-test-" });
  try {
    const list = [
      { name: "containerd", pid: 7, startTime: "11", boot: "b" },
      { name: "dockerd", pid: 8, startTime: "12", boot: "b" },
    ];
    await writeStarted(path, list);
    assert.deepEqual(await readStarted(path), list);
  } finally {
    await Deno.remove(path);
  }
  assert.deepEqual(await readStarted(path), []);
});

Deno.test("parseStarted leaves out lines that a crash cut short", () => {
  assert.deepEqual(parseStarted("dockerd\t8\t12\tb\ncontain\t\ndockerd\tx\t12\tb\n\n"), [
    { name: "dockerd", pid: 8, startTime: "12", boot: "b" },
  ]);
});

Deno.test("daemonConfiguration keeps where the user's images come from and nothing else", () => {
  const user = { "registry-mirrors": ["https://mirror.example"], "data-root": "/theirs" };
  assert.deepEqual(daemonConfiguration(user, undefined), {
    "registry-mirrors": ["https://mirror.example"],
    "log-level": "warn",
  });
  const reduced = daemonConfiguration({}, "/x/reduced-runc");
  assert.equal(reduced["default-runtime"], "reduced");
});
