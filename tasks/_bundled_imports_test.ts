// What is bundled takes zod as a namespace. `import { z }` names an object that holds everything
// zod has, so that nothing can be left out: 61 languages of messages, a third of the bundle.

import { strict as assert } from "node:assert";

const root = new URL("../", import.meta.url);
const BUNDLED = ["api", "controllers", "dittofs", "kube"];

/** The TypeScript files below a folder. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

Deno.test("bundled files import zod as a namespace", async () => {
  const whole: string[] = [];
  let seen = 0;
  for (const folder of BUNDLED) {
    for await (const path of filesBelow(folder)) {
      const text = await Deno.readTextFile(new URL(path, root));
      if (/^import .* from "zod";$/m.test(text)) seen++;
      if (/^import (\{[^}]*\bz\b[^}]*\}|z) from "zod";$/m.test(text)) whole.push(path);
    }
  }
  assert.ok(seen > 10);
  assert.deepEqual(whole, []);
});
