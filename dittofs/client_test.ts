// Which endpoint each method asks, and with what. The real server's answers to all of these are
// looked at by e2e/integration/dittofs_contract_*_test.ts.

import assert from "node:assert/strict";
import { DittofsClient } from "./client.ts";
import { UnexpectedAnswerError } from "./errors.ts";
import { HandClock } from "./testing/hand_clock.ts";
import { json, ScriptedHttp, text } from "./testing/scripted_http.ts";

type Ask = (client: DittofsClient) => Promise<unknown>;

/** By what is sent: method, path, and the body if there is one. */
const CALLS: Readonly<Record<string, Ask>> = {
  "GET /health": ({ health }) => health.live(),
  "GET /health/ready": ({ health }) => health.ready(),

  'POST /api/v1/auth/login {"password":"p","username":"u"}': ({ auth }) => auth.login("u", "p"),
  'POST /api/v1/auth/refresh {"refresh_token":"r"}': ({ auth }) => auth.refresh("r"),
  "GET /api/v1/auth/me": ({ auth }) => auth.me(),
  'POST /api/v1/users/me/password {"new_password":"n"}': ({ auth }) => auth.changeOwnPassword("n"),
  'POST /api/v1/users/me/password {"new_password":"n","current_password":"c"}': ({ auth }) =>
    auth.changeOwnPassword("n", "c"),

  "GET /api/v1/adapters": ({ adapters }) => adapters.list(),
  "GET /api/v1/adapters/nfs": ({ adapters }) => adapters.get("nfs"),
  'POST /api/v1/adapters {"port":1,"type":"smb"}': ({ adapters }) =>
    adapters.create("smb", { port: 1 }),
  'PUT /api/v1/adapters/smb {"config":{"bind_address":"::"},"enabled":true,"port":1}': (
    { adapters },
  ) => adapters.update("smb", { config: { bind_address: "::" }, enabled: true, port: 1 }),
  "GET /api/v1/adapters/nfs/settings": ({ adapters }) => adapters.nfsSettings.get(),
  'PATCH /api/v1/adapters/nfs/settings {"v4_min_minor_version":1}': ({ adapters }) =>
    adapters.nfsSettings.patch({ v4MinMinorVersion: 1 }),
  "GET /api/v1/adapters/smb/settings": ({ adapters }) => adapters.smbSettings.get(),
  'PATCH /api/v1/adapters/smb/settings {"enable_encryption":true}': ({ adapters }) =>
    adapters.smbSettings.patch({ enableEncryption: true }),

  "GET /api/v1/users": ({ users }) => users.list(),
  "GET /api/v1/users/a@b": ({ users }) => users.get("a@b"),
  'POST /api/v1/users {"display_name":"D","groups":["g"],"password":"p","username":"u"}': (
    { users },
  ) => users.create({ displayName: "D", groups: ["g"], password: "p", username: "u" }),
  'PUT /api/v1/users/u {"enabled":false,"groups":[]}': ({ users }) =>
    users.update("u", { enabled: false, groups: [] }),
  "DELETE /api/v1/users/u": ({ users }) => users.delete("u"),
  'POST /api/v1/users/u/password {"new_password":"n"}': ({ users }) => users.setPassword("u", "n"),

  "GET /api/v1/groups": ({ groups }) => groups.list(),
  "GET /api/v1/groups/g": ({ groups }) => groups.get("g"),
  'POST /api/v1/groups {"gid":5,"name":"g"}': ({ groups }) => groups.create({ gid: 5, name: "g" }),
  'PUT /api/v1/groups/g {"description":""}': ({ groups }) =>
    groups.update("g", { description: "" }),
  "DELETE /api/v1/groups/g": ({ groups }) => groups.delete("g"),
  "GET /api/v1/groups/g/members": ({ groups }) => groups.listMembers("g"),
  'POST /api/v1/groups/g/members {"username":"u"}': ({ groups }) => groups.addMember("g", "u"),
  "DELETE /api/v1/groups/g/members/u": ({ groups }) => groups.removeMember("g", "u"),

  "GET /api/v1/store/metadata": ({ metadataStores }) => metadataStores.list(),
  "GET /api/v1/store/block/local/s": ({ localStores }) => localStores.get("s"),
  "GET /api/v1/store/block/remote/s/status": ({ remoteStores }) => remoteStores.status("s"),
  'POST /api/v1/store/metadata {"name":"s","type":"memory"}': ({ metadataStores }) =>
    metadataStores.create({ name: "s", type: "memory" }),
  'POST /api/v1/store/block/local {"name":"s","type":"fs","config":"{\\"path\\":\\"/p\\"}"}': (
    { localStores },
  ) => localStores.create({ config: { path: "/p" }, name: "s", type: "fs" }),
  'PUT /api/v1/store/block/remote/s {"config":"{\\"bucket\\":\\"b\\"}"}': ({ remoteStores }) =>
    remoteStores.update("s", { bucket: "b" }),
  "DELETE /api/v1/store/metadata/s": ({ metadataStores }) => metadataStores.delete("s"),

  "GET /api/v1/shares": ({ shares }) => shares.list(),
  "GET /api/v1/shares/home%20dirs": ({ shares }) => shares.get("home dirs"),
  "GET /api/v1/shares/s/status": ({ shares }) => shares.status("s"),
  'POST /api/v1/shares {"default_permission":"none","name":"s","owner":"u","local_store_size":"1073741829","local_block_store":"l","metadata_store_id":"m","remote_block_store":"r"}':
    ({ shares }) =>
      shares.create({
        defaultPermission: "none",
        localBlockStore: "l",
        localStoreSize: 2 ** 30 + 5,
        metadataStore: "m",
        name: "s",
        owner: "u",
        remoteBlockStore: "r",
      }),
  'PUT /api/v1/shares/s {"quota_bytes":"0","local_block_store_id":"l","remote_block_store_id":""}':
    ({ shares }) =>
      shares.update("s", { localBlockStore: "l", quotaBytes: 0, remoteBlockStore: null }),
  'PUT /api/v1/shares/s {"read_only":true,"remote_block_store_id":"r"}': ({ shares }) =>
    shares.update("s", { readOnly: true, remoteBlockStore: "r" }),
  "DELETE /api/v1/shares/s": ({ shares }) => shares.delete("s"),
  "POST /api/v1/shares/s/enable": ({ shares }) => shares.enable("s"),
  "POST /api/v1/shares/s/disable": ({ shares }) => shares.disable("s"),

  "GET /api/v1/shares/s/permissions": ({ shares }) => shares.permissions.list("s"),
  'PUT /api/v1/shares/s/permissions/users/a@b {"level":"read"}': ({ shares }) =>
    shares.permissions.set("s", { user: "a@b" }, "read"),
  'PUT /api/v1/shares/s/permissions/groups/g {"level":"admin"}': ({ shares }) =>
    shares.permissions.set("s", { group: "g" }, "admin"),
  'PUT /api/v1/shares/s/permissions/sids/S-1-5-21-1 {"level":"read-write","is_group":false}': (
    { shares },
  ) => shares.permissions.set("s", { sid: "S-1-5-21-1", isGroup: false }, "read-write"),
  "DELETE /api/v1/shares/s/permissions/groups/g": ({ shares }) =>
    shares.permissions.delete("s", { group: "g" }),

  "GET /api/v1/shares/s/adapters/nfs/config": ({ shares }) => shares.nfs.get("s"),
  'PATCH /api/v1/shares/s/adapters/nfs/config {"anonymous_uid":1,"netgroup":""}': ({ shares }) =>
    shares.nfs.patch("s", { anonymousUid: 1, netgroup: "" }),

  "GET /api/v1/shares/s/quotas": ({ shares }) => shares.quotas.list("s"),
  'PUT /api/v1/shares/s/quotas/user/0 {"limit_bytes":"5","limit_files":7,"soft_bytes":"0"}': (
    { shares },
  ) => shares.quotas.set("s", { uid: 0 }, { limitBytes: 5, limitFiles: 7 }),
  'PUT /api/v1/shares/s/quotas/group/9 {"grace_seconds":1,"limit_bytes":"0","soft_bytes":"5","soft_files":2}':
    ({ shares }) =>
      shares.quotas.set("s", { gid: 9 }, { graceSeconds: 1, softBytes: 5, softFiles: 2 }),
  "DELETE /api/v1/shares/s/quotas/group/9": ({ shares }) => shares.quotas.delete("s", { gid: 9 }),

  "GET /api/v1/shares/s/snapshot-policy": ({ shares }) => shares.snapshotPolicy.get("s"),
  'PUT /api/v1/shares/s/snapshot-policy {"interval":"@daily","keep_last":3}': ({ shares }) =>
    shares.snapshotPolicy.put("s", { interval: "@daily", keepLast: 3 }),
  "DELETE /api/v1/shares/s/snapshot-policy": ({ shares }) => shares.snapshotPolicy.delete("s"),
  "GET /api/v1/snapshot-policies": ({ snapshotPolicies }) => snapshotPolicies.list(),

  "GET /api/v1/shares/s/blockstore/stats": ({ shares }) => shares.blocks.stats("s"),
  "POST /api/v1/shares/s/blockstore/warm {}": ({ shares }) => shares.blocks.warm("s"),
  "GET /api/v1/shares/s/blockstore/warm/warm-1": ({ shares }) =>
    shares.blocks.warmJob("s", "warm-1"),
  "GET /api/v1/blockstore/reconcile-report": ({ blockStore }) => blockStore.reconcileReport(),
  'POST /api/v1/blockstore/reconcile/reclaim {"dry_run":true}': ({ blockStore }) =>
    blockStore.reclaim({ dryRun: true }),

  "GET /api/v1/identity-providers": ({ identityProviders }) => identityProviders.list(),
  "GET /api/v1/identity-providers/ldap/config": ({ identityProviders }) =>
    identityProviders.ldap.get(),
  'PUT /api/v1/identity-providers/ldap/config {"base_dn":"dc=x","tls":{"min_version":"1.3"}}': (
    { identityProviders },
  ) => identityProviders.ldap.put({ baseDn: "dc=x", tls: { minVersion: "1.3" } }),
  'POST /api/v1/identity-providers/kerberos/test {"krb5_conf":"/k","machine_account":{"dc_address":["d"]}}':
    ({ identityProviders }) =>
      identityProviders.kerberos.test({ krb5Conf: "/k", machineAccount: { dcAddress: ["d"] } }),

  "GET /api/v1/adapters/nfs/netgroups": ({ netgroups }) => netgroups.list(),
  "GET /api/v1/adapters/nfs/netgroups/n": ({ netgroups }) => netgroups.get("n"),
  'POST /api/v1/adapters/nfs/netgroups {"name":"n"}': ({ netgroups }) => netgroups.create("n"),
  "DELETE /api/v1/adapters/nfs/netgroups/n": ({ netgroups }) => netgroups.delete("n"),
  'POST /api/v1/adapters/nfs/netgroups/n/members {"type":"cidr","value":"10.0.0.0/8"}': (
    { netgroups },
  ) => netgroups.addMember("n", { type: "cidr", value: "10.0.0.0/8" }),
  "DELETE /api/v1/adapters/nfs/netgroups/n/members/i": ({ netgroups }) =>
    netgroups.removeMember("n", "i"),

  "GET /api/v1/clients": ({ clients }) => clients.list(),
  "GET /api/v1/clients?protocol=nfs": ({ clients }) => clients.list({ protocol: "nfs" }),
  "POST /api/v1/system/drain-uploads": ({ system }) => system.drainUploads(60_000),
};

/** A client of a scripted server. */
function clientOf(http: ScriptedHttp): DittofsClient {
  return new DittofsClient({ baseUrl: "http://server:8080", clock: new HandClock(), http });
}

Deno.test("DittofsClient asks for each thing as the server wants it", async () => {
  for (const [wanted, ask] of Object.entries(CALLS)) {
    const http = new ScriptedHttp(json(null));
    // Nothing of ours is `null`: what parses its answer fails, what does not ends well.
    await ask(clientOf(http)).catch((error) => assert.ok(error instanceof UnexpectedAnswerError));
    const [request] = http.requests;
    const path = request?.url.replace("http://server:8080", "");
    const sent = [request?.method, path, request?.body].filter((part) => part !== undefined);
    assert.equal(sent.join(" "), wanted);
  }
});

Deno.test("Auth sends no token with a login or a refresh, and tells how long tokens live", async () => {
  const user = { enabled: true, id: "1", must_change_password: true, role: "admin", username: "u" };
  const tokens = { access_token: "a", expires_in: 900, refresh_token: "r", user };
  const http = new ScriptedHttp(json(tokens), json(tokens));
  const { auth } = new DittofsClient({
    ...{ baseUrl: "http://server:8080", clock: new HandClock(), http },
    token: () => Promise.reject(new Error("no token yet")),
  });
  for (const login of [await auth.login("u", "p"), await auth.refresh("r")]) {
    assert.deepEqual(login, {
      accessToken: "a",
      expiresInMs: 900_000,
      refreshToken: "r",
      user: {
        ...{ displayName: "", email: "", enabled: true, groups: [], id: "1" },
        ...{ mustChangePassword: true, role: "admin", username: "u" },
      },
    });
  }
});

Deno.test("Adapters.restart() switches off, then on, and stops between the two on a failure", async () => {
  const status = { status: "unknown" };
  const adapter = { enabled: true, port: 2049, running: true, status, type: "nfs" };
  const http = new ScriptedHttp(json(adapter), json(adapter), text(502, "oops"));
  const { adapters } = clientOf(http);
  await adapters.restart("nfs");
  await assert.rejects(adapters.restart("nfs"), /502/);
  assert.deepEqual(
    http.requests.map(({ body }) => body),
    ['{"enabled":false}', '{"enabled":true}', '{"enabled":false}'],
  );
});

Deno.test("Stores give a configuration back as an object", async () => {
  const config = { access_key_id: "k", secret_access_key: "********" };
  const status = { message: "S3 connectivity check failed", status: "unhealthy" };
  const row = { config, id: "1", name: "s", status: { ...status, latency_ms: 5001 }, type: "s3" };
  const { remoteStores } = clientOf(new ScriptedHttp(json(row)));
  assert.deepEqual(await remoteStores.get("s"), {
    ...{ config, id: "1", name: "s", type: "s3" },
    status: { ...status, latencyMs: 5001 },
  });
});

Deno.test("IdentityProvider.put() tells from a header whether the server must start again", async () => {
  const kerberos = {
    ...{ enabled: true, machine_account: { dc_address: null }, max_contexts: 0 },
    ...{ realm: "EXAMPLE.COM", service_principal: "nfs/x" },
  };
  const http = new ScriptedHttp(
    json(kerberos, 200, { "x-dittofs-apply": "restart-required" }),
    json(kerberos),
  );
  const { identityProviders } = clientOf(http);
  const first = await identityProviders.kerberos.put({ realm: "EXAMPLE.COM" });
  assert.equal(first.restartRequired, true);
  assert.deepEqual(first.config.machineAccount.dcAddress, []);
  const second = await identityProviders.kerberos.put({ realm: "EXAMPLE.COM" });
  assert.equal(second.restartRequired, false);
});

Deno.test("Permissions.list() takes null for nobody", async () => {
  const { shares } = clientOf(new ScriptedHttp(json(null)));
  assert.deepEqual(await shares.permissions.list("s"), []);
});

Deno.test("SnapshotPolicies give durations in milliseconds and shares without a slash", async () => {
  const policy = { enabled: true, interval: "24h0m0s", keep_last: 3, share: "/s" };
  const http = new ScriptedHttp(json([policy, { ...policy, ttl: "720h0m0s" }]));
  const [first, second] = await clientOf(http).snapshotPolicies.list();
  assert.deepEqual(first, {
    ...{ enabled: true, intervalMs: 86_400_000, keepLast: 3, namePrefix: "", share: "s", ttlMs: 0 },
  });
  assert.equal(second?.ttlMs, 720 * 3_600_000);
});

Deno.test("Status of a word that is not known yet reads as unknown", async () => {
  const { shares } = clientOf(new ScriptedHttp(json({ status: "sleepy" })));
  assert.deepEqual(await shares.status("s"), { latencyMs: 0, message: "", status: "unknown" });
});
