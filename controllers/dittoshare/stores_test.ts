import assert from "node:assert/strict";
import type { Store } from "../../dittofs/stores.ts";
import type { JsonObject } from "../../dittofs/wire.ts";
import { testServer } from "../dittoserver/_fixture.ts";
import { BUCKET, testShare } from "./_fixture.ts";
import { isRemoteStoreOf } from "./names.ts";
import { placementOf } from "./placement.ts";
import {
  bucketConfig,
  bucketStore,
  bucketStoreName,
  furtherStoreName,
  isAsWanted,
  localStore,
  metadataStore,
  retired,
  successorIn,
} from "./stores.ts";

/** A row of the server; what it is configured with passes through JSON on its way. */
const store = (type: string, config: JsonObject): Store => ({
  ...{ id: "1", name: "share-projects", type, config: JSON.parse(JSON.stringify(config)) },
  status: { status: "healthy", message: "", latencyMs: 0 },
});

const digests = (id: string, secret = "s") => ({ id, secret });
const config = (more: object = {}) =>
  bucketConfig(testShare({ storage: { remote: { s3: { ...BUCKET.remote.s3, ...more } } } })) ?? {};

Deno.test("metadataStore() has a directory of its own for badger, and a file for sqlite", () => {
  assert.deepEqual(metadataStore(testShare(), "share-projects"), {
    ...{ name: "share-projects", type: "badger" },
    config: { path: "/data/store/metadata/shares/share-projects", contents: "volume" },
  });
  const sqlite = testShare({ storage: { metadata: { type: "sqlite" } } });
  assert.equal(
    metadataStore(sqlite, "share-projects").config.path,
    "/data/store/metadata/share-projects.db",
  );
});

Deno.test("metadataStore() says where contents are, so that no later share looks elsewhere", () => {
  const contents = (storage: object) => metadataStore(testShare({ storage }), "x").config.contents;
  assert.equal(contents(BUCKET), "s3://blocks/files/projects/");
  const s3 = { ...BUCKET.remote.s3, prefix: "a/b" };
  assert.equal(contents({ remote: { s3 } }), "s3://blocks/a/b/");
});

Deno.test("localStore() is the directory of all shares, below which the server puts each", () => {
  const server = testServer({ storage: { metadataSize: "1Gi", contentSize: "1Gi" } });
  const share = testShare();
  assert.deepEqual(localStore(share, placementOf(share, server, {}, undefined)), {
    ...{ name: "share-projects", type: "fs", config: { path: "/data/store/block" } },
  });
});

Deno.test("bucketConfig() has a path that no other share has, unless told", () => {
  assert.equal(bucketConfig(testShare()), undefined);
  assert.deepEqual(config(), {
    ...{ bucket: "blocks", prefix: "files/projects/", region: "us-east-1" },
    allow_private_endpoint: false,
  });
  assert.deepEqual(
    config({
      ...{ endpoint: "http://s3", allowPrivateEndpoint: true, forcePathStyle: false },
      ...{ compression: "zstd", parallelUploads: 4, prefix: "p/", region: "eu" },
    }),
    {
      ...{ bucket: "blocks", prefix: "p/", region: "eu", endpoint: "http://s3" },
      ...{ allow_private_endpoint: true, force_path_style: false, parallel_uploads: 4 },
      compression: { algo: "zstd" },
    },
  );
});

Deno.test("bucketStoreName() is another one for each set of parameters and each access key", () => {
  const share = testShare();
  const names = [
    bucketStoreName(share, config(), digests("a")),
    bucketStoreName(share, config(), digests("b")),
    bucketStoreName(share, config(), digests("a", "t")),
    bucketStoreName(share, config({ region: "eu" }), digests("a")),
  ];
  assert.equal(new Set(names).size, 4);
  assert.equal(bucketStoreName(share, config(), digests("a")), names[0]);
  for (const name of names) assert.ok(isRemoteStoreOf("projects", name));
});

Deno.test("isRemoteStoreOf() does not take the store of another share for its own", () => {
  const other = testShare({ shareName: "projects-0123456789ab" });
  const name = bucketStoreName(other, config(), digests("a"));
  assert.equal(isRemoteStoreOf("projects", name), false);
  assert.equal(isRemoteStoreOf("projects", "share-projects"), false);
});

Deno.test("isAsWanted() compares what is shown of a store, and not its secrets", () => {
  const wanted = bucketStore("n", config(), { id: "me", secret: "secret" });
  assert.ok(isAsWanted(store("s3", { ...wanted.config, secret_access_key: "********" }), wanted));
  assert.ok(!isAsWanted(store("s3", { ...wanted.config, bucket: "other" }), wanted));
  assert.ok(!isAsWanted(store("memory", wanted.config), wanted));
  const plain = metadataStore(testShare(), "share-projects");
  assert.ok(isAsWanted(store("badger", plain.config), plain));
  assert.ok(!isAsWanted(store("badger", { ...plain.config, path: "/elsewhere" }), plain));
});

Deno.test("successorIn() knows what is left of a store whose name is used up", () => {
  assert.deepEqual(successorIn(store("memory", retired().config)), {});
  assert.deepEqual(successorIn(store("memory", retired("next").config)), { next: "next" });
  assert.equal(successorIn(store("memory", {})), undefined);
  assert.equal(successorIn(store("badger", { path: "/x" })), undefined);
});

Deno.test("furtherStoreName() is one that no other resource ever has", () => {
  assert.equal(furtherStoreName(testShare()), "share-projects-0f0e0d0c");
});
