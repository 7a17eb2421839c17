import assert from "node:assert/strict";
import { until } from "./poll.ts";
import { lastLines, startProcess, untilReady } from "./process.ts";

async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "process-test-" });
  try {
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const shell = (name: string, script: string, directory: string) => ({
  name,
  command: "/bin/sh",
  args: ["-c", script],
  logFile: `${directory}/${name}.log`,
});

Deno.test("startProcess writes both outputs to the log and reports the exit code", async () => {
  await inDirectory(async (directory) => {
    const child = await startProcess(shell("talker", "echo out; echo err >&2; exit 7", directory));
    assert.equal((await child.exited).code, 7);
    assert.deepEqual((await child.lastLines()).split("\n").sort(), ["err", "out"]);
  });
});

Deno.test("Process.stop lets a program end by itself first", async () => {
  await inDirectory(async (directory) => {
    const script = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done";
    const child = await startProcess(shell("polite", script, directory));
    await untilReady(child, async () => (await child.lastLines()) === "up", { within: 5000 });
    assert.equal((await child.stop()).code, 0);
    assert.equal(await child.lastLines(1), "bye");
  });
});

Deno.test("Process.stop kills a program that does not listen", async () => {
  await inDirectory(async (directory) => {
    const script = "trap '' TERM; echo up; while :; do sleep 0.02; done";
    const child = await startProcess(shell("deaf", script, directory));
    await untilReady(child, async () => (await child.lastLines()) === "up", { within: 5000 });
    assert.equal((await child.stop("SIGTERM", 100)).signal, "SIGKILL");
  });
});

Deno.test("Process.stop leaves a program alone that has ended", async () => {
  await inDirectory(async (directory) => {
    const child = await startProcess(shell("short", "exit 3", directory));
    await child.exited;
    assert.equal((await child.stop()).code, 3);
  });
});

Deno.test("untilReady carries the last lines of a program that ended at its start", async () => {
  await inDirectory(async (directory) => {
    const child = await startProcess(shell("broken", "echo the reason >&2; exit 1", directory));
    await assert.rejects(
      untilReady(child, () => Promise.resolve(false), { within: 5000 }),
      /broken ended with code 1 at its start[^]*the reason/,
    );
  });
});

Deno.test({
  name: "startProcess makes the child die with a parent that is killed",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inDirectory(async (directory) => {
      const parent = new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          `import { startProcess } from ${JSON.stringify(import.meta.resolve("./process.ts"))};
           const child = await startProcess({ name: "c", command: "sleep", args: ["600"],
             logFile: ${JSON.stringify(`${directory}/c.log`)} });
           await Deno.writeTextFile(${JSON.stringify(`${directory}/pid`)}, String(child.pid));
           await child.exited;`,
        ],
        stdout: "null",
        stderr: "null",
      }).spawn();
      const pid = await until("the child has an id", () => readPid(`${directory}/pid`), {
        within: 20_000,
      });
      assert.equal(await isAlive(pid), true);
      parent.kill("SIGKILL");
      await parent.status;
      await until("the child is gone", async () => !(await isAlive(pid)), { within: 5000 });
    }),
});

Deno.test("lastLines drops the final newline and the lines before", () => {
  assert.equal(lastLines("a\nb\nc\n", 2), "b\nc");
  assert.equal(lastLines("", 2), "");
});

async function readPid(path: string): Promise<number | undefined> {
  try {
    const text = await Deno.readTextFile(path);
    return text === "" ? undefined : Number(text);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A zombie counts as dead: it only waits for a parent that reads its status. */
async function isAlive(pid: number): Promise<boolean> {
  const script = `grep -q '^State:[[:space:]]*[^Z[:space:]]' /proc/${pid}/status 2>/dev/null`;
  const { success } = await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
  return success;
}
