// A whole look at a share on a server that is a table: the order of what is sent, and what is noted.

import assert from "node:assert/strict";
import { problem } from "../../dittofs/testing/scripted_http.ts";
import { BUCKET } from "./_fixture.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { makeShare } from "./make.ts";
import { exportRow, LOCAL, METADATA, netgroupRow, quotaRow, shareRow, storeRow } from "./_rows.ts";

const EXPORT = "/shares/projects/adapters/nfs/config";
const REMOTE = "/store/block/remote";
/** A server on which nothing is yet, and whose answers are what it is then. */
const EMPTY = {
  "POST /store/metadata": METADATA,
  "POST /store/block/local": LOCAL,
  "POST /shares": shareRow(),
  [`GET ${EXPORT}`]: exportRow(),
  [`PATCH ${EXPORT}`]: exportRow(),
  "GET /shares/projects/permissions": [],
  "GET /shares/projects/quotas": [],
  "PUT /shares/projects/quotas/user/7": quotaRow(7),
  "POST /adapters/nfs/netgroups": netgroupRow(),
  "POST /adapters/nfs/netgroups/share-projects/members": { id: "m", type: "ip", value: "x" },
};
const THERE = {
  ...EMPTY,
  "GET /store/metadata/share-projects": METADATA,
  "GET /store/block/local/share-projects": LOCAL,
  "GET /shares/projects": shareRow(),
};

async function made(found: Found) {
  const ground = look(found);
  const { pass, connection, put, servers, http } = ground;
  put(servers.statefulSets.cache, "/apis/apps/v1/namespaces/files/statefulsets/demo", {
    metadata: { name: "demo", namespace: "files" },
    spec: { volumeClaimTemplates: [{ metadata: { name: "metadata" } }] },
  });
  await makeShare(pass, connection);
  return { ...ground, writes: http.writes.map((call) => call.split(" {")[0]) };
}

Deno.test("makeShare() has a new share closed to others before anybody is let in", async () => {
  const { writes, problems, pass } = await made({
    spec: {
      nfs: { allowedClients: ["10.0.0.1"] },
      grants: [{ user: "alice", permission: "read" }],
      quotas: [{ uid: 7, files: 1 }],
    },
    routes: EMPTY,
  });
  assert.deepEqual(problems(), []);
  const place = (call: string) => writes.indexOf(call);
  assert.deepEqual(writes.slice(0, 2).toSorted(), [
    ...["POST /store/block/local", "POST /store/metadata"],
  ]);
  const order = ["POST /shares", "POST /adapters/nfs/netgroups", `PATCH ${EXPORT}`];
  const then = [
    "PUT /shares/projects/permissions/users/alice",
    "PUT /shares/projects/quotas/user/7",
  ];
  const places = order.map(place);
  assert.equal(Math.min(...places) >= 2, true);
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  for (const call of then) assert.ok(place(call) > place(`PATCH ${EXPORT}`), call);
  assert.deepEqual(pass.noted.stores, {
    ...{ metadata: "share-projects", local: "share-projects", volume: "metadata" },
    localSize: "716Mi",
  });
});

Deno.test("makeShare() sends nothing to a share that is as it should be", async () => {
  const { writes, problems } = await made({ status: inOrder(), routes: THERE });
  assert.deepEqual([writes, problems()], [[], []]);
});

Deno.test("makeShare() tells how full the share is, in steps of a mebibyte", async () => {
  const row = shareRow({ quota_bytes: "10.00MiB", used_bytes: 5 * 2 ** 20 + 17 });
  const { pass } = await made({
    ...{ spec: { quota: "10Mi" }, status: inOrder() },
    routes: { ...THERE, "GET /shares/projects": row },
  });
  const quotaBytes = 10 * 2 ** 20;
  assert.deepEqual(pass.noted.usage, { usedBytes: 5 * 2 ** 20, quotaBytes, percent: 50 });
  const without = await made({ status: inOrder(), routes: THERE });
  assert.deepEqual(without.pass.noted.usage, { usedBytes: 0 });
});

Deno.test("makeShare() has a part that fails keep no other from being made", async () => {
  const { writes, problems } = await made({
    spec: { grants: [{ user: "alice", permission: "read" }], quotas: [{ uid: 7, files: 1 }] },
    routes: { ...EMPTY, "GET /shares/projects/permissions": problem(500, "no") },
  });
  assert.ok(writes.includes("PUT /shares/projects/quotas/user/7"));
  assert.deepEqual(problems(), [
    "GrantsReady=Failed: its grants: GET /shares/projects/permissions: 500 no",
  ]);
});

Deno.test("makeShare() goes no further without its stores", async () => {
  const { writes, problems, pass } = await made({
    routes: { ...EMPTY, "POST /store/metadata": problem(400, "cannot open") },
  });
  assert.equal(writes.includes("POST /shares"), false);
  assert.match(problems().join(), /StoresReady=Refused: its store of metadata: .*cannot open/);
  assert.equal(pass.noted.stores, undefined);
});

const NAME = "share-projects-0123456789ab";
const FORMER = "share-projects-aaaaaaaaaaaa";

/** A share that has just been bound to the bucket that it is seen with now. */
async function rebound(noted: string) {
  const stores = {
    metadata: "share-projects",
    local: "share-projects",
    volume: "metadata",
  } as const;
  return await made({
    spec: { storage: BUCKET },
    status: inOrder({ stores: { ...stores, remote: noted } }),
    routes: {
      ...THERE,
      "GET /store/metadata/share-projects": storeRow("id-metadata", "share-projects", "badger", {
        ...{ path: "/data/store/metadata/shares/share-projects" },
        contents: "s3://blocks/files/projects/",
      }),
      [`GET ${REMOTE}/${noted}`]: storeRow("id-remote", NAME, "s3", { bucket: "blocks" }),
      [`GET ${REMOTE}`]: [
        ...[storeRow("id-remote", NAME, "s3"), storeRow("old", FORMER, "s3")],
        ...[storeRow("x", "share-other-aaaaaaaaaaaa", "s3"), storeRow("y", "theirs", "s3")],
      ],
      "GET /shares/projects": shareRow({ remote_block_store_id: "id-remote" }),
    },
  });
}

Deno.test("makeShare() removes the rows of buckets that the share had, once it has left them", async () => {
  const { writes, pass } = await rebound(FORMER);
  assert.deepEqual(writes.filter((call) => call?.startsWith("DELETE")), [
    `DELETE ${REMOTE}/${FORMER}`,
  ]);
  assert.equal(pass.noted.stores?.remote, NAME);
  assert.deepEqual((await rebound(NAME)).writes.filter((call) => call?.startsWith("DELETE")), []);
});
