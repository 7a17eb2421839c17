// The image brings along what the runtime learns of the program, on a file system that cannot be
// written to. When something of it is missing the runtime says nothing, and begins anew in memory.

import assert from "node:assert/strict";
import { operatorNamespace } from "../harness/operator_deployment.ts";
import { testCluster } from "./_cluster.ts";

/** Prints the files that the first process of the container has open. */
const PRINT_OPEN_FILES = `
  for (const { name } of Deno.readDirSync("/proc/1/fd")) {
    try { console.log(Deno.readLinkSync("/proc/1/fd/" + name)); } catch { /* it was ours */ }
  }`;

Deno.test("the operator reads at its start what the runtime has learnt of it when the image was made", async () => {
  const { kubectl } = testCluster();
  const inPod = ["exec", "--namespace", operatorNamespace, "deployment/dittofs-operator", "--"];
  const printed = await kubectl([...inPod, "/bin/deno", "eval", "--no-config", PRINT_OPEN_FILES]);
  const files = printed.split("\n").filter((file) => file.startsWith("/app/deno/"));
  for (const cache of ["dep_analysis_cache", "v8_code_cache"]) {
    assert.ok(files.some((file) => file.includes(cache)), `no ${cache} among ${printed}`);
  }
});
