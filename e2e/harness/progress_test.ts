import assert from "node:assert/strict";
import { elapsed, Progress, spoken } from "./progress.ts";

function recorder(options: { live: boolean; colour?: boolean }) {
  const written: string[] = [];
  let time = 0;
  const progress = new Progress({
    write: (text) => written.push(text),
    live: options.live,
    colour: options.colour ?? false,
    width: () => 60,
    now: () => time,
  });
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      time += 1000;
      progress.tick();
    }
  };
  return { progress, written, pass };
}

Deno.test("elapsed and spoken print times as people read them", () => {
  assert.deepEqual([0, 61_999, 3_600_000].map(elapsed), ["0:00", "1:01", "60:00"]);
  assert.deepEqual([40, 89, 540].map(spoken), ["40 s", "89 s", "9 min"]);
});

Deno.test("Progress prints one plain line for a step that is over at once", async () => {
  const { progress, written } = recorder({ live: false });
  await progress.step("cluster", 40, (step) => {
    step.way("found healthy");
    return Promise.resolve();
  });
  assert.deepEqual(written, [" 1   0:00  cluster: done, found healthy\n"]);
});

Deno.test("Progress announces a longer step with its usual time and beats every 30 s", async () => {
  const { progress, written, pass } = recorder({ live: false });
  await progress.step("compile", 540, (step) => {
    pass(1);
    step.detail("812 packages");
    pass(65);
    step.way("built");
    return Promise.resolve();
  });
  assert.deepEqual(written, [
    " 1   0:00  compile … (usually 9 min)\n",
    " 1   0:31  compile: 812 packages\n",
    " 1   1:01  compile: 812 packages\n",
    " 1   1:06  compile: done, built\n",
  ]);
});

Deno.test("Progress says that a step failed and passes its error on", async () => {
  const { progress, written } = recorder({ live: false });
  const failing = progress.step("pull", undefined, (step) => {
    step.way("pulled");
    return Promise.reject(new Error("no registry"));
  });
  await assert.rejects(failing, /no registry/);
  assert.deepEqual(written, [" 1   0:00  pull: failed\n"]);
});

Deno.test("Progress draws the running steps on one line that fits the terminal", async () => {
  const { progress, written, pass } = recorder({ live: true });
  await progress.step("compile", 540, async (step) => {
    step.detail("a detail that is much too long for one line of this terminal");
    await progress.step("root", 80, () => {
      pass(2);
      return Promise.resolve();
    });
  });
  const drawn = written.find((text) => text.includes("root 0:02"))?.replace("\r\x1b[K", "");
  assert.equal(drawn, undefined, "the cut line must not reach the second step");
  const lines = written.filter((text) => !text.endsWith("\n"));
  assert.ok(lines.length > 0);
  for (const line of lines) assert.ok(line.replace("\r\x1b[K", "").length < 60, line);
  assert.equal(written.at(-1)?.endsWith("\n"), true);
});

Deno.test("Progress colours only when asked to", async () => {
  for (const colour of [true, false]) {
    const { progress, written } = recorder({ live: false, colour });
    await progress.step("x", undefined, () => Promise.resolve());
    assert.equal(written.join("").includes("\x1b["), colour);
  }
});
