// A service-account token is replaced on disk and the old one revoked, as kubelet and API server do.

import assert from "node:assert/strict";
import { operatorAgent, startOperator, untilWorking } from "../harness/operator_process.ts";
import { until } from "../harness/poll.ts";
import { createServer, operatorGround, untilMade } from "./_operator.ts";
import type { TestPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await operatorGround({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const namespace = "--namespace=dittofs-system";

/** A token that dies with the Secret of this name. */
async function tokenBoundTo(secret: string): Promise<string> {
  await ground.kubectl(["create", "secret", "generic", secret, namespace]);
  const bound = [`--bound-object-kind=Secret`, `--bound-object-name=${secret}`];
  return (await ground.kubectl(["create", "token", "dittofs-operator", namespace, ...bound]))
    .trim();
}

Deno.test("run loses no request when its token is replaced and the old one revoked", async () => {
  const tokenFile = `${ground.plane.directory}/rotating-token`;
  const kubeconfig = `${ground.plane.directory}/rotating.kubeconfig`;
  const admin = JSON.parse(await Deno.readTextFile(ground.plane.kubeconfig()));
  admin.users[0].user = { tokenFile };
  await Deno.writeTextFile(kubeconfig, JSON.stringify(admin));
  await Deno.writeTextFile(tokenFile, await tokenBoundTo("first"));

  await using operator = await startOperator(ground.plane, { kubeconfig });
  await untilWorking(operator);
  await createServer(ground, "before");
  await untilMade(ground, "before");

  const calm = (await operator.output()).length;
  const old = await Deno.readTextFile(tokenFile);
  await Deno.writeTextFile(tokenFile, await tokenBoundTo("second"));
  await ground.kubectl(["delete", "secret", "first", namespace]);
  // The API server goes on accepting a token for a few seconds after it was revoked.
  await until("the old token is refused", async () => {
    using client = Deno.createHttpClient({ caCerts: [ground.plane.ca] });
    const headers = { authorization: `Bearer ${old}` };
    const answer = await fetch(`${ground.plane.url}/version`, { client, headers });
    await answer.body?.cancel();
    const api = await fetch(`${ground.plane.url}/api/v1/namespaces`, { client, headers });
    await api.body?.cancel();
    return api.status === 401;
  }, { within: 60_000, every: 500 });

  await createServer(ground, "after");
  await untilMade(ground, "after");
  assert.doesNotMatch((await operator.output()).slice(calm), /"level":"error"/);
  const refused = (await ground.plane.audit.requests({ userAgent: operatorAgent }))
    .filter(({ code }) => code === 403);
  assert.equal(refused.length, 0);
});
