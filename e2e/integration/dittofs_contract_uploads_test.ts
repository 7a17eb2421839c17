// The contract with the real server: what becomes of contents that are not in S3 yet when it ends.
// A DittoServer that is deleted ends its pod like that, with nobody who waits for uploads before.

import assert from "node:assert/strict";
import { until } from "../harness/poll.ts";
import { Contract, RESTARTING } from "./_contract.ts";
import { Nfs } from "./_nfs.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";

let contract: Contract;
let nfsPort: number;
let s3: S3;
const MI = 2 ** 20;
const SIZE = 40 * MI;

Deno.test.beforeAll(async () => {
  s3 = await S3.start();
  contract = await Contract.start();
  nfsPort = await contract.moveAdapter("nfs");
  const { localStores, metadataStores, remoteStores, shares } = contract.client;
  const path = (name: string) => ({ config: { path: contract.path(name) } });
  await localStores.create({ ...path("blocks"), name: "fs", type: "fs" });
  await metadataStores.create({ ...path("share"), name: "share", type: "badger" });
  await remoteStores.create({
    config: {
      ...{ bucket: BUCKET, endpoint: s3.endpoint, allow_private_endpoint: true },
      access_key_id: CREDENTIALS.accessKeyId,
      secret_access_key: CREDENTIALS.secretAccessKey,
    },
    name: "bucket",
    type: "s3",
  });
  await shares.create({
    ...{ localBlockStore: "fs", localStoreSize: 512 * MI, metadataStore: "share", name: "share" },
    ...{ remoteBlockStore: "bucket", defaultPermission: "read-write" },
  });
});
Deno.test.afterAll(async () => {
  await contract?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

const mount = () => Nfs.mount({ gid: 1001, uid: 1001, port: nfsPort, share: "/share" });

const unsynced = async () =>
  (await contract.client.shares.blocks.stats("share"))?.unsyncedBytes ?? NaN;

/** Writes a file of random bytes, which nothing can shorten. */
async function write(name: string): Promise<Uint8Array> {
  const content = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += 65_536) {
    crypto.getRandomValues(content.subarray(at, at + 65_536));
  }
  using nfs = await mount();
  await nfs.write(name, content);
  return content;
}

/** Ends the server as a node does with a pod; `again` starts one over the same data. */
async function end() {
  const { process } = contract.server;
  const began = performance.now();
  const { code } = await process.stop("SIGTERM");
  const tookMs = performance.now() - began;
  const uploaded = await s3.objects();
  return {
    ...{ code, tookMs, uploaded },
    again: async () => {
      await contract.server.restart();
      await contract.login();
    },
  };
}

Deno.test({
  name: "a server that ends while S3 is dead waits for no upload, and the next one does them all",
  ...RESTARTING,
  fn: async () => {
    let content: Uint8Array;
    let ended: Awaited<ReturnType<typeof end>>;
    {
      await using _down = await s3.down();
      content = await write("dead");
      assert.ok(await unsynced() >= SIZE);
      ended = await end();
    }
    assert.equal(ended.code, 0);
    assert.ok(ended.tookMs < 10_000, `it took ${ended.tookMs} ms`);
    assert.deepEqual(ended.uploaded, []);
    await ended.again();
    using nfs = await mount();
    assert.deepEqual(await nfs.read("dead"), content);
    await until("all is uploaded", async () => await unsynced() === 0, { within: 60_000 });
    assert.ok((await s3.objects()).length > 0);
  },
});

Deno.test({
  name: "a server that ends in the middle of its uploads loses nothing, and the next one ends them",
  ...RESTARTING,
  fn: async () => {
    await contract.client.system.drainUploads(60_000);
    const content = await write("middle");
    const ended = await end();
    assert.equal(ended.code, 0);
    assert.ok(ended.tookMs < 10_000, `it took ${ended.tookMs} ms`);
    await ended.again();
    using nfs = await mount();
    assert.deepEqual(await nfs.read("middle"), content);
    await until("all is uploaded", async () => await unsynced() === 0, { within: 60_000 });
  },
});
