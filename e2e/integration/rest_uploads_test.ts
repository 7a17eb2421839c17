// Before a pod goes it uploads to S3 what it has: with a real server in front of a real S3 service.

import assert from "node:assert/strict";
import * as z from "zod";
import { beside as test } from "./_beside.ts";
import type { DfsServer } from "./_dfs_server.ts";
import { Nfs } from "./_nfs.ts";
import { RestGround } from "./_rest_ground.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";

const NAME = "uploads";
let s3: S3;
let ground: RestGround;
let server: DfsServer;

Deno.test.beforeAll(async () => {
  s3 = await S3.start();
  ground = await RestGround.start();
  server = await ground.create(NAME);
  const config = (value: unknown) => ({ config: JSON.stringify(value) });
  const bucket = {
    ...{ bucket: BUCKET, endpoint: s3.endpoint, allow_private_endpoint: true },
    access_key_id: CREDENTIALS.accessKeyId,
    secret_access_key: CREDENTIALS.secretAccessKey,
  };
  const at = (path: string) => config({ path: `/data/store/${path}` });
  await make("/users", { username: "alice", password: "Alice-pass-1", uid: 1001, gid: 1001 });
  await make("/store/metadata", { name: "share", type: "badger", ...at("metadata/share") });
  await make("/store/block/local", { name: "share", type: "fs", ...at("block/share") });
  await make("/store/block/remote", { name: "s3", type: "s3", ...config(bucket) });
  await make("/shares", {
    ...{ name: "share", metadata_store_id: "share", local_block_store: "share" },
    ...{ remote_block_store: "s3", owner: "alice", local_store_size: "256Mi" },
  });
  await server.byHand("PUT", "/shares/share/permissions/users/alice", { level: "read-write" });
});
Deno.test.afterAll(async () => {
  await ground?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

async function make(path: string, body: unknown): Promise<void> {
  const answer = await server.byHand("POST", path, body);
  assert.equal(answer.status, 201, `${path}: ${JSON.stringify(answer.body)}`);
}

/** Writes a file of 20 MB that no compression shortens. */
async function write(name: string): Promise<Uint8Array> {
  const content = new Uint8Array(20_000_000);
  for (let at = 0; at < content.length; at += 65_536) {
    crypto.getRandomValues(content.subarray(at, at + 65_536));
  }
  using nfs = await mount();
  await nfs.write(name, content);
  return content;
}

const mount = () =>
  Nfs.mount({ port: server.loopback.port(12_049), share: "/share", uid: 1001, gid: 1001 });

async function unsynced(): Promise<number> {
  const { body } = await server.byHand("GET", "/blockstore/stats");
  return z.object({ totals: z.object({ unsynced_bytes: z.number() }) }).parse(body).totals
    .unsynced_bytes;
}

/** Changes the server, and waits until `status.rollout` says how its uploads have ended. */
async function ended(spec: Readonly<Record<string, unknown>>): Promise<string> {
  await ground.patch(NAME, spec);
  return await ground.until("uploads have ended", async () => {
    const { state, uploads } = (await ground.status(NAME)).rollout ?? {};
    return state === "Running" && uploads?.state;
  });
}

test("A pod that is replaced has uploaded what was written to it", async () => {
  const before = await server.ready();
  await write("drained");
  assert.equal(await ended({ logging: { level: "DEBUG" } }), "Drained");
  await server.replaced(before);
  assert.equal(await unsynced(), 0);
  await ground.untilCondition(NAME, "Ready", "Serving");
});

test("A pod whose S3 is dead goes all the same, says so, and the next one uploads the rest", async () => {
  const before = await server.ready();
  const maintenance = { drainTimeout: "4s" };
  let content: Uint8Array;
  {
    await using _down = await s3.down();
    content = await write("stalled");
    assert.equal(await ended({ logging: { level: "INFO" }, maintenance }), "Stalled");
  }
  // While its S3 is dead a server takes minutes to start.
  await server.replaced(before);
  await ground.until("all is uploaded", async () => await unsynced() === 0);
  using nfs = await mount();
  assert.deepEqual(await nfs.read("stalled"), content);
});
