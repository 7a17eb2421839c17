// The operator as one file: dist/dittofs-operator.js, and beside it the source map for who reads
// a stack trace.

import { print } from "./_print.ts";

const root = new URL("..", import.meta.url);
const output = "dist/dittofs-operator.js";
const { success, stderr } = await new Deno.Command(Deno.execPath(), {
  args: [
    "bundle",
    "--quiet",
    // Half the source is 14 MB less memory. The runtime would load a map that the file names, and
    // keep it: 5 MB more.
    "--minify",
    "--platform=deno",
    "--sourcemap=external",
    `--output=${output}`,
    "mod.ts",
  ],
  cwd: root,
  stderr: "piped",
}).output();
if (!success) {
  print(new TextDecoder().decode(stderr), Deno.stderr);
  Deno.exit(1);
}
const { size } = await Deno.stat(new URL(output, root));
print(`${output}: ${Math.round(size / 1024)} KiB`);
