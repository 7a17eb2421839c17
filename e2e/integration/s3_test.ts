// A share in front of a real S3 service: what is written gets there, and comes back from there.

import assert from "node:assert/strict";
import * as z from "zod";
import { beside as test } from "./_beside.ts";
import { DfsBeside } from "./_dfs_beside.ts";
import type { DfsServer } from "./_dfs_server.ts";
import { type InProcess, runInProcess } from "./_in_process.ts";
import { Nfs } from "./_nfs.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";

const namespace = "files";
let ground: TestPlane;
let beside: DfsBeside;
let operator: InProcess;
let s3: S3;
let server: DfsServer;

Deno.test.beforeAll(async () => {
  s3 = await S3.start();
  ground = await testPlane({ controllerManager: true });
  for (const name of ["dittofs-system", namespace]) {
    await ground.kubectl(["create", "namespace", name]);
  }
  await install(ground);
  operator = await runInProcess(ground, { namespace, userAgent: "s3-test" });
  beside = new DfsBeside(ground);
  server = beside.server(namespace, "files");
  const resource = {
    apiVersion: "dittofs.dittofs.com/v1alpha1",
    kind: "DittoServer",
    metadata: { name: "files", namespace },
    spec: { storage: { metadataSize: "1Gi", contentSize: "1Gi" } },
  };
  await ground.kubectl(["create", "-f", "-"], { input: JSON.stringify(resource) });
  await server.ready();
  await make("/users", { username: "alice", password: "Alice-pass-1", uid: 1001, gid: 1001 });
  await share("remote", { remote_block_store: "s3" });
  await share("local", {});
});
Deno.test.afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await beside?.[Symbol.asyncDispose]();
  await ground?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

async function make(path: string, body: unknown): Promise<void> {
  const answer = await server.byHand("POST", path, body);
  assert.equal(answer.status, 201, `${path}: ${JSON.stringify(answer.body)}`);
}

async function share(name: string, stores: { readonly remote_block_store?: string }) {
  const config = (value: unknown) => ({ config: JSON.stringify(value) });
  const metadata = config({ path: `/data/store/metadata/${name}` });
  await make("/store/metadata", { name, type: "badger", ...metadata });
  const blocks = config({ path: `/data/store/block/${name}` });
  await make("/store/block/local", { name, type: "fs", ...blocks });
  if (stores.remote_block_store) {
    const bucket = config({
      ...{ bucket: BUCKET, endpoint: s3.endpoint, allow_private_endpoint: true },
      access_key_id: CREDENTIALS.accessKeyId,
      secret_access_key: CREDENTIALS.secretAccessKey,
    });
    await make("/store/block/remote", { name: stores.remote_block_store, type: "s3", ...bucket });
  }
  await make("/shares", {
    ...{ name, metadata_store_id: name, local_block_store: name, ...stores },
    ...{ owner: "alice", default_permission: "none", local_store_size: "256Mi" },
  });
  const grant = { level: "read-write" };
  await server.byHand("PUT", `/shares/${name}/permissions/users/alice`, grant);
}

const mount = (name: string) =>
  Nfs.mount({ port: server.loopback.port(12049), share: `/${name}`, uid: 1001, gid: 1001 });

/** Bytes that no compression shortens. */
function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

const stats = z.object({
  totals: z.object({ unsynced_bytes: z.number(), local_disk_used: z.number() }),
});
const totals = async () =>
  stats.parse((await server.byHand("GET", "/shares/remote/blockstore/stats")).body).totals;

const health = z.object({ status: z.string() });
const statusOf = async (path: string) =>
  health.parse((await server.byHand("GET", `${path}/status`)).body).status;

const drained = async () =>
  assert.equal((await server.byHand("POST", "/system/drain-uploads")).status, 200);

test("a file that was drained to S3 and evicted reads back from there", async () => {
  using nfs = await mount("remote");
  const content = random(8 * 1024 * 1024);
  await nfs.write("data", content);
  await drained();
  assert.equal((await totals()).unsynced_bytes, 0);
  assert.ok((await s3.objects()).length > 0);
  await server.byHand("POST", "/shares/remote/blockstore/evict", {});
  assert.equal((await totals()).local_disk_used, 0);
  assert.deepEqual(await nfs.read("data"), content);
});

test("a dead S3 is told by its store, and what is written meanwhile gets there later", async () => {
  using nfs = await mount("remote");
  const content = random(1024 * 1024);
  const before = await s3.objects();
  {
    await using _down = await s3.down();
    await nfs.write("meanwhile", content);
    // The share's own status takes 30 s for it, and is "healthy".
    assert.equal(await statusOf("/store/block/remote/s3"), "unhealthy");

    assert.equal(await statusOf("/shares/local"), "healthy");
    assert.ok((await totals()).unsynced_bytes > 0);
  }
  await drained();
  assert.ok((await s3.objects()).length > before.length);
  await server.byHand("POST", "/shares/remote/blockstore/evict", {});
  assert.deepEqual(await nfs.read("meanwhile"), content);
});

test("Nfs tells who may not read, and which share there is not", async () => {
  const port = server.loopback.port(12049);
  using nfs = await Nfs.mount({ port, share: "/local", uid: 4711, gid: 4711 });
  await assert.rejects(nfs.read("data"), { name: "NfsError", status: 13 });
  await assert.rejects(Nfs.mount({ port, share: "/nowhere", uid: 1001, gid: 1001 }), {
    ...{ name: "NfsError", call: "MNT", status: 2 },
  });
});
