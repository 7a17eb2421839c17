// Connections to a server in memory: which server, over which way, and what is held of one that
// is dead. W07, W08, W18, W40 and W53 are weaknesses of the Go operator; logins are in login_test.ts.

import assert from "node:assert/strict";
import { ServerError, ServerUnreachableError } from "../../dittofs/errors.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { Ground, path } from "./_ground.ts";
import { problem } from "./_pretend_dfs.ts";
import { ClientCertificateMissingError, NotServingError, type NotServingReason } from "./errors.ts";

const notServing = (reason: NotServingReason) => (error: unknown) =>
  error instanceof NotServingError && error.reason === reason;

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

Deno.test("Connections pass on what the server says of a request", async () => {
  await using ground = await Ground.withServer();
  const { client } = await ground.open();
  ground.dfs.fault = () => problem(500, "Internal Server Error", "database is gone");
  await assert.rejects(client.adapters.list(), ServerError);
  assert.deepEqual(ground.changes, []);
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
