// What is behind the REST API, seen to by both controllers together, in virtual time and with a
// server in memory. W06, W07, W08, W12, W30, W42 and W51 are weaknesses of the Go operator.

import assert from "node:assert/strict";
import { ca, cert, key } from "../../../kube/testing/localhost_certificate.ts";
import { plain, problem } from "../../connections/_pretend_dfs.ts";
import { path, World } from "../_world.ts";
import { drift, MINUTE, said, serving } from "./_serving.ts";

Deno.test("reconcileRest() asks nothing of a server whose pod is not ready, and says that there is none", async () => {
  await using world = new World();
  await world.apply({});
  await world.clock.advance(24 * 60 * MINUTE);
  assert.deepEqual(world.dfs.asked(), []);
  assert.equal(said(world, "Authenticated"), "False ServerNotRunning");
  assert.equal(said(world, "AdaptersReady"), "False ServerNotRunning");
  assert.equal(world.condition("IdentityProvidersReady"), undefined);
  assert.equal(world.condition("SnapshotPoliciesReady"), undefined);
});

Deno.test("reconcileRest() is done with a server that is as it should be, and lets it be Ready (W30)", async () => {
  await using world = await serving();
  assert.equal(said(world, "Authenticated"), "True LoggedIn");
  assert.equal(said(world, "AdaptersReady"), "True Serving");
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() asks a handful of times at each slow check, and otherwise nothing; nothing is written (W08)", async () => {
  await using world = await serving();
  const writes = world.client.writes.length;
  await world.clock.advance(4 * MINUTE);
  assert.deepEqual(world.dfs.asked(), []);
  await world.clock.advance(2 * MINUTE);
  assert.deepEqual(world.dfs.asked(), ["GET /adapters", "GET /adapters/nfs/settings"]);
  await world.clock.advance(60 * MINUTE);
  const logins = world.dfs.asked().filter((request) => request.includes("/auth/"));
  assert.deepEqual([...new Set(logins)], ["POST /auth/refresh"]);
  assert.equal(world.client.writes.length, writes);
});

Deno.test("reconcileRest() tells others at each slow check that it is time to compare, and never else", async () => {
  await using world = await serving();
  await world.apply({ adapters: { nfs: { leaseTime: "1m" } } });
  assert.deepEqual(world.checked, []);
  await world.clock.advance(16 * MINUTE);
  assert.deepEqual(world.checked, ["files/demo", "files/demo", "files/demo"]);
});

Deno.test("reconcileRest() asks nothing when something changes that says nothing about what is on the server", async () => {
  await using world = await serving();
  const pod = world.server.read(path.pod);
  world.server.put(path.pod, { metadata: { ...pod?.metadata, annotations: { seen: "yes" } } });
  const resource = world.server.read(path.server);
  world.server.put(path.server, {
    metadata: { ...resource?.metadata, labels: { team: "a" } },
  });
  await world.settle();
  assert.deepEqual(world.dfs.asked(), []);
});

Deno.test("reconcileRest() follows an edit of the spec at once, without another pod (W12)", async () => {
  await using world = await serving();
  const before = world.template();
  const service = world.server.read(path.core("services", "demo-adapter-smb"));
  await world.apply({ adapters: { nfs: { port: 22_049 }, smb: { signing: "required" } } });
  assert.equal(world.dfs.adapters.get("nfs")?.port, 22_049);
  assert.equal(world.dfs.settings.smb?.signing, "required");
  assert.deepEqual(world.template(), before);
  assert.deepEqual(world.server.read(path.core("services", "demo-adapter-smb")), service);
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() (W06) has the portmapper run when the spec wants it, and the adapter started for it", async () => {
  await using world = await serving();
  await world.apply({ adapters: { nfs: { portmapper: { enabled: true } } } });
  assert.equal(world.dfs.settings.nfs?.portmapper_enabled, true);
  assert.deepEqual(
    [world.dfs.adapters.get("nfs")?.starts, world.dfs.adapters.get("smb")?.starts],
    [2, 1],
  );
  assert.deepEqual(world.dfs.adapters.get("nfs")?.config, {});
});

Deno.test("reconcileRest() puts back what somebody has changed on the server, and counts it", async () => {
  await using world = await serving({ adapters: { nfs: { port: 12_049, enabled: true } } });
  const nfs = world.dfs.adapters.get("nfs");
  assert.ok(nfs);
  Object.assign(nfs, { port: 3_000, enabled: false });
  await world.clock.advance(6 * MINUTE);
  assert.deepEqual([nfs.port, nfs.enabled], [12_049, true]);
  assert.equal(await drift(world, "adapter"), 1);
  await world.clock.advance(6 * MINUTE);
  assert.equal(await drift(world, "adapter"), 1);
});

Deno.test("reconcileRest() with management Report changes nothing on the server, and says what differs", async () => {
  const adapters = { nfs: { port: 12_049, leaseTime: "1m" } };
  await using world = await serving({ management: "Report", adapters });
  const nfs = world.dfs.adapters.get("nfs");
  assert.ok(nfs);
  nfs.port = 3_000;
  world.listens.nfs = false;
  await world.clock.advance(6 * MINUTE);
  assert.equal(nfs.port, 3_000);
  assert.ok(world.dfs.asked().every((request) => /^(GET|POST \/auth)/.test(request)));
  assert.equal(said(world, "AdaptersReady"), "False NotListening");
  await world.apply({ management: "Report", adapters: { nfs: { leaseTime: "1m" } } });
  world.listens.nfs = true;
  nfs.port = 12_049;
  await world.clock.advance(6 * MINUTE);
  assert.equal(said(world, "AdaptersReady"), "False Differs");
  assert.match(world.condition("AdaptersReady")?.message ?? "", /leaseTime/);
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() lets a server be Ready only when each protocol that is on listens (W30)", async () => {
  await using world = new World();
  world.listens.nfs = false;
  const nfs = world.dfs.adapters.get("nfs");
  assert.ok(nfs);
  nfs.status = "unknown";
  await world.apply({});
  await world.serve();
  assert.equal(said(world, "Ready"), "False Applying");
  await world.clock.advance(MINUTE);
  assert.equal(said(world, "Ready"), "False NotListening");
  assert.match(world.condition("Ready")?.message ?? "", /NFS .* port 12049/);
  nfs.status = "healthy";
  await world.clock.advance(MINUTE);
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() (W42) says of a port that the Service does not lead to which one it is", async () => {
  await using world = await serving();
  const smb = world.dfs.adapters.get("smb");
  assert.ok(smb);
  smb.port = 0;
  world.listens.smb = false;
  await world.clock.advance(6 * MINUTE);
  const { message } = world.condition("AdaptersReady") ?? {};
  assert.match(message ?? "", /SMB on port 12445.*adapters\.smb\.port/);
  assert.doesNotMatch(message ?? "", /NFS/);
});

Deno.test("reconcileRest() (W42) sees to one protocol whatever the server says of the other", async () => {
  await using world = await serving();
  world.dfs.fault = ({ url, method }) =>
    method === "PATCH" && url.includes("/nfs/")
      ? problem(422, "Unprocessable", "lease_time is out of range")
      : undefined;
  await world.apply({ adapters: { nfs: { leaseTime: "1m" }, smb: { signing: "required" } } });
  assert.equal(world.dfs.settings.smb?.signing, "required");
  assert.equal(said(world, "AdaptersReady"), "False Refused");
  assert.match(world.condition("AdaptersReady")?.message ?? "", /lease_time is out of range/);
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() says why the server does not let the operator in, and Ready does not hang on it (W51)", async () => {
  await using world = new World();
  await world.apply({});
  world.dfs.fault = ({ url }) => url.includes("/auth/") ? plain(403, "RBAC") : undefined;
  await world.serve();
  assert.equal(said(world, "Authenticated"), "False Unreachable");
  assert.equal(said(world, "Ready"), "True Serving");
  world.dfs.fault = ({ url }) =>
    url.includes("/auth/") ? problem(401, "Unauthorized", "no") : undefined;
  await world.clock.advance(5 * MINUTE);
  assert.equal(said(world, "Authenticated"), "False LoginRefused");
  assert.equal(said(world, "Ready"), "True Serving");
  world.dfs.fault = undefined;
  await world.clock.advance(6 * MINUTE);
  assert.equal(said(world, "Authenticated"), "True LoggedIn");
});

Deno.test("reconcileRest() (W07) says that it lacks a certificate to show, and sees all the same that files are served", async () => {
  await using world = new World();
  const pair = { "tls.crt": cert, "tls.key": key };
  await world.secret("api", { ...pair, "ca.crt": ca });
  await world.secret("clients", { "ca.crt": ca });
  await world.secret("own", pair);
  const controlPlane = { certSecretName: "api", clientCASecretName: "clients" };
  // As where the Services do not lead to the new pod yet.
  world.listens.nfs = false;
  await world.apply({ controlPlane });
  await world.serve();
  assert.equal(said(world, "Authenticated"), "False ClientCertificateMissing");
  assert.equal(said(world, "Ready"), "False Applying");
  world.listens.nfs = true;
  await world.clock.advance(2_000);
  assert.equal(said(world, "Ready"), "True Serving");
  await world.apply({ controlPlane: { ...controlPlane, clientCertSecretName: "own" } });
  assert.equal(said(world, "Authenticated"), "True LoggedIn");
});

Deno.test("reconcileRest() (W08) writes once that a server does not answer, however long that lasts", async () => {
  await using world = await serving();
  world.dfs.fault = () => "refused";
  await world.clock.advance(10 * MINUTE);
  assert.equal(said(world, "Authenticated"), "False Unreachable");
  assert.equal(said(world, "Ready"), "True Serving");
  const writes = world.client.writes.length;
  await world.clock.advance(60 * MINUTE);
  assert.equal(world.client.writes.length, writes);
  world.dfs.fault = undefined;
  await world.clock.advance(2 * MINUTE);
  assert.equal(said(world, "Authenticated"), "True LoggedIn");
});

Deno.test("reconcileRest() says that nothing is known where neither the API nor the Services answer", async () => {
  await using world = new World();
  world.dfs.fault = () => "dns";
  world.listens.nfs = world.listens.smb = "unknown";
  await world.apply({});
  await world.serve();
  assert.equal(said(world, "AdaptersReady"), "Unknown NotListening");
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() knows of a new pod nothing that it knew of the one before", async () => {
  await using world = await serving();
  world.server.remove(path.pod);
  await world.settle();
  assert.equal(said(world, "Authenticated"), "False ServerNotRunning");
  world.dfs.fault = () => "hang";
  await world.serve();
  assert.equal(said(world, "Ready"), "False CheckingAdapters");
  world.dfs.fault = undefined;
  await world.clock.advance(MINUTE);
  assert.equal(said(world, "Ready"), "True Serving");
});

Deno.test("reconcileRest() writes nothing after a restart of the operator, before and after its first look", async () => {
  await using world = await serving({ snapshotPolicies: [{ share: "a", interval: "1h" }] });
  world.dfs.shares.add("a");
  await world.clock.advance(6 * MINUTE);
  const before = world.server.read(path.server);
  assert.equal(said(world, "SnapshotPoliciesReady"), "True Applied");
  world.dfs.asked();
  const gate = Promise.withResolvers<undefined>();
  world.dfs.fault = () => gate.promise;
  await world.restart();
  assert.deepEqual(world.server.read(path.server), before);
  gate.resolve(undefined);
  await world.clock.advance(MINUTE);
  assert.deepEqual(world.server.read(path.server)?.status, before?.status);
  assert.equal(world.client.writes.length, 0);
  assert.deepEqual(world.dfs.asked().filter((call) => !/^GET|auth/.test(call)), []);
});

Deno.test("reconcileRest() of a paused server changes nothing on it", async () => {
  await using world = await serving();
  await world.apply({ paused: true, adapters: { nfs: { port: 3_000 } } });
  assert.equal(world.dfs.adapters.get("nfs")?.port, 12_049);
  await world.apply({ adapters: { nfs: { port: 3_000 } } });
  assert.equal(world.dfs.adapters.get("nfs")?.port, 3_000);
});
