// The contract with the real server: shares with a real S3 service, and with one that is dead.

import assert from "node:assert/strict";
import { until } from "../harness/poll.ts";
import { Contract } from "./_contract.ts";
import { Nfs } from "./_nfs.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";

let contract: Contract;
let nfsPort: number;
let s3: S3;
const MI = 2 ** 20;
const ALICE = { gid: 1001, uid: 1001 } as const;
const CONTENT = new Uint8Array(2 * MI).map((_, index) => index * index / 7);

Deno.test.beforeAll(async () => {
  s3 = await S3.start();
  contract = await Contract.start();
  nfsPort = await contract.moveAdapter("nfs");
  const { localStores } = contract.client;
  await localStores.create({ config: { path: contract.path("blocks") }, name: "fs", type: "fs" });
  await remote("shared", "");
});
Deno.test.afterAll(async () => {
  await contract[Symbol.asyncDispose]();
  await s3[Symbol.asyncDispose]();
});

async function remote(name: string, prefix: string) {
  return await contract.client.remoteStores.create({
    config: {
      access_key_id: CREDENTIALS.accessKeyId,
      allow_private_endpoint: true,
      bucket: BUCKET,
      endpoint: s3.endpoint,
      prefix,
      secret_access_key: CREDENTIALS.secretAccessKey,
    },
    name,
    type: "s3",
  });
}

/** A share with its own metadata store, and with a file in it that is uploaded. */
async function share(name: string, remoteBlockStore?: string): Promise<void> {
  const { metadataStores, shares, system } = contract.client;
  await metadataStores.create({ name, type: "memory" });
  const { status } = await shares.create({
    ...{ localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: name, name },
    ...(remoteBlockStore !== undefined && { remoteBlockStore }),
    defaultPermission: "read-write",
  });
  assert.equal(status.status, "healthy");
  using nfs = await Nfs.mount({ ...ALICE, port: nfsPort, share: `/${name}` });
  await nfs.write("file", CONTENT);
  await system.drainUploads(30_000);
}

Deno.test("S3: what is written is there after a drain, and a warm job finds it here already", async () => {
  const { shares: { blocks } } = contract.client;
  await share("uploaded", "shared");
  const stats = await blocks.stats("uploaded");
  assert.deepEqual(
    [stats?.hasRemote, stats?.remoteHealthy, stats?.pendingUploads, stats?.unsyncedBytes],
    [true, true, 0, 0],
  );
  assert.ok((await s3.objects("blocks/")).length > 0);
  const job = await blocks.warm("uploaded");
  const ended = await until("the job ends", async () => {
    const found = await blocks.warmJob("uploaded", job);
    return found?.state !== "running" && found;
  }, { within: 10_000 });
  assert.deepEqual([ended.state, ended.error], ["done", ""]);
  assert.equal(ended.blocksDone, ended.blocksTotal);
});

Deno.test("S3: a share with files that gets a remote store later loses them as soon as room is made", async () => {
  const { remoteStores, shares, system } = contract.client;
  await remote("later", "later/");
  await share("later");
  const bound = await shares.update("later", { remoteBlockStore: "later" });
  assert.deepEqual(bound.warnings, [], "the binding itself needs no restart");
  assert.equal(bound.remoteBlockStoreId, (await remoteStores.get("later"))?.id);
  await system.drainUploads(30_000);
  assert.equal((await shares.blocks.stats("later"))?.unsyncedBytes, 0, "so it says");
  assert.deepEqual((await s3.objects()).filter((name) => name.startsWith("later/")), []);
  // As the server does by itself when the share's part of the disk is full.
  assert.equal(
    (await contract.raw("POST", "/api/v1/shares/later/blockstore/evict", "{}")).status,
    200,
  );
  using nfs = await Nfs.mount({ ...ALICE, port: nfsPort, share: "/later" });
  const lost = await nfs.read("file");
  assert.equal(lost.length, CONTENT.length);
  assert.ok(lost.every((byte) => byte === 0), "zeros, without any error");
  assert.equal((await shares.status("later"))?.status, "healthy");
  const unbound = await shares.update("later", { remoteBlockStore: null });
  assert.deepEqual([unbound.remoteBlockStoreId, unbound.warnings], [undefined, []]);
});

Deno.test("S3: a look for orphans sees objects of a deleted share only through another of its prefix", async () => {
  const { blockStore, shares } = contract.client;
  await share("deleted", "shared");
  await remote("own", "own/");
  await share("deleted-own", "own");
  await shares.delete("deleted");
  await shares.delete("deleted-own");
  const before = await s3.objects();
  const report = await blockStore.reconcileReport();
  const ofPrefix = before.filter((name) => /^blocks\/./.test(name)).length;
  assert.equal(report.remoteObjectsScanned, ofPrefix, "those of `deleted` too, none of own/");
  // They are new: after gc.grace_period, an hour, this would delete those of `deleted`.
  const { errors, orphanObjectsReclaimed } = await blockStore.reclaim({ dryRun: false });
  assert.deepEqual([errors, orphanObjectsReclaimed.count], [0, 0]);
  assert.deepEqual(await s3.objects(), before);
});

Deno.test("S3: when it is dead its store says so in 5 s, and a share with it is called healthy after 30 s", async () => {
  const { blockStore, remoteStores, shares } = contract.client;
  await share("local");
  using _dead = s3.frozen();
  const timed = async <T>(call: Promise<T>) => {
    const began = performance.now();
    const value = await call;
    return { seconds: Math.round((performance.now() - began) / 1000), value };
  };
  // A status is fresh for 5 s: what is asked first must not be the one of before.
  await until("its status is fresh", async () => {
    return (await remoteStores.status("shared"))?.status === "unhealthy";
  }, { within: 20_000 });
  const [store, local, dead, orphans] = await Promise.all([
    timed(remoteStores.status("shared")),
    timed(shares.get("local")),
    timed(shares.get("uploaded")),
    timed(blockStore.reconcileReport().catch((error: unknown) => String(error))),
  ]);
  assert.equal(store.value?.status, "unhealthy");
  assert.ok(store.seconds <= 6, `${store.seconds} s`);
  assert.deepEqual([local.seconds, local.value?.status.status], [0, "healthy"]);
  assert.deepEqual([dead.seconds, dead.value?.status.status], [30, "healthy"]);
  assert.ok((dead.value?.status.latencyMs ?? 0) >= 30_000, "only the time tells");
  assert.match(String(orphans.value), /500 reconcile report failed/);
  const gone = await timed(shares.delete("uploaded"));
  assert.deepEqual(gone, { seconds: 0, value: true }, "deleting does not wait for it");
});
