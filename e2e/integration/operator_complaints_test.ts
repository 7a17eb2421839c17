// What a person reads when the operator cannot work: one line that names the remedy.

import assert from "node:assert/strict";
import {
  logLines,
  type OperatorProcess,
  operatorUser,
  startOperator,
  terminate,
  untilWorking,
} from "../harness/operator_process.ts";
import { freePort } from "../harness/ports.ts";
import { install, operatorGround, uninstallCrds } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false, users: { stranger: [] } });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** No line of the output is a frame of a stack trace. */
function assertNoStack(output: string): void {
  assert.doesNotMatch(output, /^\s+at .*:\d+:\d+/m);
  assert.doesNotMatch(output, /\\n\s+at /);
}

/** The operator ended with a failure, having said one line. */
async function soleLine(operator: OperatorProcess): Promise<string> {
  const { code } = await operator.exited;
  const output = await operator.output();
  assert.equal(code, 1, output);
  assertNoStack(output);
  const lines = output.split("\n").filter((line) => !line.startsWith("{"));
  assert.equal(lines.length, 1, output);
  return lines[0] ?? "";
}

Deno.test("run names a kubeconfig that does not exist, and what to do", async () => {
  await using operator = await startOperator(ground.plane, { kubeconfig: "/nowhere/config" });
  assert.match(await soleLine(operator), /\/nowhere\/config.*(--kubeconfig|KUBECONFIG)/);
});

Deno.test("run names a context that the kubeconfig does not have", async () => {
  await using operator = await startOperator(ground.plane, { args: ["--context=elsewhere"] });
  assert.match(await soleLine(operator), /elsewhere.*plane/);
});

Deno.test("run says which API server does not answer, and tries again", async () => {
  const text = await Deno.readTextFile(ground.plane.kubeconfig(operatorUser));
  const address = `127.0.0.1:${freePort()}`;
  const kubeconfig = `${ground.plane.directory}/unreachable.kubeconfig`;
  await Deno.writeTextFile(kubeconfig, text.replace(/127\.0\.0\.1:\d+/, address));
  await using operator = await startOperator(ground.plane, { kubeconfig });
  const line = await operator.said(/does not answer/);
  assert.match(line, new RegExp(address));
  assert.match(line, /trying again/);
  assert.equal((await terminate(operator)).code, 0);
  assertNoStack(await operator.output());
  const errors = logLines(await operator.output()).filter(({ level }) => level === "error");
  assert.equal(errors.length, 1, await operator.output());
});

Deno.test("run names the permission that is missing, and tries again", async () => {
  await using operator = await startOperator(ground.plane, { user: "stranger" });
  const line = await operator.said(/not allowed to list and watch dittoservers/);
  assert.match(line, /RBAC manifests/);
  assert.equal((await terminate(operator)).code, 0);
  assertNoStack(await operator.output());
});

Deno.test("run names the missing CRD, and works as soon as it is there", async () => {
  await uninstallCrds(ground);
  await using operator = await startOperator(ground.plane);
  // The other resources are missing as well, and any may be told first.
  const line = await operator.said(/does not serve dittoservers/);
  assert.match(line, /CustomResourceDefinition is missing; apply the operator's manifests/);
  await install(ground);
  await untilWorking(operator);
  assert.equal((await terminate(operator)).code, 0);
  assertNoStack(await operator.output());
});
