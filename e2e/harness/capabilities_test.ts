import assert from "node:assert/strict";
import { missingCapabilities } from "./capabilities.ts";
import { runtimeWrapper } from "./runtime_wrapper.ts";

const status = (bounding: string) => `Name:\tsh\nCapEff:\t0000000000000000\nCapBnd:\t${bounding}\n`;

Deno.test("missingCapabilities names what the bounding set lacks", () => {
  assert.deepEqual(missingCapabilities(status("000001fffeffffff"), 40), ["CAP_SYS_RESOURCE"]);
  assert.deepEqual(missingCapabilities(status("000001ffffffffff"), 40), []);
});

Deno.test("missingCapabilities leaves out what an older kernel does not know", () => {
  assert.deepEqual(missingCapabilities(status("0000003fffffffff"), 37), []);
  assert.deepEqual(missingCapabilities(status("0000003fffffffff"), 38), ["CAP_PERFMON"]);
});

Deno.test("missingCapabilities refuses a text without a bounding set", () => {
  assert.throws(() => missingCapabilities("Name:\tsh\n", 40), /CapBnd/);
});

const bundle = JSON.stringify({
  process: {
    args: ["sh", "-c", "echo CAP_SYS_RESOURCE"],
    capabilities: {
      bounding: ["CAP_CHOWN", "CAP_SYS_RESOURCE", "CAP_KILL"],
      effective: ["CAP_SYS_RESOURCE", "CAP_KILL"],
      permitted: ["CAP_KILL", "CAP_SYS_RESOURCE"],
    },
  },
});

Deno.test("runtimeWrapper takes missing capabilities out of bundles and exec processes", async () => {
  const directory = await Deno.makeTempDir({ prefix: "wrapper-test-" });
  try {
    const wrapper = `${directory}/wrapper`;
    await Deno.writeTextFile(wrapper, runtimeWrapper("echo", ["CAP_SYS_RESOURCE"]));
    for (
      const args of [
        ["--root", "/x", "create", "--bundle", directory, "id"],
        ["run", `--bundle=${directory}`, "id"],
        ["exec", "--process", `${directory}/config.json`, "id"],
      ]
    ) {
      await Deno.writeTextFile(`${directory}/config.json`, bundle);
      const { stdout } = await new Deno.Command("/bin/sh", { args: [wrapper, ...args] }).output();
      assert.equal(new TextDecoder().decode(stdout).trim(), args.join(" "), "runc gets all words");
      const { process } = JSON.parse(await Deno.readTextFile(`${directory}/config.json`));
      assert.deepEqual(process.capabilities, {
        bounding: ["CAP_CHOWN", "CAP_KILL"],
        effective: ["CAP_KILL"],
        permitted: ["CAP_KILL"],
      });
      assert.deepEqual(process.args, ["sh", "-c", "echo CAP_SYS_RESOURCE"]);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
