// The contract with the real server: the stores of metadata and blocks that shares are made over.

import assert from "node:assert/strict";
import { type Contract, refusalOf, RESTARTING } from "./_contract.ts";
import { ShareContract } from "./_contract_shares.ts";
import { NfsError } from "./_nfs.ts";

let ground: ShareContract;
let contract: Contract;
const MI = 2 ** 20;

Deno.test.beforeAll(async () => {
  ground = await ShareContract.start();
  ({ contract } = ground);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

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
    using nfs = await ground.mount("again");
    await nfs.write("file", content);
    assert.equal((await shares.get("again"))?.usedBytes, content.length);
    await contract.server.restart();
    await contract.login();
    using later = await ground.mount("again");
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
  await ground.share("kept", { localBlockStore: "kept" });
  const inUse = "it is in use by one or more shares";
  assert.match(await refusalOf(metadataStores.delete("kept")), new RegExp(`409 .*${inUse}$`));
  assert.match(await refusalOf(localStores.delete("kept")), /: 409 /);
  await shares.delete("kept");
  assert.equal(await metadataStores.delete("kept"), true);
  assert.equal(await localStores.delete("kept"), true);
  assert.equal((await Deno.stat(`${path}/shares/kept`)).isDirectory, true);
});
