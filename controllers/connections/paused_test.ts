// Logins to a server that is paused.

import assert from "node:assert/strict";
import { Ground, path } from "./_ground.ts";
import { LoginRefusedError } from "./errors.ts";

const OPERATOR_SECRET = "demo-operator-credentials";

const refusedBecausePaused = (error: unknown) =>
  error instanceof LoginRefusedError && /DittoServer is paused/.test(error.message);

Deno.test("Connections.open() logs in to a paused server with the account that is there", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  await ground.apply({ paused: true });
  ground.dfs.forgetTokens();
  ground.dfs.asked();
  const { client } = await ground.open();
  assert.equal((await client.adapters.list()).length, 2);
});

Deno.test("Connections.open() makes no account and no Secret for a paused server, and does when the pause ends", async () => {
  await using ground = await Ground.withServer({ paused: true });
  await assert.rejects(ground.open(), refusedBecausePaused);
  assert.equal(ground.server.read(path.secret(OPERATOR_SECRET)), undefined);
  assert.deepEqual(ground.dfs.asked(), []);
  await ground.apply({});
  await ground.open();
  assert.ok(ground.dfs.accounts.has("dittofs-operator"));
});

const UNFIT = [
  { fault: { role: "user" }, fit: { role: "admin" } },
  { fault: { mustChange: true }, fit: { mustChange: false } },
];

for (const { fault, fit } of UNFIT) {
  Deno.test(`Connections.open() mends no account of a paused server (${Object.keys(fault)})`, async () => {
    await using ground = await Ground.withServer();
    await ground.open();
    const account = ground.dfs.accounts.get("dittofs-operator");
    assert.ok(account);
    Object.assign(account, fault);
    const before = { ...account };
    await ground.apply({ paused: true });
    ground.dfs.forgetTokens();
    ground.connections.forget(ground.server.read(path.server)?.metadata?.uid ?? "");
    await assert.rejects(ground.open(), refusedBecausePaused);
    assert.deepEqual(account, before);
    await ground.apply({});
    await ground.open();
    assert.deepEqual(account, { ...before, ...fit });
  });
}

Deno.test("Connections take nothing over from the Go operator while the server is paused", async () => {
  await using ground = await Ground.withServer();
  const { dfs } = ground;
  await ground.open();
  const password = ground.secretValue(OPERATOR_SECRET, "password") ?? "";
  const account = { password, role: "admin", enabled: true, mustChange: false };
  dfs.accounts.set("k8s-operator", account);
  ground.secret(OPERATOR_SECRET, { username: "k8s-operator" });
  await ground.apply({ paused: true });
  ground.connections.forget(ground.server.read(path.server)?.metadata?.uid ?? "");
  await ground.open();
  assert.ok(dfs.accounts.has("k8s-operator"));
  await ground.apply({});
  await ground.open();
  assert.ok(!dfs.accounts.has("k8s-operator"));
  assert.equal(ground.secretValue(OPERATOR_SECRET, "username"), "dittofs-operator");
});
