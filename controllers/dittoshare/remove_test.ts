// The end of a share: what is waited for, in which order, and when the resource may go.

import assert from "node:assert/strict";
import type { Connection } from "../connections/connections.ts";
import { NotServingError } from "../connections/errors.ts";
import { type Found, inOrder, look, volumePath } from "./_look.ts";
import { LOCAL, METADATA, shareRow, storeRow } from "./_rows.ts";
import { removeShare } from "./remove.ts";
import { claimOf, keptOf, labelsOf, persistentVolumeOf } from "./volume.ts";

const FINALIZER = "dittofs.dittofs.com/share";
const THERE = {
  "GET /shares/projects": shareRow(),
  "GET /shares/projects/quotas": [],
  "POST /shares/projects/disable": shareRow({ enabled: false }),
  "GET /store/metadata/share-projects": METADATA,
  "GET /store/block/local/share-projects": LOCAL,
};
const CLAIM = "/api/v1/namespaces/files/persistentvolumeclaims/projects";
const JOB = /^demo-reclaim-/;

/** A share that is being deleted. */
function going({ routes, ...found }: Found = {}, finalizers = [FINALIZER, "another"]) {
  const metadata = { finalizers, deletionTimestamp: "2030-01-01T00:00:00Z" };
  return look({ status: inOrder(), ...found, metadata, routes: { ...THERE, ...routes } });
}

type Ground = ReturnType<typeof going>;

/** One step of the end, of the resource as it is now. */
async function step(ground: Ground, open?: () => Promise<Connection>) {
  const context = open ? { ...ground.context, connections: { open } } : ground.context;
  const outcome = await removeShare(Object.assign(ground.pass, { context }));
  const live = ground.live();
  const ready = live?.status?.conditions?.find(({ type }) => type === "Ready");
  return {
    outcome,
    held: live?.metadata.finalizers?.includes(FINALIZER) ?? false,
    said: ready?.reason === "Deleting" ? ready.message : undefined,
    writes: ground.http.writes,
  };
}

Deno.test("removeShare() undoes the share and lets go of the resource, and of nobody else's hold on it", async () => {
  const ground = going();
  const { outcome, held, writes } = await step(ground);
  assert.deepEqual([outcome, held], [{ result: "done" }, false]);
  assert.ok(writes.includes("DELETE /shares/projects"));
  assert.deepEqual(ground.live().metadata.finalizers, ["another"]);
});

Deno.test("removeShare() with management Report leaves the share and its files on the server", async () => {
  const spec = { management: "Report", reclaimPolicy: "Delete" } as const;
  const { outcome, held, writes } = await step(going({ spec }));
  assert.deepEqual([outcome, held, writes], [{ result: "done" }, false, []]);
});

Deno.test("removeShare() has nothing to do for a share that was never on a server", async () => {
  const { outcome, writes } = await step(going({}, ["another"]));
  assert.deepEqual([outcome, writes], [{ result: "done" }, []]);
});

Deno.test("removeShare() waits for a server that does not run, and says so", async () => {
  const stopped = new NotServingError("Stopped", 'DittoServer "files/demo" is stopped');
  const { held, said, outcome } = await step(going(), () => Promise.reject(stopped));
  assert.deepEqual([held, said], [true, 'DittoServer "files/demo" is stopped']);
  // The next look is for saying that it takes long; the server's return brings one of its own.
  assert.equal(outcome.result, "wait");
});

Deno.test("removeShare() waits for no server that is gone, and asks nobody", async () => {
  const ground = going({ spec: { serverRef: { name: "gone" } } });
  const { held, writes } = await step(ground, () => Promise.reject(new Error("asked")));
  assert.deepEqual([held, writes], [false, []]);
});

Deno.test("removeShare() touches nothing of a share that another resource has", async () => {
  const ground = going({ status: {} });
  const { resource } = ground.pass;
  const { stores } = inOrder();
  const metadata = { ...resource.metadata, name: "first", uid: "first" };
  ground.kinds.shares.cache.observe({
    ...{ ...resource, metadata, status: stores ? { stores } : {} },
    spec: { ...resource.spec, shareName: "projects" },
  });
  const { held, writes } = await step(ground);
  assert.deepEqual([held, writes], [false, []]);
});

Deno.test("removeShare() keeps the share while pods use its claim, and takes the volume away first", async () => {
  const ground = going({ spec: { persistentVolume: {} } });
  const { pass: { share }, put, kinds, memory } = ground;
  const kept = keptOf(share, undefined);
  const claim = claimOf(share, kept);
  const hold = { finalizers: ["kubernetes.io/pvc-protection"] };
  put(kinds.claims.cache, CLAIM, { ...claim, metadata: { ...claim.metadata, ...hold } });
  const volume = persistentVolumeOf(share, { host: "10.0.0.1", port: 2049 }, kept);
  const name = volume.metadata?.name ?? "";
  const labels = labelsOf(share);
  put(kinds.volumes.cache, volumePath(name), { ...volume, metadata: { name, labels } });
  const { held, said, writes } = await step(ground);
  assert.deepEqual([held, writes], [true, []]);
  assert.equal(said, 'pods still use PersistentVolumeClaim "projects"');
  assert.equal(memory.read(volumePath(name)), undefined);
});

Deno.test("removeShare() with reclaimPolicy Delete waits for the Job that removes the files", async () => {
  const routes = { "PUT /store/metadata/share-projects": METADATA };
  const ground = going({ spec: { reclaimPolicy: "Delete" }, routes });
  const first = await step(ground);
  assert.equal(first.held, true);
  assert.match(first.said ?? "", /^Job "demo-reclaim-.*" in namespace "files".* runs$/);
  assert.equal(first.outcome.result, "wait");
  // No start of the server opens the files from now on.
  const retired = first.writes.filter((call) => call.startsWith("PUT /store/metadata/"));
  assert.match(retired.join(), /"type":"memory"/);
  const { client } = ground;
  const posts = client.writes.filter(({ path }) => path.endsWith("/jobs"));
  assert.equal(posts.length, 1);
});

/** The Job of the share with a condition, and what comes of it. */
async function withJob(type: "Complete" | "Failed", owner = "uid-of-demo") {
  const ground = going({
    spec: { reclaimPolicy: "Delete" },
    routes: {
      "GET /shares/projects": undefined,
      "GET /store/metadata/share-projects": storeRow("used", "share-projects", "memory", {
        retired: true,
      }),
    },
  });
  const name = `demo-reclaim-${ground.pass.share.uid.slice(0, 8)}`;
  assert.match(name, JOB);
  const owned = { apiVersion: "v1", kind: "DittoServer", name: "demo", controller: true };
  ground.memory.put(`/apis/batch/v1/namespaces/files/jobs/${name}`, {
    metadata: { name, namespace: "files", ownerReferences: [{ ...owned, uid: owner }] },
    status: { conditions: [{ type, status: "True", message: "no space left" }] },
  });
  return { ...await step(ground), problems: ground.problems() };
}

Deno.test("removeShare() is done when the Job is, and does not use a name up twice", async () => {
  const { held, writes } = await withJob("Complete");
  assert.equal(held, false);
  assert.equal(writes.some((call) => call.startsWith("PUT")), false);
});

Deno.test("removeShare() says what to do when the Job has failed", async () => {
  const { held, said } = await withJob("Failed");
  assert.equal(held, true);
  assert.match(said ?? "", /has failed: no space left; delete it to try again$/);
});

Deno.test("removeShare() believes no Job of its name that is somebody else's", async () => {
  await assert.rejects(withJob("Complete", "somebody"), /Job "demo-reclaim-.*" exists and is not/);
});
