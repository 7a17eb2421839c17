// What is taken off a server, and what is left because it is somebody else's.

import assert from "node:assert/strict";
import { json, problem, text } from "../../dittofs/testing/scripted_http.ts";
import { BUCKET } from "./_fixture.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { LOCAL, METADATA, quotaRow, shareRow, storeRow } from "./_rows.ts";
import { unmakeShare } from "./unmake.ts";

/** A server that has the share. */
const THERE = {
  "GET /shares/projects": shareRow(),
  "GET /shares/projects/quotas": [],
  "POST /shares/projects/disable": shareRow({ enabled: false }),
  "GET /store/metadata/share-projects": METADATA,
  "GET /store/block/local/share-projects": LOCAL,
};

/** Takes a share off; returns all that changed something, and what was told. */
async function unmade(found: Found) {
  const ground = look({ ...found, routes: { ...THERE, ...found.routes } });
  await unmakeShare(ground.pass, ground.connection);
  return { ...ground, writes: ground.http.writes };
}

Deno.test("unmakeShare() closes the share before anything, and leaves its metadata for the next", async () => {
  const routes = {
    "GET /shares/projects/quotas": [quotaRow(1001), { ...quotaRow(5), scope: "group" }],
  };
  const { writes } = await unmade({ status: inOrder(), routes });
  assert.deepEqual(writes, [
    "POST /shares/projects/disable",
    "DELETE /shares/projects/quotas/user/1001",
    "DELETE /shares/projects/quotas/group/5",
    "DELETE /shares/projects",
    "DELETE /adapters/nfs/netgroups/share-projects",
    "DELETE /store/block/local/share-projects",
  ]);
});

Deno.test("unmakeShare() goes on where it died: what is gone already stays gone", async () => {
  const { writes } = await unmade({
    status: inOrder(),
    routes: { "GET /shares/projects": problem(404, "not found") },
  });
  assert.deepEqual(writes, [
    "DELETE /adapters/nfs/netgroups/share-projects",
    "DELETE /store/block/local/share-projects",
  ]);
});

Deno.test("unmakeShare() undoes also what was made and not noted any more", async () => {
  const { writes } = await unmade({});
  assert.ok(writes.includes("DELETE /shares/projects"));
});

Deno.test("unmakeShare() leaves a share of somebody else's, and all that it may need", async () => {
  const routes = { "GET /shares/projects": shareRow({ metadata_store_id: "of-somebody" }) };
  assert.deepEqual((await unmade({ status: inOrder(), routes })).writes, []);
});

Deno.test("unmakeShare() leaves a share on a store of somebody else's that only has our name", async () => {
  const routes = {
    "GET /store/metadata/share-projects": storeRow("id-metadata", "share-projects", "sqlite", {
      path: "/data/store/metadata/theirs.db",
    }),
  };
  assert.deepEqual((await unmade({ routes })).writes, []);
});

Deno.test("unmakeShare() leaves a store of contents that only has our name", async () => {
  const theirs = storeRow("id-local", "share-projects", "fs", { path: "/data/theirs" });
  const { writes } = await unmade({
    routes: {
      "GET /shares/projects": problem(404, "not found"),
      "GET /store/block/local/share-projects": theirs,
    },
  });
  assert.deepEqual(writes, ["DELETE /adapters/nfs/netgroups/share-projects"]);
});

Deno.test("unmakeShare() takes the store of contents away that is noted, whatever it has become", async () => {
  const changed = storeRow("id-local", "share-projects", "fs", { path: "/data/moved" });
  const routes = { "GET /store/block/local/share-projects": changed };
  const { writes } = await unmade({ status: inOrder(), routes });
  assert.ok(writes.includes("DELETE /store/block/local/share-projects"));
});

const REMOTE = "share-projects-0123456789ab";
const WITH_BUCKET: Found = {
  spec: { storage: BUCKET },
  status: inOrder(),
  routes: {
    "GET /shares/projects": shareRow({ remote_block_store_id: "id-remote" }),
    "GET /store/metadata/share-projects": {
      ...METADATA,
      config: {
        path: "/data/store/metadata/shares/share-projects",
        contents: "s3://blocks/files/projects/",
      },
    },
    "GET /store/block/remote": [
      storeRow("id-remote", REMOTE, "s3"),
      storeRow("other", "share-projects-2-0123456789ab", "s3"),
      storeRow("theirs", "their-bucket", "s3"),
    ],
  },
};
const stats = (unsynced_bytes: number, pending_uploads = 0) => ({
  totals: {
    ...{ has_remote: true, local_disk_max: 1, local_disk_used: 1, remote_healthy: true },
    ...{ unsynced_bytes, pending_uploads },
  },
});
const STATS = "GET /shares/projects/blockstore/stats";

Deno.test("unmakeShare() removes the rows of its own buckets, and no others", async () => {
  const { writes } = await unmade(WITH_BUCKET);
  assert.deepEqual(
    writes.filter((call) => call.includes("/remote/")),
    [`DELETE /store/block/remote/${REMOTE}`],
  );
});

Deno.test("unmakeShare() has what was written uploaded before the share goes", async () => {
  const routes = { ...WITH_BUCKET.routes, [STATS]: stats(5) };
  const { writes, events } = await unmade({ ...WITH_BUCKET, routes });
  const order = ["/disable", "/system/drain-uploads", "DELETE /shares/projects"];
  const places = order.map((part) => writes.findIndex((call) => call.includes(part)));
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.equal(places.includes(-1), false);
  assert.deepEqual(events, []);
});

Deno.test("unmakeShare() waits for no uploads where there are none, or files are to go", async () => {
  const none = { ...WITH_BUCKET.routes, [STATS]: stats(0) };
  const { writes } = await unmade({ ...WITH_BUCKET, routes: none });
  const { routes } = WITH_BUCKET;
  const spec = { storage: BUCKET, reclaimPolicy: "Delete" } as const;
  const status = {};
  const removing = await unmade({ spec, status, routes: { ...routes, [STATS]: stats(5) } });
  for (const call of [...writes, ...removing.writes]) assert.equal(call.includes("drain"), false);
});

Deno.test("unmakeShare() says what is not in the bucket when the uploads stand still, and goes on", async () => {
  const { writes, events } = await unmade({
    ...WITH_BUCKET,
    routes: {
      ...WITH_BUCKET.routes,
      [STATS]: stats(4096, 1),
      "POST /system/drain-uploads": text(504, "stalled"),
    },
  });
  assert.ok(writes.includes("DELETE /shares/projects"));
  assert.deepEqual(events.map(({ type, reason }) => [type, reason]), [["Warning", "NotUploaded"]]);
  assert.match(events[0]?.note ?? "", /^4096 bytes of share "projects" are not in the bucket/);
});

Deno.test("unmakeShare() says nothing when the uploads were done all the same", async () => {
  const both = [stats(4096), stats(0)];
  const { events } = await unmade({
    ...WITH_BUCKET,
    routes: {
      ...WITH_BUCKET.routes,
      [STATS]: (request: Parameters<ReturnType<typeof json>>[0]) => json(both.shift())(request),
      "POST /system/drain-uploads": text(504, "stalled"),
    },
  });
  assert.deepEqual(events, []);
});
