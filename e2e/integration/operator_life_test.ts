// Start, end and crash of the operator's process.

import assert from "node:assert/strict";
import { describe, writeVerbs } from "../harness/audit.ts";
import {
  operatorAgent,
  operatorUser,
  startOperator,
  terminate,
  untilWorking,
} from "../harness/operator_process.ts";
import { createServer, operatorGround, untilMade, versions } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: true });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** This test replaces a process that all tests of this file share. */
const sharedProcess = { sanitizeOps: false, sanitizeResources: false };

/** What the operator wrote since `from`, leases aside. */
const writesSince = (from: number) =>
  ground.plane.audit.requests({
    userAgent: operatorAgent,
    from,
    verbs: writeVerbs,
    withoutLeases: true,
  });

const untilQuiet = () =>
  ground.plane.audit.waitForQuiet(
    { userAgent: operatorAgent, withoutLeases: true, withoutWatches: true },
    { quietFor: 2000, within: 30_000 },
  );

Deno.test("run ends within 5 s with code 0 on SIGTERM", async () => {
  await using operator = await startOperator(ground.plane);
  await untilWorking(operator);
  const { code, took } = await terminate(operator);
  assert.equal(code, 0, await operator.output());
  assert.ok(took < 5000, `${took} ms`);
});

Deno.test("run ends with code 0 on SIGINT, as from a terminal", async () => {
  await using operator = await startOperator(ground.plane);
  await untilWorking(operator);
  assert.equal((await terminate(operator, "SIGINT")).code, 0, await operator.output());
});

Deno.test("run makes a server's objects with no permission beyond the shipped ones (W41)", async () => {
  await using operator = await startOperator(ground.plane);
  await createServer(ground, "made");
  await untilMade(ground, "made");
  await untilQuiet();
  const refused = (await ground.plane.audit.requests({ userAgent: operatorAgent }))
    .filter(({ code }) => code === 403);
  assert.equal(refused.length, 0, describe(refused));
  assert.ok((await ground.plane.audit.requests({ user: operatorUser })).length > 0);
  assert.equal((await terminate(operator)).code, 0);
});

Deno.test("run changes nothing when it is killed and started again", async () => {
  const first = await startOperator(ground.plane);
  try {
    await createServer(ground, "crash");
    await untilMade(ground, "crash");
    await untilQuiet();
  } finally {
    await first.stop("SIGKILL");
  }
  const before = await versions(ground);
  const from = Date.now();
  await using second = await startOperator(ground.plane);
  await untilWorking(second);
  await untilQuiet();
  const writes = await writesSince(from);
  assert.equal(writes.length, 0, describe(writes));
  assert.equal(await versions(ground), before);
});

Deno.test("run converges from a kill in the middle of its work", async () => {
  const first = await startOperator(ground.plane);
  try {
    await untilWorking(first);
    await createServer(ground, "middle");
    await ground.plane.audit.waitFor({
      userAgent: operatorAgent,
      namespace: "default",
      name: "middle-config",
      verbs: ["patch"],
    }, { within: 20_000 });
  } finally {
    await first.stop("SIGKILL");
  }
  await using second = await startOperator(ground.plane);
  await untilWorking(second);
  await untilMade(ground, "middle");
  assert.equal((await terminate(second)).code, 0);
});

Deno.test("run ends in time while the API server is away", sharedProcess, async () => {
  await using operator = await startOperator(ground.plane);
  await untilWorking(operator);
  await ground.plane.stopApiServer("SIGKILL");
  try {
    const { code, took } = await terminate(operator);
    assert.equal(code, 0, await operator.output());
    assert.ok(took < 5000, `${took} ms`);
  } finally {
    await ground.plane.startApiServer();
  }
});

Deno.test("run ends in time while the API server does not answer its last request", async () => {
  // The last request is the release of the lease.
  const args = ["--leader-elect", "--leader-election-namespace=dittofs-system"];
  await using operator = await startOperator(ground.plane, { args });
  await untilWorking(operator);
  ground.plane.freezeApiServer();
  try {
    const { code, took } = await terminate(operator);
    assert.equal(code, 0, await operator.output());
    assert.ok(took < 5000, `${took} ms`);
  } finally {
    ground.plane.thawApiServer();
  }
});

Deno.test("run goes on by itself when the API server comes back", sharedProcess, async () => {
  await using operator = await startOperator(ground.plane);
  await untilWorking(operator);
  await ground.plane.restartApiServer("SIGKILL");
  await createServer(ground, "later");
  await untilMade(ground, "later");
  assert.equal((await terminate(operator)).code, 0, await operator.output());
});
