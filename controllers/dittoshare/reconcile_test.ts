// What comes of one look at a share whose server cannot be asked, or that is not its own.

import assert from "node:assert/strict";
import { testResource } from "../dittoserver/_fixture.ts";
import { NotServingError } from "../connections/errors.ts";
import { type Found, look, volumePath } from "./_look.ts";
import { reconcileShare } from "./reconcile.ts";

const STOPPED = new NotServingError("Stopped", 'DittoServer "files/demo" is stopped');

/** One look; the conditions that are not as they would be if all were well, as `Type=Reason`. */
async function looked(
  found: Found,
  error?: Error,
  change?: (ground: ReturnType<typeof look>) => void,
) {
  const ground = look(found);
  change?.(ground);
  const { servers, put } = ground;
  put(servers.services.cache, "/api/v1/namespaces/files/services/demo-adapter-nfs", {
    metadata: { name: "demo-adapter-nfs", namespace: "files" },
    spec: { clusterIP: "10.96.0.7", ports: [{ name: "adapter-nfs", port: 2049 }] },
  });
  const context = error
    ? { ...ground.context, connections: { open: () => Promise.reject(error) } }
    : ground.context;
  const outcome = await reconcileShare(context, "files/projects");
  const { status, metadata } = ground.live();
  const said = status?.conditions
    ?.filter(({ type, status }) => type === "Ready" || status === "False")
    .map(({ type, reason }) => `${type}=${reason}`) ?? [];
  return { ...ground, outcome, status: status ?? {}, said, finalizers: metadata.finalizers ?? [] };
}

const VOLUME = volumePath("dittoshare.files.projects");

Deno.test("reconcileShare() makes no volume for a share that nothing would remind to remove it", async () => {
  const never = await looked({ spec: { persistentVolume: {} } }, STOPPED);
  assert.deepEqual(never.finalizers, []);
  assert.equal(never.memory.read(VOLUME), undefined);
  assert.ok(never.said.includes("VolumeReady=Waiting"));
});

Deno.test("reconcileShare() makes the volume also while the server does not run, for who was on it", async () => {
  const metadata = { finalizers: ["dittofs.dittofs.com/share"] };
  const { memory, said } = await looked({ spec: { persistentVolume: {} }, metadata }, STOPPED);
  assert.ok(memory.read(VOLUME));
  assert.ok(said.includes("Ready=ServerStopped"));
});

Deno.test("reconcileShare() writes nothing the second time", async () => {
  const { client, context, outcome } = await looked({}, STOPPED);
  const before = client.writes.length;
  assert.deepEqual(outcome, { result: "stalled", reason: "ServerStopped" });
  const open = () => Promise.reject(STOPPED);
  await reconcileShare({ ...context, connections: { open } }, "files/projects");
  assert.equal(client.writes.length, before);
});

Deno.test("reconcileShare() says nothing of a server that does not let the namespace in", async () => {
  const spec = { serverRef: { name: "demo", namespace: "elsewhere" } };
  const { said, status, http } = await looked({ spec }, undefined, ({ servers }) => {
    const { metadata, ...rest } = testResource();
    servers.servers.cache.observe({
      ...{ ...rest, metadata: { ...metadata, namespace: "elsewhere" } },
      status: { nfsEndpoint: "203.0.113.7:2049", smbEndpoint: "203.0.113.7:445" },
    });
  });
  assert.ok(said.includes("Ready=NamespaceNotAllowed"));
  assert.deepEqual([status.nfsEndpoint, status.smbEndpoint, status.mountCommand], [
    ...[undefined, undefined, undefined],
  ]);
  assert.deepEqual(http.asked, []);
});

Deno.test("reconcileShare() leaves a share to who has it, and says how to get another", async () => {
  const { said, status, http } = await looked(
    { spec: { shareName: "data" } },
    undefined,
    (ground) => {
      const { resource } = ground.pass;
      ground.kinds.shares.cache.observe({
        ...resource,
        metadata: { ...resource.metadata, name: "first", uid: "another" },
        status: { stores: { metadata: "share-data", local: "share-data", volume: "content" } },
      });
    },
  );
  assert.deepEqual(said.slice(0, 2), ["Ready=NameTaken", "StoresReady=Waiting"]);
  assert.match(
    status.conditions?.[0]?.message ?? "",
    /^DittoShare "files\/first" has share "data" of the same server; choose another spec\.shareName$/,
  );
  assert.deepEqual(http.asked, []);
});

Deno.test("reconcileShare() tells what is wrong with a spec, and leaves all else as it was said to be", async () => {
  const before = { exportPath: "/projects", usage: { usedBytes: 7 } };
  const { outcome, status } = await looked({ status: before }, undefined, ({ kinds, pass }) => {
    const { metadata, spec } = pass.resource;
    const wrong = { ...pass.resource, spec: { ...spec, quota: "lots" } };
    kinds.shares.cache.observe({ ...wrong, metadata: { ...metadata, resourceVersion: "999" } });
  });
  assert.deepEqual(outcome, { result: "stalled", reason: "InvalidSpec" });
  assert.equal(status.usage?.usedBytes, 7);
  assert.match(status.conditions?.[0]?.message ?? "", /^spec\.quota: /);
});
