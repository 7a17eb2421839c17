// How the operator logs in to a server: its own account, tokens, and who may say that it is refused.
// W16, W17, W39 and W51 are weaknesses of the Go operator.

import assert from "node:assert/strict";
import { ServerError, ServerUnreachableError } from "../../dittofs/errors.ts";
import { Ground, path } from "./_ground.ts";
import { plain, problem } from "./_pretend_dfs.ts";
import { LoginRefusedError } from "./errors.ts";

const OPERATOR_SECRET = "demo-operator-credentials";
const ADMIN_SECRET = "demo-admin-bootstrap-credentials";

Deno.test("Connections.open() makes an account of its own, and keeps nothing but its password", async () => {
  await using ground = await Ground.withServer();
  const { client, server, podUid } = await ground.open();
  assert.equal(server.name, "demo");
  assert.equal(podUid, ground.server.read(path.pod)?.metadata.uid);
  assert.equal(ground.dfs.accounts.get("dittofs-operator")?.role, "admin");
  assert.deepEqual(Object.keys(ground.server.read(path.secret(OPERATOR_SECRET))?.data as object), [
    "username",
    "password",
  ]);
  const password = ground.secretValue(OPERATOR_SECRET, "password");
  assert.equal(ground.dfs.accounts.get("dittofs-operator")?.password, password);
  ground.dfs.asked();
  assert.equal((await client.adapters.list()).length, 2);
  assert.deepEqual(ground.dfs.asked(), ["GET /adapters"]);
});

Deno.test("Connections (W16) renew a token at four fifths of its life, and write no Secret for it", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  const writes = ground.client.writes.length;
  ground.dfs.asked();
  await ground.clock.advance(719_000);
  await ground.open();
  assert.deepEqual(ground.dfs.asked(), []);
  await ground.clock.advance(1_000);
  await Promise.all([ground.open(), ground.open(), ground.open()]);
  assert.deepEqual(ground.dfs.asked(), ["POST /auth/refresh"]);
  assert.equal(ground.client.writes.length, writes);
});

Deno.test("Connections log in once more when the server does not know a token", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.forgetTokens();
  ground.dfs.asked();
  await ground.clock.runUntil(client.adapters.list());
  assert.deepEqual(ground.dfs.asked(), ["GET /adapters", "POST /auth/login", "GET /adapters"]);
});

Deno.test("Connections.open() is one login, however many ask", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  ground.dfs.forgetTokens();
  await ground.clock.advance(900_000);
  ground.dfs.asked();
  await ground.clock.runUntil(
    Promise.all(Array.from({ length: 50 }, () => ground.connections.open("files/demo"))),
  );
  assert.deepEqual(ground.dfs.asked(), ["POST /auth/refresh", "POST /auth/login"]);
});

Deno.test("Connections.open() makes the account again after the database was lost", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  ground.dfs.accounts.delete("dittofs-operator");
  ground.dfs.forgetTokens();
  await ground.clock.advance(900_000);
  await ground.open();
  const password = ground.secretValue(OPERATOR_SECRET, "password");
  assert.equal(ground.dfs.accounts.get("dittofs-operator")?.password, password);
});

for (
  const [what, change] of Object.entries({
    "its password was changed": { password: "something else" },
    "its role was taken away": { role: "user" },
    "it was disabled": { enabled: false },
    "its making ended half-way": { mustChange: true },
  })
) {
  Deno.test(`Connections.open() mends the account when ${what}`, async () => {
    await using ground = await Ground.withServer();
    await ground.open();
    const account = ground.dfs.accounts.get("dittofs-operator");
    assert.ok(account);
    const before = { ...account };
    Object.assign(account, change);
    ground.dfs.forgetTokens();
    await ground.clock.advance(900_000);
    const { client } = await ground.open();
    assert.deepEqual(account, before);
    assert.equal((await client.adapters.list()).length, 2);
  });
}

Deno.test("Connections.open() (W51) needs the admin's password for nothing but to mend", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  const admin = ground.dfs.accounts.get("admin");
  assert.ok(admin);
  admin.password = "changed by hand";
  ground.dfs.forgetTokens();
  await ground.clock.advance(900_000);
  assert.ok(await ground.open());
});

Deno.test("Connections tell when a login works again, whoever answered in the server's place", async () => {
  await using ground = await Ground.withServer();
  ground.dfs.fault = () => plain(404, "404 page not found");
  await assert.rejects(ground.open(), ServerError);
  assert.deepEqual(ground.changes, []);
  ground.dfs.fault = undefined;
  await ground.open();
  assert.deepEqual(ground.changes, ["files/demo"]);
  ground.dfs.forgetTokens();
  await ground.clock.advance(900_000);
  await ground.open();
  assert.deepEqual(ground.changes, ["files/demo"]);
});

for (
  const [who, answer] of [["a proxy", plain(403, "RBAC: access denied")], [
    "a gateway",
    plain(401, "no"),
  ]] as const
) {
  Deno.test(`Connections.open() (W51) takes no word of ${who} for that of the server`, async () => {
    await using ground = await Ground.withServer();
    await ground.open();
    const before = ground.server.read(path.secret(OPERATOR_SECRET));
    ground.dfs.forgetTokens();
    await ground.clock.advance(900_000);
    ground.dfs.asked();
    ground.dfs.fault = () => answer;
    await assert.rejects(ground.open(), ServerUnreachableError);
    assert.ok(!ground.dfs.asked().some((request) => request.includes("/users")));
    assert.deepEqual(ground.server.read(path.secret(OPERATOR_SECRET)), before);
    ground.dfs.fault = undefined;
    assert.ok(await ground.open());
  });
}

Deno.test("Connections.open() (W17) tries a refused login again when a Secret has changed, and not before", async () => {
  await using ground = await Ground.withServer();
  ground.secret(ADMIN_SECRET, { password: "not the admin's" });
  await ground.settle();
  await assert.rejects(ground.open(), LoginRefusedError);
  ground.dfs.asked();
  await assert.rejects(ground.open(), LoginRefusedError);
  assert.deepEqual(ground.dfs.asked(), []);
  ground.secret(ADMIN_SECRET, { password: "admin-password" });
  await ground.settle();
  assert.ok(await ground.open());
});

Deno.test("Connections.probe() tries a refused login again", async () => {
  await using ground = await Ground.withServer();
  const admin = ground.dfs.accounts.get("admin");
  assert.ok(admin);
  admin.enabled = false;
  await assert.rejects(ground.open(), LoginRefusedError);
  admin.enabled = true;
  await assert.rejects(ground.open(), LoginRefusedError);
  assert.ok(await ground.clock.runUntil(ground.connections.probe("files/demo")));
  assert.ok(await ground.open());
});

Deno.test("Connections.open() sets the password that somebody has put into its Secret", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  ground.secret(OPERATOR_SECRET, { password: "rotated-by-hand" });
  await ground.settle();
  await ground.open();
  assert.equal(ground.dfs.accounts.get("dittofs-operator")?.password, "rotated-by-hand");
});

Deno.test("Connections.open() (W39) logs in as admin, whatever name the spec has for it", async () => {
  await using ground = await Ground.withServer({
    identity: { admin: { username: "root", passwordSecretRef: { name: "root", key: "pw" } } },
  });
  ground.secret("root", { pw: "admin-password" });
  await ground.settle();
  assert.ok(await ground.open());
});

Deno.test("Connections take over the Secret of the Go operator, and remove its account", async () => {
  await using ground = await Ground.withServer();
  ground.secret(OPERATOR_SECRET, {
    "username": "k8s-operator",
    "password": "of-the-go-operator",
    "access-token": "x",
    "server-url": "http://elsewhere",
  });
  const before = ground.server.read(path.secret(OPERATOR_SECRET));
  const uid = ground.server.read(path.server)?.metadata.uid ?? "";
  const owner = { apiVersion: "dittofs.dittofs.com/v1alpha1", kind: "DittoServer", name: "demo" };
  ground.server.put(path.secret(OPERATOR_SECRET), {
    metadata: { ...before?.metadata, ownerReferences: [{ ...owner, uid, controller: true }] },
  });
  const of = { role: "operator", enabled: true, mustChange: false };
  ground.dfs.accounts.set("k8s-operator", { password: "of-the-go-operator", ...of });
  await ground.settle();
  await ground.open();
  assert.deepEqual(ground.server.read(path.secret(OPERATOR_SECRET))?.data, {
    username: btoa("dittofs-operator"),
    password: btoa("of-the-go-operator"),
  });
  assert.deepEqual([...ground.dfs.accounts.keys()], ["admin", "dittofs-operator"]);
});

Deno.test("Connections go on with a token that is still good when it cannot be renewed", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  await ground.clock.advance(730_000);
  ground.dfs.fault = ({ url }) =>
    url.includes("/auth/") ? problem(500, "Internal Server Error", "database is busy") : undefined;
  const { client } = await ground.open();
  assert.equal((await client.adapters.list()).length, 2);
  await ground.clock.advance(170_000);
  await assert.rejects(ground.open(), ServerError);
});

Deno.test("Connections.open() says whose the Secret is that stands in the way of the account", async () => {
  await using ground = await Ground.withServer();
  ground.secret(OPERATOR_SECRET, { password: "somebody's" });
  await ground.settle();
  await assert.rejects(ground.open(), (error) => {
    assert.ok(error instanceof LoginRefusedError);
    assert.match(error.message, /"demo-operator-credentials" exists and is not managed/);
    return true;
  });
});
