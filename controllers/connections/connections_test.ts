// Connections to a server in memory. W07, W08, W16, W17, W18, W39, W40, W51 and W53 are weaknesses
// of the Go operator.

import assert from "node:assert/strict";
import { ServerError, ServerUnreachableError } from "../../dittofs/errors.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { Ground, path } from "./_ground.ts";
import { plain, problem } from "./_pretend_dfs.ts";
import {
  ClientCertificateMissingError,
  LoginRefusedError,
  NotServingError,
  type NotServingReason,
} from "./errors.ts";

const OPERATOR_SECRET = "demo-operator-credentials";
const ADMIN_SECRET = "demo-admin-bootstrap-credentials";

const notServing = (reason: NotServingReason) => (error: unknown) =>
  error instanceof NotServingError && error.reason === reason;

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

Deno.test("Connections.open() asks nobody where no pod answers, or none is wanted", async () => {
  await using ground = new Ground();
  const refused = (reason: NotServingReason) => assert.rejects(ground.open(), notServing(reason));
  await ground.settle();
  await refused("NotFound");
  await ground.apply({});
  await refused("NotReady");
  await ground.pod({ ready: false });
  await refused("NotReady");
  await ground.apply({ replicas: 0 });
  await refused("Stopped");
  const { metadata } = ground.server.read(path.server) ?? {};
  ground.server.put(path.server, {
    metadata: { ...metadata, finalizers: ["x/y"], deletionTimestamp: "2030-01-01T00:00:00Z" },
  });
  await ground.settle();
  await refused("BeingDeleted");
  assert.deepEqual(ground.dfs.asked(), []);
  assert.equal(ground.client.writes.length, 0);
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

Deno.test("Connections.open() (W18) asks where the spec says that the API is, each time anew", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  await ground.apply({ controlPlane: { port: 9443, tls: true } });
  const { client } = await ground.open();
  await ground.clock.runUntil(client.adapters.list());
  assert.deepEqual([...ground.hosts], [
    "http://demo-api.files.svc:8080",
    "https://demo-api.files.svc:9443",
  ]);
});

const TLS = { certSecretName: "api-tls" };

Deno.test("Connections.open() trusts the authority beside the server's certificate, or the certificate", async () => {
  await using ground = await Ground.withServer({ controlPlane: TLS });
  ground.secret("api-tls", { "tls.crt": cert, "tls.key": key });
  await ground.settle();
  await ground.open();
  ground.secret("api-tls", { "ca.crt": ca });
  await ground.settle();
  await ground.open();
  await ground.open();
  assert.deepEqual(ground.ways, [{ ca: cert }, { ca }]);
  assert.equal(ground.closed, 1);
});

Deno.test("Connections.open() (W07) shows its certificate where the server demands one, and says where it has none", async () => {
  const controlPlane = { ...TLS, clientCASecretName: "client-ca" };
  await using ground = await Ground.withServer({ controlPlane });
  ground.secret("api-tls", { "tls.crt": cert, "tls.key": key, "ca.crt": ca });
  await ground.settle();
  const missing = (error: unknown) => {
    assert.ok(error instanceof ClientCertificateMissingError);
    assert.match(error.message, /clientCertSecretName/);
    return true;
  };
  await assert.rejects(ground.open(), missing);
  await ground.apply({ controlPlane: { ...controlPlane, clientCertSecretName: "operator" } });
  await assert.rejects(ground.open(), missing);
  assert.deepEqual(ground.dfs.asked(), []);
  ground.secret("operator", { "tls.crt": cert, "tls.key": key });
  await ground.settle();
  await ground.open();
  assert.deepEqual(ground.ways, [{ ca, cert, key }]);
});

Deno.test("Connections (W40) let one request wait for a dead server, and fail all others at once", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = () => "hang";
  ground.dfs.asked();
  const first = client.adapters.list();
  first.catch(() => {});
  await ground.clock.advance(10_000);
  await assert.rejects(first, ServerUnreachableError);
  assert.deepEqual(ground.changes, ["files/demo"]);
  for (let i = 0; i < 20; i++) await assert.rejects(client.users.list(), ServerUnreachableError);
  assert.deepEqual(ground.dfs.asked(), ["GET /adapters"]);
});

Deno.test("Connections tell when a dead server is alive again, which one probe finds out", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = () => "refused";
  await assert.rejects(client.adapters.list(), ServerUnreachableError);
  await assert.rejects(
    ground.clock.runUntil(ground.connections.probe("files/demo")),
    ServerUnreachableError,
  );
  assert.equal(ground.changes.length, 1);
  ground.dfs.fault = undefined;
  await assert.rejects(client.adapters.list(), ServerUnreachableError);
  await ground.clock.runUntil(ground.connections.probe("files/demo"));
  assert.deepEqual(ground.changes, ["files/demo", "files/demo"]);
  assert.equal((await client.adapters.list()).length, 2);
});

Deno.test("Connections.probeInMs() grows with each failure, up to a minute (W08)", async () => {
  await using ground = await Ground.withServer();
  const { client, resource } = await ground.open();
  ground.dfs.fault = () => "refused";
  await assert.rejects(client.adapters.list());
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    waits.push(await ground.connections.probeInMs(resource.metadata.uid));
    await assert.rejects(ground.clock.runUntil(ground.connections.probe("files/demo")));
  }
  assert.deepEqual(waits, [750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000, 45_000, 45_000]);
});

Deno.test("Connections do not hold against a server what waits for the S3 behind it", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = ({ url }) => url.includes("/shares/") ? "reset" : undefined;
  await assert.rejects(client.shares.get("slow"), ServerUnreachableError);
  assert.equal((await client.adapters.list()).length, 2);
  assert.deepEqual(ground.changes, []);
});

Deno.test("Connections ask a new pod, however the old one ended, and tell that it is there", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = () => "refused";
  await assert.rejects(client.adapters.list());
  ground.changes.length = 0;
  ground.server.remove(path.pod);
  await ground.settle();
  assert.deepEqual(ground.changes, ["files/demo"]);
  ground.dfs.fault = undefined;
  await ground.pod({ ready: true });
  assert.deepEqual(ground.changes, ["files/demo", "files/demo"]);
  const after = await ground.open();
  assert.equal((await after.client.adapters.list()).length, 2);
});

Deno.test("Connections (W53) know nothing of a server that was made again under the same name", async () => {
  await using ground = await Ground.withServer();
  await ground.open();
  ground.server.remove(path.server);
  await ground.settle();
  await ground.apply({});
  ground.dfs.asked();
  await ground.open();
  assert.deepEqual(ground.dfs.asked(), ["POST /auth/login"]);
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

Deno.test("Connections pass on what the server says of a request", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = () => problem(500, "Internal Server Error", "database is gone");
  await assert.rejects(client.adapters.list(), ServerError);
  assert.deepEqual(ground.changes, []);
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

Deno.test("Connections begin anew after they were closed", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = () => "hang";
  const asked = client.adapters.list();
  const ended = assert.rejects(asked, ServerUnreachableError);
  await ground.settle();
  ground.connections.close();
  await ended;
  ground.dfs.fault = undefined;
  const again = await ground.open();
  assert.equal((await again.client.adapters.list()).length, 2);
});
