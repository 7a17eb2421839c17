// Writes every generated file; with --check, only says which would change.

import { generatedFiles, readExamples, readSnapshot } from "./_generated.ts";
import { print } from "./_print.ts";

const check = Deno.args.includes("--check");
const stale: string[] = [];
const generated = generatedFiles(await readSnapshot(), await readExamples());
for (const [path, content] of Object.entries(generated)) {
  const file = new URL(`../${path}`, import.meta.url);
  if (await contentOf(file) === content) continue;
  stale.push(path);
  if (check) continue;
  await Deno.mkdir(new URL(".", file), { recursive: true });
  await Deno.writeTextFile(file, content);
}
if (check && stale.length > 0) {
  print(`stale generated files; run \`deno task generate\`: ${stale.join(", ")}`, Deno.stderr);
  Deno.exit(1);
}
print(stale.length > 0 ? `written: ${stale.join(", ")}` : "all generated files are current");

async function contentOf(file: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
