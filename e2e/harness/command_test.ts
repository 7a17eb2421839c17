import assert from "node:assert/strict";
import { CommandError, run, succeeds, which } from "./command.ts";

const sh = (script: string, options = {}) => run("/bin/sh", ["-c", script], options);

Deno.test("run returns standard output and passes on every line of both outputs", async () => {
  const lines: string[] = [];
  const output = await sh("echo one; echo two >&2; printf three", {
    onLine: (line: string) => lines.push(line),
  });
  assert.equal(output, "one\nthree");
  assert.deepEqual(lines.sort(), ["one", "three", "two"]);
});

Deno.test("run fails with the exit code and the last lines of a program", async () => {
  const failing = sh("echo why >&2; exit 3");
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof CommandError);
    assert.equal(error.code, 3);
    assert.match(error.message, /ended with code 3\nwhy$/);
    return true;
  });
});

Deno.test("run ends a program that takes too long and does not wait for its children", async () => {
  const began = performance.now();
  await assert.rejects(sh("sleep 5 & wait", { timeout: 100 }), /no end after 0.1 s/);
  assert.ok(performance.now() - began < 4000);
});

Deno.test("run ends a program and throws the reason when it is told to stop", async () => {
  const stop = new AbortController();
  const running = sh("echo up; exec sleep 60", {
    signal: stop.signal,
    onLine: () => stop.abort(new Error("enough")),
  });
  await assert.rejects(running, /enough/);
});

Deno.test("run gives a program its input", async () => {
  assert.equal(await sh("cat", { input: "in\n" }), "in\n");
});

Deno.test("run says that a program or its directory is missing", async () => {
  await assert.rejects(run("/bin/sh", [], { cwd: "/no/such/directory" }), CommandError);
});

Deno.test("succeeds is false for a failure", async () => {
  assert.equal(await succeeds("/bin/sh", ["-c", "exit 1"]), false);
  assert.equal(await succeeds("/bin/sh", ["-c", "exit 0"]), true);
});

Deno.test("which finds a program on PATH and only programs", async () => {
  assert.match(await which("sh") ?? "", /\/sh$/);
  assert.equal(await which("no-such-program-here"), undefined);
});
