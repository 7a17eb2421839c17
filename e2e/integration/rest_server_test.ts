// What the operator does over the REST API of a server, with real servers. The numbers are those
// of the Go operator's weaknesses; see docs/compared-with-the-go-operator.md.

import assert from "node:assert/strict";
import * as z from "zod";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { beside as test } from "./_beside.ts";
import type { DfsServer } from "./_dfs_server.ts";
import { namespace, RestGround } from "./_rest_ground.ts";

let ground: RestGround;
Deno.test.beforeAll(async () => void (ground = await RestGround.start()));
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const adapterRows = z.array(z.object({
  ...{ type: z.string(), port: z.number(), enabled: z.boolean() },
  config: z.record(z.string(), z.unknown()).optional(),
  status: z.object({ status: z.string() }),
}));

async function adapter(server: DfsServer, protocol: "nfs" | "smb") {
  const { body } = await server.byHand("GET", "/adapters");
  const row = adapterRows.parse(body).find(({ type }) => type === protocol);
  assert.ok(row);
  return row;
}

/** Whether a port of a server's pod is listened on. */
async function listens(server: DfsServer, podPort: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port: server.loopback.port(podPort) })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

const accountSecret = (name: string) => `${name}-operator-credentials`;
const version = (kind: string, name: string) =>
  ground.get(kind, name, "jsonpath={.metadata.resourceVersion}");
const podUid = (name: string) => ground.get("pod", `${name}-0`, "jsonpath={.metadata.uid}");

test("A server is Ready when its protocols listen, and says what it is like in each respect (W30)", async () => {
  await ground.create("plain");
  const { conditions = [] } = await ground.status("plain");
  const said = Object.fromEntries(conditions.map(({ type, reason }) => [type, reason]));
  assert.equal(said.Authenticated, "LoggedIn");
  assert.equal(said.AdaptersReady, "Serving");
  assert.equal(await ground.secretValue(accountSecret("plain"), "username"), "dittofs-operator");
});

test("The operator keeps no token, writes no Secret and asks nothing while nothing changes (W08, W16)", async () => {
  const before = await version("secret", accountSecret("plain"));
  const data = await ground.get("secret", accountSecret("plain"), "jsonpath={.data}");
  assert.deepEqual(Object.keys(JSON.parse(data)), ["password", "username"]);
  const server = await version("dittoserver", "plain");
  ground.calls.length = 0;
  ground.operator.hurry(`${namespace}/plain`);
  await ground.until("a look is over", () => Promise.resolve(ground.calls.length >= 2));
  await ground.plane.plane.audit.waitForQuiet({ userAgent: "rest-test", withoutWatches: true }, {
    quietFor: 1_000,
    within: 10_000,
  });
  assert.deepEqual(ground.calls.map((call) => call.replace(/^(\w+) .*\/api\/v1/, "$1 ")), [
    "GET /adapters",
    "GET /adapters/nfs/settings",
  ]);
  assert.equal(await version("secret", accountSecret("plain")), before);
  assert.equal(await version("dittoserver", "plain"), server);
});

test("The portmapper answers when the spec wants it, with the same pod (W06)", async () => {
  const server = ground.beside.server(namespace, "plain");
  const pod = await podUid("plain");
  const portmapper = (enabled: boolean) => ({
    adapters: { nfs: { portmapper: { enabled, port } } },
  });
  const port = 20_111;
  assert.equal(await listens(server, port), false);
  await ground.patch("plain", portmapper(true));
  await ground.until("the portmapper answers", () => listens(server, port));
  await ground.untilCondition("plain", "AdaptersReady", "Serving");
  await ground.patch("plain", portmapper(false));
  await ground.until("the portmapper is gone", async () => !await listens(server, port));
  assert.equal(await podUid("plain"), pod);
});

test("A protocol moves and goes and comes, and neither pod nor Service is another (W12, W24)", async () => {
  const server = ground.beside.server(namespace, "plain");
  const service = () =>
    ground.get("service", "plain-adapter-smb", "jsonpath={.metadata.uid} {.spec.clusterIP}");
  const [pod, before] = [await podUid("plain"), await service()];
  ground.podPorts.set(445, 11_445);
  await ground.patch("plain", { adapters: { smb: { port: 11_445 } } });
  await ground.until("SMB listens on the new port", () => listens(server, 11_445));
  await ground.untilCondition("plain", "Ready", "Serving");
  assert.equal(await listens(server, 1_445), false);
  await ground.patch("plain", { adapters: { nfs: { enabled: false } } });
  await ground.until("NFS is off", async () => !(await adapter(server, "nfs")).enabled);
  await ground.patch("plain", { adapters: { nfs: { enabled: true } } });
  await ground.until("NFS is back", () => listens(server, 12_049));
  await ground.patch("plain", { adapters: { smb: { port: 1_445 } } });
  ground.podPorts.set(445, 1_445);
  await ground.untilCondition("plain", "AdaptersReady", "Serving");
  assert.deepEqual([await podUid("plain"), await service()], [pod, before]);
});

test("Settings of protocols reach the server", async () => {
  const server = ground.beside.server(namespace, "plain");
  await ground.patch("plain", {
    adapters: { nfs: { leaseTime: "2m" }, smb: { signing: "required" } },
  });
  await ground.untilCondition("plain", "AdaptersReady", "Serving");
  // Who waits for the condition of the new generation finds the server as the spec has it.
  const { body: nfs } = await server.byHand("GET", "/adapters/nfs/settings");
  const { body: smb } = await server.byHand("GET", "/adapters/smb/settings");
  const settings = z.object({ lease_time: z.number().optional(), signing: z.string().optional() });
  assert.equal(settings.parse(nfs).lease_time, 120);
  assert.equal(settings.parse(smb).signing, "required");
});

test("What somebody changes by hand is put back, and only told with management Report (W45)", async () => {
  const server = ground.beside.server(namespace, "plain");
  await ground.patch("plain", { adapters: { nfs: { port: 12_049 } } });
  await ground.untilCondition("plain", "AdaptersReady", "Serving");
  await server.byHand("PUT", "/adapters/nfs", { enabled: false });
  await ground.lookUntil(
    "plain",
    "NFS is back",
    async () => (await adapter(server, "nfs")).enabled,
  );
  assert.match(await ground.operator.metrics.text(), /test_drift_total\{kind="adapter"\} 1/);
  await ground.patch("plain", { management: "Report" });
  await ground.untilCondition("plain", "AdaptersReady", "Serving");
  await server.byHand("PATCH", "/adapters/nfs/settings", { lease_time: 60 });
  await ground.lookUntil(
    "plain",
    "it is told",
    async () => (await ground.condition("plain", "AdaptersReady"))?.reason === "Differs",
  );
  assert.equal((await ground.condition("plain", "Ready"))?.status, "True");
  await ground.patch("plain", { management: "Enforce" });
  await ground.untilCondition("plain", "AdaptersReady", "Serving");
});

test("A port that the server chose itself is named where the Service does not lead to it (W42)", async () => {
  const server = await ground.create("moved");
  await server.byHand("PUT", "/adapters/smb", { port: 13_445 });
  ground.operator.hurry(`${namespace}/moved`);
  const message = await ground.until("it is told", async () => {
    const condition = await ground.condition("moved", "AdaptersReady");
    return condition?.status === "False" && condition.message;
  });
  assert.match(message, /SMB on port 13445.*spec\.adapters\.smb\.port/);
  await ground.patch("moved", { adapters: { smb: { port: 13_445 } } });
  ground.podPorts.set(445, 13_445);
  await ground.untilCondition("moved", "Ready", "Serving");
  ground.podPorts.set(445, 1_445);
});

test("Snapshot policies reach the server, and those of others stay (W05)", async () => {
  const server = ground.beside.server(namespace, "plain");
  for (const share of ["archive", "scratch"]) {
    const config = (path: string) => JSON.stringify({ path });
    const made = [
      await server.byHand("POST", "/store/metadata", {
        ...{ name: `meta-${share}`, type: "badger" },
        config: config(`/data/store/metadata/${share}`),
      }),
      await server.byHand("POST", "/store/block/local", {
        ...{ name: `local-${share}`, type: "fs", config: config(`/data/store/block/${share}`) },
      }),
      await server.byHand("POST", "/shares", {
        ...{ name: share, metadata_store_id: `meta-${share}` },
        ...{ local_block_store: `local-${share}`, local_store_size: "64Mi" },
      }),
    ];
    assert.deepEqual(made.map(({ status }) => status), [201, 201, 201], JSON.stringify(made));
  }
  const policies = async () => {
    const { body } = await server.byHand("GET", "/snapshot-policies");
    const rows = z.array(z.object({ share: z.string(), interval: z.string() })).parse(body);
    return rows.map(({ share, interval }) => `${share} ${interval}`).sort();
  };
  await server.byHand("PUT", "/shares/scratch/snapshot-policy", { interval: "2h" });
  await ground.patch("plain", {
    snapshotPolicies: [{ share: "archive", interval: "@daily", keepLast: 3 }],
  });
  await ground.untilCondition("plain", "SnapshotPoliciesReady", "Applied");
  assert.deepEqual(await policies(), ["/archive 24h0m0s", "/scratch 2h0m0s"]);
  await ground.patch("plain", { snapshotPolicies: null });
  await ground.until("it is removed", async () => (await policies()).length === 1);
  assert.deepEqual(await policies(), ["/scratch 2h0m0s"]);
});

test("The account is made again after the database was lost, and the spec is true again", async () => {
  const server = await ground.create("reborn", { adapters: { nfs: { leaseTime: "3m" } } });
  const before = await version("secret", accountSecret("reborn"));
  await server.loseDatabase();
  await ground.untilCondition("reborn", "Ready", "Serving");
  await ground.untilCondition("reborn", "Authenticated", "LoggedIn");
  const { body } = await server.byHand("GET", "/adapters/nfs/settings");
  assert.equal(z.object({ lease_time: z.number() }).parse(body).lease_time, 180);
  assert.equal(await version("secret", accountSecret("reborn")), before);
});

test("The account is mended whatever somebody did to it, and the admin's password is not needed else (W51)", async () => {
  const server = ground.beside.server(namespace, "reborn");
  const account = "/users/dittofs-operator";
  await server.byHand("POST", `${account}/password`, { new_password: "somebody-elses" });
  await ground.restartOperator();
  await ground.untilCondition("reborn", "Authenticated", "LoggedIn");
  await ground.until("it logs in with its own", async () => {
    const password = await ground.secretValue(accountSecret("reborn"), "password");
    return server.login("dittofs-operator", password).catch(() => undefined);
  });
  await server.byHand("PUT", account, { role: "user" });
  await ground.restartOperator();
  await ground.until("it is an admin again", async () => {
    const { body } = await server.byHand("GET", account);
    return z.object({ role: z.string() }).parse(body).role === "admin";
  });
});

test("A refused login is tried again as soon as the Secret is put right, and Ready does not hang on it (W17, W51)", async () => {
  const server = ground.beside.server(namespace, "reborn");
  const token = await server.login("admin", server.adminPassword);
  assert.ok(token);
  const known = server.adminPassword;
  // The present one may still be about to mend the account.
  await ground.stopOperator();
  await server.byHand("POST", "/users/dittofs-operator/password", { new_password: "elsewhere-1" });
  await server.byHand("POST", "/users/admin/password", { new_password: "changed-by-hand" });
  await ground.startOperator();
  await ground.untilCondition("reborn", "Authenticated", "LoginRefused");
  assert.equal((await ground.condition("reborn", "Ready"))?.reason, "Serving");
  const name = "reborn-admin-bootstrap-credentials";
  await ground.plane.kubectl([
    ...["patch", "secret", name, "--namespace", namespace, "--type=merge"],
    ...["-p", JSON.stringify({ stringData: { password: "changed-by-hand" } })],
  ]);
  await ground.untilCondition("reborn", "Authenticated", "LoggedIn");
  assert.notEqual(known, "changed-by-hand");
  server.adminPassword = "changed-by-hand";
});

test("The admin gets a new password when the spec asks for one, and the old one is over", async () => {
  const server = ground.beside.server(namespace, "plain");
  const secret = "plain-admin-bootstrap-credentials";
  const before = await ground.secretValue(secret, "password");
  await ground.patch("plain", { identity: { admin: { passwordRotation: "2027-01" } } });
  const after = await ground.until("the Secret has another one", async () => {
    const password = await ground.secretValue(secret, "password");
    return password !== before && password;
  });
  assert.ok(await server.login("admin", after));
  await assert.rejects(server.login("admin", before));
  server.adminPassword = after;
  const data = JSON.parse(await ground.get("secret", secret, "jsonpath={.data}"));
  assert.deepEqual(Object.keys(data).sort(), ["password", "username"]);
});

test("The API is asked where the spec says that it is, with the certificates that it says (W07, W18)", async () => {
  await ground.create("secure");
  const server = ground.beside.server(namespace, "secure");
  const first = await server.ready();
  await ground.secret("api-tls", { "tls.crt": cert, "tls.key": key, "ca.crt": ca });
  await ground.secret("client-ca", { "ca.crt": ca });
  await ground.patch("secure", {
    controlPlane: { port: 9443, certSecretName: "api-tls", clientCASecretName: "client-ca" },
  });
  await server.replaced(first);
  const message = await ground.untilCondition(
    "secure",
    "Authenticated",
    "ClientCertificateMissing",
  );
  assert.match(message, /spec\.controlPlane\.clientCertSecretName/);
  assert.equal((await ground.condition("secure", "Ready"))?.reason, "Serving");
  await ground.secret("operator-tls", { "tls.crt": cert, "tls.key": key });
  await ground.patch("secure", { controlPlane: { clientCertSecretName: "operator-tls" } });
  await ground.untilCondition("secure", "Authenticated", "LoggedIn");
  assert.match(ground.calls.at(-1) ?? "", /^GET https:\/\/secure-api\.files\.svc:9443\//);
});

test("NFS over TLS gets its certificate with the pod that has it, and loses it with the spec", async () => {
  const server = ground.beside.server(namespace, "moved");
  const first = await server.ready();
  await ground.secret("nfs-tls", { "tls.crt": cert, "tls.key": key });
  await ground.patch("moved", { adapters: { nfs: { tls: { certSecretName: "nfs-tls" } } } });
  const second = await server.replaced(first);
  const config = async () => (await adapter(server, "nfs")).config?.tls;
  await ground.until("NFS has its certificate", config);
  assert.deepEqual(await config(), {
    ...{ cert_file: "/nfs-tls/tls.crt", key_file: "/nfs-tls/tls.key", mode: "opportunistic" },
  });
  await ground.until("NFS listens", () => listens(server, 12_049));
  await ground.patch("moved", { adapters: { nfs: { tls: null } } });
  await server.replaced(second);
  await ground.until(
    "NFS listens without",
    async () => await config() === undefined && await listens(server, 12_049),
  );
});

test("A pod uploads what it has before it is replaced", async () => {
  const server = ground.beside.server(namespace, "reborn");
  const pod = await server.ready();
  await ground.patch("reborn", { logging: { level: "DEBUG" } });
  const rollout = await ground.until("the restart is under way", async () => {
    const { rollout } = await ground.status("reborn");
    return rollout?.uploads?.state === "Drained" && rollout;
  });
  assert.equal(rollout.clients?.count, 0);
  await server.replaced(pod);
  const drains = ground.calls.filter((call) => call.includes("reborn") && call.includes("drain"));
  assert.equal(drains.length, 1);
});

test("A server that says nothing delays no other (W40)", async () => {
  const [silent, other] = ["plain", "moved"].map((name) => ground.beside.server(namespace, name));
  assert.ok(silent && other);
  using _frozen = await silent.frozen();
  ground.operator.hurry(`${namespace}/plain`);
  const began = Date.now();
  await ground.patch("moved", { adapters: { nfs: { leaseTime: "4m" } } });
  await ground.until("the other has its setting", async () => {
    const { body } = await other.byHand("GET", "/adapters/nfs/settings");
    return z.object({ lease_time: z.number() }).parse(body).lease_time === 240;
  });
  assert.ok(Date.now() - began < 10_000, "as long as one waits for a server that says nothing");
  await ground.untilCondition("plain", "Authenticated", "Unreachable");
  assert.equal((await ground.condition("plain", "Ready"))?.reason, "Serving");
});

test("A server of the same name as one before inherits nothing of it (W53)", async () => {
  await ground.plane.kubectl(["delete", "dittoserver", "moved", "--namespace", namespace]);
  await ground.plane.kubectl([
    ...["wait", "--for=delete", "pod/moved-0", "--namespace", namespace, "--timeout=30s"],
  ]);
  // The volumes are kept, and in the database is the port that the server had.
  ground.podPorts.set(445, 13_445);
  const again = await ground.create("moved", { adapters: { smb: { port: 13_445 } } });
  await ground.untilCondition("moved", "Authenticated", "LoggedIn");
  assert.ok((await adapter(again, "nfs")).enabled);
});
