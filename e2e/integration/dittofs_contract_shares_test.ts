// The contract with the real server: stores, shares, and all that belongs to a share.

import assert from "node:assert/strict";
import { sizeAsShown } from "../../dittofs/size.ts";
import { until } from "../harness/poll.ts";
import { Contract, refusalOf, RESTARTING } from "./_contract.ts";
import { changes } from "./_contract_fields.ts";
import { SHARE_FIELDS } from "./_contract_tables.ts";
import { Nfs, NfsError } from "./_nfs.ts";

let contract: Contract;
let nfsPort: number;
const MI = 2 ** 20;
const ALICE = { gid: 1001, uid: 1001 } as const;

Deno.test.beforeAll(async () => {
  contract = await Contract.start();
  nfsPort = await contract.moveAdapter("nfs");
  const { localStores, users } = contract.client;
  await users.create({ ...ALICE, password: "Alice-pass-1", username: "alice" });
  await localStores.create({ config: { path: contract.path("blocks") }, name: "fs", type: "fs" });
});
Deno.test.afterAll(async () => await contract[Symbol.asyncDispose]());

/** A share with a metadata store of its own, both of that name. */
async function share(name: string, more: object = {}) {
  const { metadataStores, shares } = contract.client;
  await metadataStores.create({ name, type: "memory" });
  return await shares.create({
    ...{ localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: name, name },
    ...more,
  });
}

async function mount(name: string): Promise<Nfs> {
  return await Nfs.mount({ ...ALICE, port: nfsPort, share: `/${name}` });
}

Deno.test("stores: a configuration is a text in requests and an object in answers", async () => {
  const path = "/api/v1/store/block/local";
  const object = JSON.stringify({ config: { path: "/x" }, name: "object", type: "fs" });
  const refused = await contract.raw("POST", path, object);
  assert.equal(refused.status, 400);
  assert.match(refused.text, /"detail":"Invalid request body"/);
  const { localStores } = contract.client;
  const config = { max_size: 64 * MI, path: contract.path("text") };
  const made = await localStores.create({ config, name: "text", type: "fs" });
  assert.deepEqual([made.config, made.status.status], [config, "healthy"]);
  assert.deepEqual((await localStores.get("text"))?.config, config);
  assert.deepEqual((await localStores.status("text"))?.status, "healthy");
});

Deno.test("stores: a second one of a name is 409, but 400 where the first locks its directory", async () => {
  const { localStores, metadataStores, remoteStores } = contract.client;
  await metadataStores.create({ name: "twice", type: "memory" });
  assert.equal(
    await refusalOf(metadataStores.create({ name: "twice", type: "memory" })),
    "POST /store/metadata: 409 Metadata store already exists",
  );
  const badger = { config: { path: contract.path("badger") }, name: "badger", type: "badger" };
  await metadataStores.create(badger);
  assert.match(
    await refusalOf(metadataStores.create(badger)),
    /^POST \/store\/metadata: 400 .*locked by another process/,
  );
  assert.match(
    await refusalOf(localStores.create({ config: { path: "/x" }, name: "fs", type: "fs" })),
    /^POST \/store\/block\/local: 409 /,
  );
  assert.match(
    await refusalOf(remoteStores.create({ name: "other", type: "fs" })),
    /^POST \/store\/block\/remote: 400 /,
  );
});

Deno.test(
  "stores: a deleted badger store keeps its directory locked until the server starts again",
  RESTARTING,
  async () => {
    const { metadataStores } = contract.client;
    const config = { path: contract.path("locked") };
    await metadataStores.create({ config, name: "locked", type: "badger" });
    assert.equal(await metadataStores.delete("locked"), true);
    assert.equal(await metadataStores.delete("locked"), false);
    assert.equal(await metadataStores.get("locked"), undefined);
    const again = { config, name: "other-name", type: "badger" };
    assert.match(
      await refusalOf(metadataStores.create(again)),
      /: 400 .*locked by another process/,
    );
    await contract.server.restart();
    await contract.login();
    await metadataStores.create(again);
  },
);

Deno.test(
  "stores: a store made again under its name is the old one until the server starts again",
  RESTARTING,
  async () => {
    const { metadataStores, shares } = contract.client;
    const sqlite = (file: string) => ({
      ...{ config: { path: contract.path(file) }, name: "again", type: "sqlite" },
    });
    await metadataStores.create(sqlite("old.db"));
    await metadataStores.delete("again");
    await metadataStores.create(sqlite("new.db"));
    await shares.create({
      ...{ defaultPermission: "read-write", localBlockStore: "fs", localStoreSize: 256 * MI },
      ...{ metadataStore: "again", name: "again" },
    });
    const content = new TextEncoder().encode("in the old store");
    using nfs = await mount("again");
    await nfs.write("file", content);
    assert.equal((await shares.get("again"))?.usedBytes, content.length);
    await contract.server.restart();
    await contract.login();
    using later = await mount("again");
    await assert.rejects(later.read("file"), NfsError, "the new store does not have it");
  },
);

Deno.test("stores: a private S3 endpoint must be allowed, secrets are hidden and kept", async () => {
  const { remoteStores } = contract.client;
  const config = {
    ...{ access_key_id: "key", bucket: "b", endpoint: "http://127.0.0.1:1" },
    ...{ secret_access_key: "hush-hush" },
  };
  const refused = await refusalOf(remoteStores.create({ config, name: "s3", type: "s3" }));
  assert.match(refused, /: 400 .*unsafe endpoint.*allow_private_endpoint=true/);
  const shown = { ...config, allow_private_endpoint: true, secret_access_key: "********" };
  const made = await remoteStores.create({
    ...{ config: { ...config, allow_private_endpoint: true }, name: "s3", type: "s3" },
  });
  assert.deepEqual(made.config, shown);
  assert.equal(made.status.status, "unhealthy");
  const updated = await remoteStores.update("s3", { ...shown, prefix: "p/" });
  assert.deepEqual(updated.config, { ...shown, prefix: "p/" });
  assert.equal(await remoteStores.delete("s3"), true);
});

Deno.test("stores: those in use are 409 to delete; what is on disk stays when they go", async () => {
  const { localStores, metadataStores, shares } = contract.client;
  const path = contract.path("kept-blocks");
  await localStores.create({ config: { path }, name: "kept", type: "fs" });
  await share("kept", { localBlockStore: "kept" });
  const inUse = "it is in use by one or more shares";
  assert.match(await refusalOf(metadataStores.delete("kept")), new RegExp(`409 .*${inUse}$`));
  assert.match(await refusalOf(localStores.delete("kept")), /: 409 /);
  await shares.delete("kept");
  assert.equal(await metadataStores.delete("kept"), true);
  assert.equal(await localStores.delete("kept"), true);
  assert.equal((await Deno.stat(`${path}/shares/kept`)).isDirectory, true);
});

Deno.test("shares: what is made with nothing said has these defaults", async () => {
  const { id, localBlockStoreId, metadataStoreId, ...made } = await share("defaults");
  const { localStores, metadataStores } = contract.client;
  assert.equal(metadataStoreId, (await metadataStores.get("defaults"))?.id);
  assert.equal(localBlockStoreId, (await localStores.get("fs"))?.id);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(made, {
    accessBasedEnumeration: false,
    aclFlagInheritedCanonicalization: true,
    allowMfsymlink: false,
    blockedOperations: [],
    changeNotifyDisabled: false,
    continuousAvailability: false,
    defaultPermission: "none",
    enabled: true,
    encryptData: false,
    localStoreSize: 256 * MI,
    name: "defaults",
    physicalBytes: 0,
    quotaBytes: 0,
    readBufferSize: 0,
    readOnly: false,
    remoteBlockStoreId: undefined,
    retentionPolicy: "lru",
    retentionTtlMs: 0,
    status: { latencyMs: 0, message: "", status: "healthy" },
    streamsDisabled: false,
    trashEnabled: false,
    trashExcludePatterns: [],
    trashMaxBytes: 0,
    trashRestrictToAdmin: false,
    trashRetentionDays: 0,
    usagePercent: 0,
    usedBytes: 0,
    warnings: [],
  });
});

Deno.test("shares: PUT changes what it is given, and everything that can be said comes back", async () => {
  const { shares } = contract.client;
  const made = await share("put", { owner: "alice" });
  assert.deepEqual([made.ownerUid, made.ownerGid], [1001, 1001]);
  const flags = {
    ...{ accessBasedEnumeration: true, aclFlagInheritedCanonicalization: false },
    ...{ allowMfsymlink: true, blockedOperations: ["SETATTR"], changeNotifyDisabled: true },
    ...{ continuousAvailability: true, encryptData: true },
    ...{ readOnly: true, streamsDisabled: true, trashEnabled: true },
    ...{ trashExcludePatterns: ["*.tmp"], trashMaxBytes: 5 * MI, trashRestrictToAdmin: true },
    defaultPermission: "read",
    trashRetentionDays: 7,
  } as const;
  const updated = await shares.update("put", {
    ...{ ...flags, quotaBytes: 10 * MI, readBufferSize: 64 * MI, retentionPolicy: "ttl" },
    ...{ retentionTtl: "72h" },
  });
  const expected = {
    ...{ ...made, ...flags, quotaBytes: 10 * MI, readBufferSize: 64 * MI },
    ...{ retentionPolicy: "ttl", retentionTtlMs: 72 * 3_600_000 },
  };
  assert.deepEqual(updated, expected);
  assert.deepEqual(await shares.get("put"), expected);
  assert.deepEqual(await shares.update("put", {}), expected);
  const less = await shares.update("put", {
    ...{ blockedOperations: [], quotaBytes: 0, retentionPolicy: "lru", trashEnabled: false },
    ...{ trashExcludePatterns: [] },
  });
  assert.deepEqual(less, {
    ...{ ...expected, blockedOperations: [], quotaBytes: 0, retentionPolicy: "lru" },
    ...{ retentionTtlMs: 72 * 3_600_000, trashEnabled: false, trashExcludePatterns: [] },
  });
});

Deno.test("shares: sizes come back as sizeAsShown() says, and count to the byte", async () => {
  const { shares } = contract.client;
  const sizes = [2 ** 30 + 5, 1e9, 1.125 * 2 ** 30, 1.375 * 2 ** 30, 123_456_789_012, 1023];
  const { quotaBytes } = await share("sizes", { localStoreSize: sizes[0], quotaBytes: sizes[1] });
  assert.equal(quotaBytes, sizeAsShown(1e9));
  assert.equal((await shares.blocks.stats("sizes"))?.localDiskMax, sizes[0]);
  for (const size of sizes) {
    const shown = await shares.update("sizes", { quotaBytes: size });
    assert.equal(shown.quotaBytes, sizeAsShown(size), String(size));
  }
});

Deno.test("shares: refusals name what is wrong", async () => {
  const { metadataStores, shares, users } = contract.client;
  await share("refused");
  await users.create({ password: "Nobody-pass-1", username: "without-number" });
  await metadataStores.create({ name: "free", type: "memory" });
  const free = { localBlockStore: "fs", metadataStore: "free", name: "other" };
  const wrong: Readonly<Record<string, object>> = {
    "409 Share already exists": { name: "refused" },
    "400 Metadata store not found: none": { metadataStore: "none" },
    "400 Local block store not found: none": { localBlockStore: "none" },
    "400 Remote block store not found: none": { remoteBlockStore: "none" },
    '400 Owner user "nobody" not found': { owner: "nobody" },
    '400 Owner user "without-number" has no UID': { owner: "without-number" },
    "400 Invalid default_permission: write (want none|read|read-write|admin)": {
      defaultPermission: "write",
    },
    "400 Unknown blocked operation: DANCE": { blockedOperations: ["DANCE"] },
    '400 retention policy "ttl" requires a positive TTL duration': { retentionPolicy: "ttl" },
  };
  const said: string[] = [];
  for (const fields of Object.values(wrong)) {
    said.push(await refusalOf(shares.create({ ...free, ...fields })));
  }
  assert.deepEqual(said, Object.keys(wrong).map((words) => `POST /shares: ${words}`));
  assert.match(await refusalOf(shares.update("none", {})), /: 404 Share not found$/);
});

Deno.test("shares: one that cannot be loaded is 201 all the same; its status tells", async () => {
  const made = await share("with:colon");
  assert.equal(made.status.status, "unknown");
  assert.match(made.status.message, /share not found/);
  assert.equal((await contract.client.shares.status("with:colon"))?.status, "unknown");
  assert.equal(await contract.client.shares.delete("with:colon"), true);
});

Deno.test("shares: one with a name of more than 26 characters is never loaded, and has to be taken away", async () => {
  const { metadataStores, shares } = contract.client;
  const [longest, longer, badger] = ["a".repeat(26), "b".repeat(27), "c".repeat(27)];
  assert.equal((await share(longest)).status.status, "healthy");
  const config = { path: contract.path("long") };
  await metadataStores.create({ config, name: badger, type: "badger" });
  const fields = { localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: badger };
  assert.equal((await shares.create({ ...fields, name: badger })).status.status, "unknown");
  // With metadata in memory the request fails. Its row is there, and the server would end with a
  // panic at each start.
  assert.match(await refusalOf(share(longer)), /: 500$/);
  for (const name of [longest, longer, badger]) assert.equal(await shares.delete(name), true);
});

Deno.test("shares: names are found with and without the server's slash, and whatever is in them", async () => {
  const { shares } = contract.client;
  for (const name of ["home dirs", "größe", "a!b@c", "a+b&c=d;e,f"]) {
    await share(name);
    assert.equal((await shares.get(name))?.name, name);
    assert.deepEqual(await shares.permissions.list(name), []);
    assert.equal(await shares.delete(name), true);
  }
  await share("slash");
  const { status, text } = await contract.raw("GET", "/api/v1/shares/%2Fslash");
  assert.deepEqual([status, JSON.parse(text).name], [200, "/slash"]);
});

Deno.test("shares: enabling and disabling are idempotent, and mounting follows at once", async () => {
  const { shares } = contract.client;
  await share("switch", { defaultPermission: "read-write" });
  for (const _ of [1, 2]) assert.equal((await shares.disable("switch")).enabled, false);
  assert.equal((await shares.status("switch"))?.status, "healthy", "of a disabled one too");
  await assert.rejects(mount("switch"), new NfsError("MNT", 13));
  for (const _ of [1, 2]) assert.equal((await shares.enable("switch")).enabled, true);
  using _nfs = await mount("switch");
  assert.match(await refusalOf(shares.enable("none")), /: 404 Share not found$/);
  assert.match(await refusalOf(shares.disable("none")), /: 404 Share not found$/);
});

Deno.test("shares: a deleted one is gone for its clients at once, and comes back with its data", async () => {
  const { metadataStores, shares } = contract.client;
  const config = { path: contract.path("back") };
  await metadataStores.create({ config, name: "back", type: "badger" });
  const fields = {
    ...{ localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: "back", name: "back" },
    defaultPermission: "read-write",
  } as const;
  const first = await shares.create(fields);
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  using nfs = await mount("back");
  await nfs.write("file", content);
  assert.equal(await shares.delete("back"), true);
  assert.equal(await shares.delete("back"), false);
  assert.equal(await shares.get("back"), undefined);
  assert.equal(await shares.status("back"), undefined);
  await assert.rejects(nfs.read("file"), NfsError);
  await assert.rejects(mount("back"), new NfsError("MNT", 2));

  assert.notEqual((await shares.create(fields)).id, first.id);
  using again = await mount("back");
  assert.deepEqual(await again.read("file"), content);
});

Deno.test(
  "shares: nothing over REST frees the blocks of one that was deleted",
  RESTARTING,
  async () => {
    const { blockStore, localStores, metadataStores, shares } = contract.client;
    const path = contract.path("never-freed");
    await localStores.create({ config: { path }, name: "never-freed", type: "fs" });
    await share("never-freed", { defaultPermission: "read-write", localBlockStore: "never-freed" });
    using nfs = await mount("never-freed");
    await nfs.write("file", new Uint8Array(2 * MI).map((_, index) => index * index / 7));
    await shares.delete("never-freed");
    const reclaimed = await blockStore.reclaim({ dryRun: false });
    assert.deepEqual(
      [reclaimed.reclaimed, reclaimed.leakedReclaimed, reclaimed.orphanObjectsReclaimed],
      [{ bytes: 0, count: 0 }, { bytes: 0, count: 0 }, { bytes: 0, count: 0 }],
    );
    await metadataStores.delete("never-freed");
    await localStores.delete("never-freed");
    await contract.server.restart();
    await contract.login();
    assert.ok(await bytesBelow(path) > 2 * MI);
  },
);

Deno.test("shares: used bytes are those of the whole metadata store", async () => {
  const { metadataStores, shares } = contract.client;
  await metadataStores.create({ name: "shared", type: "memory" });
  const fields = {
    ...{ localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: "shared" },
    defaultPermission: "read-write",
  } as const;
  await shares.create({ ...fields, name: "written" });
  await shares.create({ ...fields, name: "untouched", quotaBytes: 4 * MI });
  using nfs = await mount("written");
  await nfs.write("file", new Uint8Array(MI));
  const untouched = await until("it counts", async () => {
    const row = await shares.get("untouched");
    return row && row.usedBytes > 0 && row;
  }, { within: 10_000 });
  assert.deepEqual([untouched.usedBytes, untouched.usagePercent], [MI, 25]);
  assert.ok(((await shares.get("written"))?.physicalBytes ?? 0) > 0);
});

Deno.test("permissions: those of users and groups take any level, those of SIDs do not", async () => {
  const { groups, shares: { permissions } } = contract.client;
  await share("grants");
  await groups.create({ name: "grants" });
  assert.deepEqual(await permissions.list("grants"), []);
  await permissions.set("grants", { user: "alice" }, "read-write");
  await permissions.set("grants", { group: "grants" }, "admin");
  const sid = "S-1-5-21-1-2-3-1104";
  await permissions.set("grants", { isGroup: true, sid }, "read");
  assert.deepEqual(await permissions.list("grants"), [
    { isGroup: false, level: "read-write", name: "alice", type: "user" },
    { isGroup: false, level: "admin", name: "grants", type: "group" },
    { isGroup: true, level: "read", name: sid, sid, type: "sid" },
  ]);
  const path = "/api/v1/shares/grants/permissions";
  const level = JSON.stringify({ level: "dance" });
  assert.equal((await contract.raw("PUT", `${path}/users/alice`, level)).status, 204);
  assert.equal((await permissions.list("grants"))?.[0]?.level, "dance");
  assert.equal((await contract.raw("PUT", `${path}/sids/${sid}`, level)).status, 400);
  const wrongKey = JSON.stringify({ permission: "read" });
  assert.equal((await contract.raw("PUT", `${path}/users/alice`, wrongKey)).status, 400);
});

Deno.test("permissions: whom they are for must exist, whom they were for need not", async () => {
  const { shares: { permissions }, users } = contract.client;
  await share("missing");
  const at = "PUT /shares/missing/permissions";
  assert.equal(
    await refusalOf(permissions.set("missing", { user: "nobody" }, "read")),
    `${at}/users/nobody: 404 User not found`,
  );
  assert.equal(
    await refusalOf(permissions.set("missing", { group: "nobody" }, "read")),
    `${at}/groups/nobody: 404 Group not found`,
  );
  assert.equal(await permissions.list("none"), undefined);
  for (const grantee of [{ user: "alice" }, { user: "nobody" }, { group: "nobody" }]) {
    assert.equal(await permissions.delete("missing", grantee), true, "there is no telling");
  }
  await users.create({ password: "Leaves-pass-1", username: "leaves" });
  await permissions.set("missing", { user: "leaves" }, "read");
  await users.delete("leaves");
  assert.deepEqual(await permissions.list("missing"), [], "they go with their user");
});

Deno.test("NFS export: PATCH changes what it is given; the netgroup must exist and is then in use", async () => {
  const { netgroups, shares: { nfs } } = contract.client;
  await share("exported");
  const defaults = {
    ...{ allowAuthSys: true, disableReaddirplus: false, minKerberosLevel: "krb5", netgroup: "" },
    ...{ requireKerberos: false, squash: "root_to_guest" },
  };
  assert.deepEqual(await nfs.get("exported"), defaults);
  assert.equal(await nfs.get("none"), undefined);
  assert.match(
    await refusalOf(nfs.patch("exported", { netgroup: "exported" })),
    /: 400 Netgroup not found: exported$/,
  );
  await netgroups.create("exported");
  const changed = { anonymousGid: 5, anonymousUid: 6, netgroup: "exported", squash: "none" };
  const patch = { ...changed, squash: "none" } as const;
  assert.deepEqual(await nfs.patch("exported", patch), { ...defaults, ...changed });
  assert.deepEqual(await nfs.get("exported"), { ...defaults, ...changed });
  assert.match(await refusalOf(netgroups.delete("exported")), /: 409 Netgroup is referenced/);
  await assert.rejects(mount("exported"), new NfsError("MNT", 13), "an empty netgroup is nobody");
  await netgroups.addMember("exported", { type: "ip", value: "127.0.0.1" });
  using _nfs = await mount("exported");
  assert.equal((await nfs.patch("exported", { netgroup: "" })).netgroup, "");
  assert.equal(await netgroups.delete("exported"), true);
  const squash = await contract.raw(
    ...["PATCH", "/api/v1/shares/exported/adapters/nfs/config", '{"squash":"root"}'] as const,
  );
  assert.equal(squash.status, 400);
});

Deno.test("quotas: PUT replaces the whole of one, sizes are shown, the default user's is broken", async () => {
  const { shares: { quotas } } = contract.client;
  await share("limits");
  assert.deepEqual(await quotas.list("limits"), []);
  const none = { graceSeconds: 0, limitFiles: 0, softFiles: 0, usedBytes: 0, usedFiles: 0 };
  const first = await quotas.set("limits", { uid: 1001 }, {
    ...{ graceSeconds: 60, limitBytes: 1e9, limitFiles: 10, softBytes: 5e8, softFiles: 5 },
  });
  assert.deepEqual(first, {
    ...{ ...none, graceSeconds: 60, identityId: 1001, limitBytes: sizeAsShown(1e9) },
    ...{ limitFiles: 10, scope: "user", softBytes: sizeAsShown(5e8), softFiles: 5 },
  });
  const second = await quotas.set("limits", { uid: 1001 }, { limitFiles: 7 });
  const row = { ...none, limitBytes: 0, softBytes: 0 };
  assert.deepEqual(second, { ...row, identityId: 1001, limitFiles: 7, scope: "user" });
  await quotas.set("limits", { gid: 0 }, { limitBytes: 5 });
  assert.deepEqual(
    (await quotas.list("limits")).map(({ identityId, scope }) => [scope, identityId]).toSorted(),
    [["group", 0], ["user", 1001]],
  );
  assert.equal(await quotas.delete("limits", { gid: 0 }), true);
  assert.equal(await quotas.delete("limits", { gid: 0 }), false);
  assert.match(
    await refusalOf(quotas.set("limits", { uid: 1 }, { limitBytes: 5, softBytes: 6 })),
    /: 400 soft_bytes must not exceed limit_bytes$/,
  );
  const broken = await contract.raw("PUT", "/api/v1/shares/limits/quotas/default-user", "{}");
  assert.equal(broken.status, 400);
  assert.match(broken.text, /Invalid scope/);
});

Deno.test("quotas: those of a share that is not there are an empty list, and can be set", async () => {
  const { shares: { quotas } } = contract.client;
  assert.deepEqual(await quotas.list("nowhere"), []);
  await quotas.set("nowhere", { uid: 1 }, { limitFiles: 1 });
  assert.equal((await quotas.list("nowhere")).length, 1);
});

Deno.test("snapshot policies: PUT replaces the whole of one, whose interval is rewritten", async () => {
  const { shares: { snapshotPolicy }, snapshotPolicies } = contract.client;
  await share("policy");
  assert.equal(await snapshotPolicy.get("policy"), undefined);
  const fields = { interval: "@daily", keepLast: 3, namePrefix: "auto", ttl: "720h" };
  const day = 24 * 3_600_000;
  const shown = {
    enabled: true,
    intervalMs: day,
    keepLast: 3,
    namePrefix: "auto",
    share: "policy",
  };
  assert.deepEqual(await snapshotPolicy.put("policy", fields), { ...shown, ttlMs: 30 * day });
  assert.deepEqual(await snapshotPolicy.put("policy", { enabled: false, interval: "10s" }), {
    ...{ enabled: false, intervalMs: 10_000, keepLast: 0, namePrefix: "", share: "policy" },
    ttlMs: 0,
  });
  assert.deepEqual((await snapshotPolicies.list()).map((policy) => policy.share), ["policy"]);
  assert.match(
    await refusalOf(snapshotPolicy.put("policy", { interval: "1 fortnight" })),
    /: 400 invalid interval: /,
  );
  assert.match(
    await refusalOf(snapshotPolicy.put("none", { interval: "1h" })),
    /^PUT \/shares\/none\/snapshot-policy: 404 /,
  );
  assert.equal(await snapshotPolicy.delete("policy"), true);
  assert.equal(await snapshotPolicy.delete("policy"), false);
});

Deno.test("warm: a share without a remote store has a job that failed; an unknown job is 404", async () => {
  const { shares: { blocks } } = contract.client;
  await share("cold");
  const job = await blocks.warm("cold");
  const ended = await until("the job ends", async () => {
    const found = await blocks.warmJob("cold", job);
    return found?.state !== "running" && found;
  }, { within: 5_000 });
  assert.deepEqual([ended.state, ended.error], [
    "failed",
    "warm: share has no remote tier to warm from",
  ]);
  assert.equal(await blocks.warmJob("cold", "warm-999"), undefined);
  assert.match(await refusalOf(blocks.warm("none")), /: 404 /);
  assert.equal(await blocks.stats("none"), undefined);
});

Deno.test("clients: each connection is one, and nothing tells whose it is or for which share", async () => {
  const { clients } = contract.client;
  await share("visited", { defaultPermission: "read-write" });
  using nfs = await mount("visited");
  await nfs.write("file", new Uint8Array(10));
  const found = await clients.list({ protocol: "nfs" });
  assert.ok(found.length > 0);
  for (const { address, protocol } of found) {
    assert.equal(protocol, "nfs");
    assert.match(address, /^127\.0\.0\.1:\d+$/);
  }
  const all = await contract.raw("GET", "/api/v1/clients");
  for (const one of JSON.parse(all.text)) assert.deepEqual([one.shares, one.user], [null, ""]);
  const filtered = await contract.raw("GET", "/api/v1/clients?share=%2Fvisited");
  assert.deepEqual(JSON.parse(filtered.text), []);
  assert.deepEqual(await clients.list({ protocol: "smb" }), []);
});

Deno.test("drain: nothing to upload is drained at once", async () => {
  await contract.client.system.drainUploads(10_000);
});

Deno.test("answers about shares have the fields that they had", async () => {
  const { blockStore, localStores, metadataStores, shares, snapshotPolicies } = contract.client;
  await share("all-fields", {
    ...{ blockedOperations: ["SETATTR"], owner: "alice", quotaBytes: MI, readBufferSize: 64 * MI },
    ...{ retentionPolicy: "ttl", retentionTtl: "1h", trashExcludePatterns: ["*"] },
  });
  await shares.get("all-fields");
  await shares.status("all-fields");
  await metadataStores.get("badger");
  await localStores.get("text");
  await shares.permissions.set("all-fields", { isGroup: true, sid: "S-1-5-21-1-2-3-1104" }, "read");
  await shares.permissions.list("all-fields");
  await shares.nfs.patch("all-fields", { anonymousGid: 1, anonymousUid: 1 });
  await shares.quotas.set("all-fields", { uid: 1 }, { limitBytes: 2, softBytes: 1 });
  await shares.snapshotPolicy.put("all-fields", {
    ...{ interval: "1h", namePrefix: "p", ttl: "1h" },
  });
  await snapshotPolicies.list();
  await shares.blocks.stats("all-fields");
  await shares.blocks.warm("all-fields");
  await blockStore.reconcileReport();
  await blockStore.reclaim({ dryRun: true });
  using _nfs = await mount("all-fields");
  await contract.client.clients.list();
  assert.deepEqual(changes(SHARE_FIELDS, contract.answers), []);
});

async function bytesBelow(path: string): Promise<number> {
  let sum = 0;
  for await (const { isDirectory, name } of Deno.readDir(path)) {
    const inner = `${path}/${name}`;
    sum += isDirectory ? await bytesBelow(inner) : (await Deno.stat(inner)).size;
  }
  return sum;
}
