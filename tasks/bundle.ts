// The operator as one file: dist/dittofs-operator.js, and beside it the source map for who reads
// a stack trace.
//
// It starts without Node's modules: the first of them takes 6 MiB of memory, and what they offer
// is needed only where a cluster has TLS of its own. So packages bring their builds for browsers.

import * as z from "zod";
import { print } from "./_print.ts";

const root = new URL("..", import.meta.url);
const output = "dist/dittofs-operator.js";

/** For packages that ask for Node's modules when they load, and use them to word an error. */
const LAZY_REQUIRE =
  "const require=(name)=>new Proxy({},{get:(_,key)=>process.getBuiltinModule(name)[key]});\n";

const { success, stderr } = await new Deno.Command(Deno.execPath(), {
  args: [
    "bundle",
    "--quiet",
    // Half the source is 14 MB less memory. The runtime would load a map that the file names, and
    // keep it: 5 MB more.
    "--minify",
    "--platform=browser",
    "--sourcemap=external",
    `--output=${output}`,
    "mod.ts",
  ],
  cwd: root,
  stderr: "piped",
}).output();
if (!success) fail(new TextDecoder().decode(stderr));

const file = new URL(output, root);
const bundled = await Deno.readTextFile(file);
const [first] = bundled.match(/\bfrom ?"node:[a-z/]+"|\bimport ?"node:[a-z/]+"/) ?? [];
if (first) fail(`${output} loads a module of Node when it starts: ${first}`);
await Deno.writeTextFile(file, LAZY_REQUIRE + bundled);
await shiftMap(new URL(`${output}.map`, root));
const { size } = await Deno.stat(file);
print(`${output}: ${Math.round(size / 1024)} KiB`);

/** Says in a source map that the generated text begins one line later. */
async function shiftMap(path: URL): Promise<void> {
  const map = z.looseObject({ mappings: z.string() }).parse(
    JSON.parse(await Deno.readTextFile(path)),
  );
  await Deno.writeTextFile(path, JSON.stringify({ ...map, mappings: `;${map.mappings}` }));
}

function fail(message: string): never {
  print(message, Deno.stderr);
  Deno.exit(1);
}
