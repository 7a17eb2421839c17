// Who lets clients in, and who keeps them out: a restart that is waited for, contents that are lost,
// or somebody's hand.

import assert from "node:assert/strict";
import { BUCKET } from "./_fixture.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { METADATA, shareRow, storeRow } from "./_rows.ts";
import { placementOf } from "./placement.ts";
import { serve } from "./served_step.ts";

const [ENABLE, DISABLE] = ["POST /shares/projects/enable", "POST /shares/projects/disable"];
const WARM = "/shares/projects/blockstore/warm";
const job = (state: string, more: object = {}) => ({
  ...{ id: "warm-1", share: "/projects", state, blocks_done: 5, blocks_total: 10, ...more },
});
const ROUTES = {
  "GET /store/metadata/share-projects": METADATA,
  "GET /store/block/local/share-projects": storeRow("id-local", "share-projects", "fs"),
  "GET /store/block/remote/r": storeRow("id-remote", "r", "s3"),
  "GET /shares/projects": shareRow(),
  [ENABLE]: shareRow(),
  [DISABLE]: shareRow({ enabled: false }),
  [`POST ${WARM}`]: { job_id: "warm-1" },
};

interface Given extends Found {
  readonly enabled?: boolean;
  readonly bucket?: boolean;
  /** UID of the claim of the volume with contents. */
  readonly claim?: string;
}

async function served({ enabled = true, bucket = false, claim, ...found }: Given) {
  const spec = { ...found.spec, ...(bucket && { storage: BUCKET }) };
  const row = shareRow({ enabled });
  const routes = { ...ROUTES, ...found.routes, "GET /shares/projects": row };
  const ground = look({ ...found, spec, routes });
  const { reached: { share, server, client }, reached, servers } = ground;
  const placement = placementOf(share, server, {}, undefined);
  if (claim !== undefined) {
    const metadata = { name: placement.claim, namespace: "files", uid: claim };
    const version = { resourceVersion: "5" };
    servers.claims.cache.observe({ metadata: { ...metadata, ...version } });
  }
  const [metadata, local, remote, live] = await Promise.all([
    client.metadataStores.get("share-projects"),
    client.localStores.get("share-projects"),
    client.remoteStores.get("r"),
    client.shares.get("projects"),
  ]);
  assert.ok(metadata && local && remote && live);
  const stores = { placement, metadata, local, ...(bucket && { remote }) };
  ground.http.asked.length = 0;
  const now = await serve(reached, stores, live);
  return { ...ground, now, writes: ground.http.writes };
}

const restart = { serverStartedAt: "2030-01-01T00:00:00Z", fields: ["nfs.requireKerberos"] };

Deno.test("serve() leaves an open share open, and sends nothing", async () => {
  const { now, writes } = await served({ status: inOrder() });
  assert.deepEqual([now.enabled, writes], [true, []]);
});

Deno.test("serve() opens what somebody closed by hand, and with management Report says so", async () => {
  const closed = await served({ status: inOrder(), enabled: false });
  assert.deepEqual([closed.writes, closed.now.enabled], [[ENABLE], true]);
  const spec = { management: "Report" } as const;
  const left = await served({ spec, status: inOrder(), enabled: false });
  assert.deepEqual(left.writes, []);
  assert.match(left.problems().join(), /Serving=Differs: .*whether the share is switched on/);
});

Deno.test("serve() keeps a new share closed until what protects it is in force", async () => {
  const status = inOrder({ restart: { ...restart, closed: true } });
  const { writes, problems } = await served({ status });
  assert.deepEqual(writes, [DISABLE]);
  assert.deepEqual(problems(), [
    "Serving=RestartNeeded: from the next restart of the server on: nfs.requireKerberos; until then the share is switched off",
  ]);
  assert.deepEqual((await served({ status, enabled: false })).writes, []);
});

Deno.test("serve() lets clients of a share that is at work stay, and says what is not in force", async () => {
  const { writes, problems } = await served({ status: inOrder({ restart }) });
  assert.deepEqual(writes, []);
  assert.match(problems().join(), /on: nfs\.requireKerberos$/);
});

Deno.test("serve() opens what it had closed itself, also with management Report", async () => {
  const ground = await served({
    ...{ spec: { management: "Report" }, enabled: false },
    status: inOrder({ restart: { ...restart, closed: true } }),
  });
  assert.deepEqual(ground.writes, []);
  const { reached, pass } = ground;
  const { restart: _, ...settled } = pass.noted;
  pass.noted = settled;
  const { share, server } = reached;
  const placement = placementOf(share, server, {}, undefined);
  const row = await reached.client.shares.get("projects");
  const store = await reached.client.metadataStores.get("share-projects");
  assert.ok(row && store);
  const now = await serve(reached, { placement, metadata: store, local: store }, row);
  assert.equal(now.enabled, true);
});

const lost = (bucket: boolean, found: Found & { enabled?: boolean } = {}) => {
  const stores = {
    metadata: "share-projects",
    local: "share-projects",
    volume: "metadata",
  } as const;
  const status = inOrder({ stores: { ...stores, claimUID: "former" } });
  return served({ status, bucket, claim: "present", ...found });
};

Deno.test("serve() keeps everybody out while the contents that were lost are fetched", async () => {
  const { writes, problems, pass, now } = await lost(true, {
    routes: { [`GET ${WARM}/warm-1`]: job("running") },
  });
  assert.deepEqual(writes, [DISABLE, `POST ${WARM} {}`]);
  assert.equal(now.enabled, false);
  assert.match(problems().join(), /StoresReady=Warming: about 50 % of the contents are there/);
  assert.equal(pass.waits.length, 1);
});

Deno.test("serve() lets clients in when the contents are there again", async () => {
  const { writes, problems, context } = await lost(true, {
    routes: { [`GET ${WARM}/warm-1`]: job("done") },
  });
  assert.deepEqual(writes, [DISABLE, `POST ${WARM} {}`, ENABLE]);
  assert.deepEqual([problems(), context.warmJobs.size], [[], 0]);
});

Deno.test("serve() stays closed when contents cannot be fetched, and tries again after a while", async () => {
  const { problems, pass, context } = await lost(true, {
    routes: { [`GET ${WARM}/warm-1`]: job("failed", { error: "no such bucket" }) },
  });
  assert.match(problems().join(), /StoresReady=Warming: .* cannot be fetched: no such bucket/);
  assert.equal(context.warmJobs.size, 0);
  assert.ok((pass.waits[0]?.afterMs ?? 0) > 10_000);
});

Deno.test("serve() does not take the job of another share for its own", async () => {
  const { writes, problems } = await lost(true, {
    routes: { [`GET ${WARM}/warm-1`]: job("done", { share: "/other" }) },
  });
  assert.equal(writes.includes(ENABLE), false);
  assert.match(problems().join(), /Warming/);
});

Deno.test("serve() says once that contents are lost which no bucket has", async () => {
  const { writes, events } = await lost(false);
  assert.deepEqual(writes, []);
  assert.deepEqual(events.map(({ type, reason }) => [type, reason]), [["Warning", "ContentsLost"]]);
  assert.match(events[0]?.note ?? "", /share "projects" has no bucket/);
});
