// The contract with the real server: shares, and what becomes of their data. What is set on a share
// is in dittofs_contract_share_settings_test.ts, the stores below it in dittofs_contract_stores_test.ts.

import assert from "node:assert/strict";
import { sizeAsShown } from "../../dittofs/size.ts";
import { until } from "../harness/poll.ts";
import { type Contract, refusalOf, RESTARTING } from "./_contract.ts";
import { changes } from "./_contract_fields.ts";
import { ShareContract } from "./_contract_shares.ts";
import { SHARE_FIELDS } from "./_contract_tables.ts";
import { NfsError } from "./_nfs.ts";

let ground: ShareContract;
let contract: Contract;
const MI = 2 ** 20;

Deno.test.beforeAll(async () => {
  ground = await ShareContract.start();
  ({ contract } = ground);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

Deno.test("shares: what is made with nothing said has these defaults", async () => {
  const { id, localBlockStoreId, metadataStoreId, ...made } = await ground.share("defaults");
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
  const made = await ground.share("put", { owner: "alice" });
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
  const { quotaBytes } = await ground.share("sizes", {
    localStoreSize: sizes[0],
    quotaBytes: sizes[1],
  });
  assert.equal(quotaBytes, sizeAsShown(1e9));
  assert.equal((await shares.blocks.stats("sizes"))?.localDiskMax, sizes[0]);
  for (const size of sizes) {
    const shown = await shares.update("sizes", { quotaBytes: size });
    assert.equal(shown.quotaBytes, sizeAsShown(size), String(size));
  }
});

Deno.test("shares: refusals name what is wrong", async () => {
  const { metadataStores, shares, users } = contract.client;
  await ground.share("refused");
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
  const made = await ground.share("with:colon");
  assert.equal(made.status.status, "unknown");
  assert.match(made.status.message, /share not found/);
  assert.equal((await contract.client.shares.status("with:colon"))?.status, "unknown");
  assert.equal(await contract.client.shares.delete("with:colon"), true);
});

Deno.test("shares: one with a name of more than 26 characters is never loaded, and has to be taken away", async () => {
  const { metadataStores, shares } = contract.client;
  const [longest, longer, badger] = ["a".repeat(26), "b".repeat(27), "c".repeat(27)];
  assert.equal((await ground.share(longest)).status.status, "healthy");
  const config = { path: contract.path("long") };
  await metadataStores.create({ config, name: badger, type: "badger" });
  const fields = { localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: badger };
  assert.equal((await shares.create({ ...fields, name: badger })).status.status, "unknown");
  // With metadata in memory the request fails. Its row is there, and the server would end with a
  // panic at each start.
  assert.match(await refusalOf(ground.share(longer)), /: 500$/);
  for (const name of [longest, longer, badger]) assert.equal(await shares.delete(name), true);
});

Deno.test("shares: names are found with and without the server's slash, and whatever is in them", async () => {
  const { shares } = contract.client;
  for (const name of ["home dirs", "größe", "a!b@c", "a+b&c=d;e,f"]) {
    await ground.share(name);
    assert.equal((await shares.get(name))?.name, name);
    assert.deepEqual(await shares.permissions.list(name), []);
    assert.equal(await shares.delete(name), true);
  }
  await ground.share("slash");
  const { status, text } = await contract.raw("GET", "/api/v1/shares/%2Fslash");
  assert.deepEqual([status, JSON.parse(text).name], [200, "/slash"]);
});

Deno.test("shares: enabling and disabling are idempotent, and mounting follows at once", async () => {
  const { shares } = contract.client;
  await ground.share("switch", { defaultPermission: "read-write" });
  for (const _ of [1, 2]) assert.equal((await shares.disable("switch")).enabled, false);
  assert.equal((await shares.status("switch"))?.status, "healthy", "of a disabled one too");
  await assert.rejects(ground.mount("switch"), new NfsError("MNT", 13));
  for (const _ of [1, 2]) assert.equal((await shares.enable("switch")).enabled, true);
  using _nfs = await ground.mount("switch");
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
  using nfs = await ground.mount("back");
  await nfs.write("file", content);
  assert.equal(await shares.delete("back"), true);
  assert.equal(await shares.delete("back"), false);
  assert.equal(await shares.get("back"), undefined);
  assert.equal(await shares.status("back"), undefined);
  await assert.rejects(nfs.read("file"), NfsError);
  await assert.rejects(ground.mount("back"), new NfsError("MNT", 2));

  assert.notEqual((await shares.create(fields)).id, first.id);
  using again = await ground.mount("back");
  assert.deepEqual(await again.read("file"), content);
});

Deno.test(
  "shares: nothing over REST frees the blocks of one that was deleted",
  RESTARTING,
  async () => {
    const { blockStore, localStores, metadataStores, shares } = contract.client;
    const path = contract.path("never-freed");
    await localStores.create({ config: { path }, name: "never-freed", type: "fs" });
    await ground.share("never-freed", {
      defaultPermission: "read-write",
      localBlockStore: "never-freed",
    });
    using nfs = await ground.mount("never-freed");
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
  using nfs = await ground.mount("written");
  await nfs.write("file", new Uint8Array(MI));
  const untouched = await until("it counts", async () => {
    const row = await shares.get("untouched");
    return row && row.usedBytes > 0 && row;
  }, { within: 10_000 });
  assert.deepEqual([untouched.usedBytes, untouched.usagePercent], [MI, 25]);
  assert.ok(((await shares.get("written"))?.physicalBytes ?? 0) > 0);
});

Deno.test("warm: a share without a remote store has a job that failed; an unknown job is 404", async () => {
  const { shares: { blocks } } = contract.client;
  await ground.share("cold");
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
  await ground.share("visited", { defaultPermission: "read-write" });
  using nfs = await ground.mount("visited");
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
  await ground.share("all-fields", {
    ...{ blockedOperations: ["SETATTR"], owner: "alice", quotaBytes: MI, readBufferSize: 64 * MI },
    ...{ retentionPolicy: "ttl", retentionTtl: "1h", trashExcludePatterns: ["*"] },
  });
  await shares.get("all-fields");
  await shares.status("all-fields");
  const badger = { path: contract.path("badger") };
  await metadataStores.create({ config: badger, name: "badger", type: "badger" });
  await metadataStores.get("badger");
  const text = { max_size: 64 * MI, path: contract.path("text") };
  await localStores.create({ config: text, name: "text", type: "fs" });
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
  using _nfs = await ground.mount("all-fields");
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
