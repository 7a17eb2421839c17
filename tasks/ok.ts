// `deno task ok`: the fast gate before each commit.

import { runChecks } from "./_checks.ts";
import { staticChecks, unitTests } from "./_gate.ts";
import { print } from "./_print.ts";

const root = new URL("../", import.meta.url).href;
const results = await runChecks([unitTests(root), ...staticChecks(root)], {
  workers: navigator.hardwareConcurrency,
  print,
  now: () => performance.now(),
});
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
print(failed.length === 0 ? "ok" : `failed: ${failed.join(", ")}`);
Deno.exit(failed.length === 0 ? 0 : 1);
