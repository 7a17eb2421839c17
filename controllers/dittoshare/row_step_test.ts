// The row of a share: when it is made, changed or left, and what is said of it.

import assert from "node:assert/strict";
import type { Store } from "../../dittofs/stores.ts";
import { BUCKET } from "./_fixture.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { health, shareRow, userRow } from "./_rows.ts";
import { placementOf } from "./placement.ts";
import { makeRow, tellRow } from "./row_step.ts";

const store = (id: string, status: Store["status"]["status"] = "healthy"): Store => ({
  ...{ id, name: `share-projects${id === "id-remote" ? "-0123456789ab" : ""}`, type: "" },
  ...{ config: {}, status: { status, message: "", latencyMs: 0 } },
});

const HEALTH = { "GET /health": health("2030-01-01T00:00:00Z") };

/** One look at the row; `bucket` is how the bucket is, for a share that has one. */
async function rowed(found: Found, bucket?: Store["status"]["status"]) {
  const spec = { ...found.spec, ...(bucket && { storage: BUCKET }) };
  const ground = look({ ...found, spec, routes: { ...HEALTH, ...found.routes } });
  const { reached: { share, server }, reached } = ground;
  const made = await makeRow(reached, {
    placement: placementOf(share, server, {}, undefined),
    ...{ metadata: store("id-metadata"), local: store("id-local") },
    ...(bucket && { remote: store("id-remote", bucket) }),
  });
  return { ...ground, made, writes: ground.http.writes };
}

const GET = "GET /shares/projects";
const POST = "POST /shares";
const PUT = "PUT /shares/projects";

Deno.test("makeRow() makes the share with all that its spec says, in one call", async () => {
  const { made, writes } = await rowed({
    spec: { quota: "1Gi", readOnly: true },
    routes: { [POST]: shareRow() },
  });
  assert.equal(made?.isNew, true);
  assert.equal(writes.length, 1);
  const body = JSON.parse(writes[0]?.slice(POST.length) ?? "");
  const { name, quota_bytes, read_only, metadata_store_id, local_block_store } = body;
  assert.deepEqual([name, quota_bytes, read_only], ["projects", String(2 ** 30), true]);
  assert.deepEqual([metadata_store_id, local_block_store], ["share-projects", "share-projects"]);
  assert.equal("owner" in body || "remote_block_store" in body, false);
});

Deno.test("makeRow() sends nothing where all is as it should be", async () => {
  assert.deepEqual((await rowed({ status: inOrder(), routes: { [GET]: shareRow() } })).writes, []);
});

Deno.test("makeRow() changes only what differs, and says what waits for a restart before that", async () => {
  const { writes, live, drifts } = await rowed({
    spec: { readOnly: true, smb: { streams: false } },
    status: inOrder({ observedGeneration: 0 }),
    routes: { [GET]: shareRow(), [PUT]: shareRow() },
  });
  assert.deepEqual(writes, [`${PUT} {"read_only":true,"streams_disabled":true}`]);
  assert.deepEqual(live().status?.restart, {
    ...{ serverStartedAt: "2030-01-01T00:00:00Z", fields: ["smb.streams"] },
  });
  assert.equal(drifts.length, 0);
});

Deno.test("makeRow() touches no share that is on another store of metadata", async () => {
  const row = shareRow({ metadata_store_id: "of-somebody", read_only: true });
  const { made, writes, problems } = await rowed({ routes: { [GET]: row } });
  assert.deepEqual([made, writes], [undefined, []]);
  assert.deepEqual(problems(), [
    'Serving=NotOurs: share "projects" is on the server and was not made for this resource; remove it there, or choose another spec.shareName',
  ]);
});

Deno.test("makeRow() waits for an owner with a uid, for whom the share is made", async () => {
  const spec = { owner: "alice" };
  const missing = await rowed({ spec, routes: { "GET /users/alice": userRow("alice") } });
  assert.deepEqual(missing.writes, []);
  assert.match(missing.problems().join(), /Serving=OwnerNotFound: user "alice", who is to own/);
  const routes = { "GET /users/alice": userRow("alice", 1001), [POST]: shareRow() };
  assert.match((await rowed({ spec, routes })).writes.join(), /"owner":"alice"/);
});

Deno.test("makeRow() makes and binds nothing to a bucket that does not answer", async () => {
  const { made, writes, pass } = await rowed({}, "unhealthy");
  assert.deepEqual([made, writes], [undefined, []]);
  assert.equal(pass.inOrder.Serving?.reason, "Waiting");
  const row = shareRow({ remote_block_store_id: "id-former", local_store_size: "716.00MiB" });
  const bound = await rowed({ routes: { [GET]: row, [PUT]: row } }, "unhealthy");
  assert.doesNotMatch(bound.writes.join(), /remote_block_store_id/);
});

Deno.test("makeRow() does not look at a share in order whose bucket does not answer", async () => {
  const { http, pass } = await rowed(
    { status: inOrder(), routes: { [GET]: shareRow() } },
    "unknown",
  );
  assert.deepEqual(http.asked, []);
  assert.equal(pass.inOrder.Serving?.reason, "Healthy");
});

Deno.test("makeRow() binds the share to its bucket of now, and notes where that takes a restart", async () => {
  const row = shareRow({ remote_block_store_id: "id-former" });
  const taken = await rowed({ routes: { [GET]: row, [PUT]: row } }, "healthy");
  assert.match(taken.writes.join(), /"remote_block_store_id":"share-projects-0123456789ab"/);
  assert.equal(taken.pass.noted.restart, undefined);
  const warned = { ...row, warnings: ["restart the server"] };
  const later = await rowed({ routes: { [GET]: row, [PUT]: warned } }, "healthy");
  assert.deepEqual(later.pass.noted.restart?.fields, ["storage.remote"]);
});

/** What the server says of a share, what is made of it, and after how many seconds to look again. */
const said: [string, boolean, string, number[]][] = [
  ["healthy", true, "", []],
  ["degraded", true, "", []],
  ["unknown", true, 'Serving=Loading: the server has not loaded share "projects": it says so', [1]],
  ["unhealthy", true, 'Serving=Unhealthy: share "projects": it says so', [1]],
  ["disabled", false, 'Serving=Disabled: share "projects" is switched off', [1]],
];
for (const [status, enabled, expected, waits] of said) {
  Deno.test(`tellRow() says "${expected}" of a share that is ${status}`, async () => {
    const row = shareRow({ status: { status, message: "it says so" }, enabled });
    const { reached, made, problems, pass } = await rowed({
      status: inOrder(),
      routes: { [GET]: row },
    });
    assert.ok(made);
    tellRow(reached, made.row);
    assert.equal(problems().join(), expected);
    assert.deepEqual(pass.waits.map(({ afterMs }) => afterMs / 1_000), waits);
  });
}

Deno.test("tellRow() looks again only for what the server may say by itself", async () => {
  const { reached, made, pass } = await rowed({ status: inOrder(), routes: { [GET]: shareRow() } });
  assert.ok(made);
  const message = "from the next restart of the server on";
  pass.problems.push({ aspect: "Serving", reason: "RestartNeeded", message, stalled: true });
  tellRow(reached, made.row);
  assert.deepEqual(pass.waits, []);
});
