// `deno task ok`: the fast gate before each commit.

import { runChecks } from "./_checks.ts";
import { staticChecks, unitTests } from "./_gate.ts";

const root = new URL("../", import.meta.url).href;
const output = new TextEncoder();
const print = (line: string) => {
  Deno.stdout.writeSync(output.encode(`${line}\n`));
};

const results = await runChecks([unitTests(root), ...staticChecks(root)], {
  workers: navigator.hardwareConcurrency,
  print,
  now: () => performance.now(),
});
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
print(failed.length === 0 ? "ok" : `failed: ${failed.join(", ")}`);
Deno.exit(failed.length === 0 ? 0 : 1);
