// What is bundled loads nothing that it does not need: it takes zod as a namespace, for
// `import { z }` names an object that holds everything zod has, so that nothing can be left out (61
// languages of messages, a third of the bundle); and it asks for Node's modules only where one is
// needed, for the first of them takes 6 MiB of memory.

import { strict as assert } from "node:assert";
import { sourceFiles } from "./_files.ts";

const root = new URL("../", import.meta.url);
const BUNDLED = /^(api|controllers|dittofs|kube)\/|^(mod|flags)\.ts$/;
const ELSEWHERE = /\/testing\/|\/_|_test\.ts$/;

/** The bundled files with their texts. */
async function bundled() {
  const paths = await sourceFiles(root.href);
  return await Promise.all(
    paths.filter((path) => BUNDLED.test(path) && !ELSEWHERE.test(path)).map(async (path) => {
      return { path, text: await Deno.readTextFile(new URL(path, root)) };
    }),
  );
}

Deno.test("bundled files import zod as a namespace", async () => {
  const files = await bundled();
  assert.ok(files.filter(({ text }) => /^import .* from "zod";$/m.test(text)).length > 10);
  const whole = files.filter(({ text }) =>
    /^import (\{[^}]*\bz\b[^}]*\}|z) from "zod";$/m.test(text)
  );
  assert.deepEqual(whole.map(({ path }) => path), []);
});

Deno.test("bundled files import nothing but types from Node", async () => {
  const loads = (await bundled()).filter(({ text }) =>
    /^(import|export) (?!type\b)[^;]*"node:[a-z/]+"/m.test(text)
  );
  assert.deepEqual(loads.map(({ path }) => path), []);
});
