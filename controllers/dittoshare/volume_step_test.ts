// Volume and claim of a share at an API server in memory. How Kubernetes' own controllers treat
// them is looked at by e2e/integration/share_volume_test.ts.

import assert from "node:assert/strict";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/kubernetes/types.ts";
import { failWith } from "../../kube/testing/faults.ts";
import { claimPath, type Found, look, volumePath } from "./_look.ts";
import { claimOf, keptOf, labelsOf, persistentVolumeOf } from "./volume.ts";
import { makeVolume, removeVolume } from "./volume_step.ts";

const PV = "dittoshare.files.projects";

/** A share that wants a volume, and a server whose Service has an address. */
function ground(found: Found = {}, host = "10.96.0.7", port = 2049) {
  const all = look({ spec: { persistentVolume: {}, ...found.spec }, ...found });
  const { pass, kinds, servers, put, memory, client } = all;
  if (host !== "") {
    put(servers.services.cache, "/api/v1/namespaces/files/services/demo-adapter-nfs", {
      metadata: { name: "demo-adapter-nfs", namespace: "files" },
      spec: { clusterIP: host, ports: [{ name: "adapter-nfs", port }] },
    });
  }
  const { share } = pass;
  return {
    ...all,
    make: () => makeVolume(pass, all.connection.server),
    volume: () => memory.read(volumePath(PV)) as unknown as PersistentVolume | undefined,
    claim: (name = "projects") =>
      memory.read(claimPath(name)) as unknown as PersistentVolumeClaim | undefined,
    /** A volume as we made it, which leads to an address; its phase is Kubernetes' affair. */
    haveVolume: (phase: string, at = "10.96.0.7", metadata = {}) =>
      put(kinds.volumes.cache, volumePath(PV), {
        ...persistentVolumeOf(share, { host: at, port: 2049 }, keptOf(share, undefined)),
        metadata: { name: PV, labels: labelsOf(share), ...metadata },
        status: { phase },
      }),
    haveClaim: (name = "projects", metadata = {}) => {
      const claim = claimOf(share, keptOf(share, undefined));
      return put(kinds.claims.cache, claimPath(name), {
        ...claim,
        metadata: { ...claim.metadata, name, ...metadata },
        status: { phase: "Bound" },
      });
    },
    said: () => pass.inOrder.VolumeReady?.reason ?? all.problems().join(),
    writes: () => client.writes.length,
  };
}

Deno.test("makeVolume() makes the claim only when its volume can be had, or it would wait a while", async () => {
  const first = ground();
  await first.make();
  assert.equal(first.volume()?.spec?.nfs?.server, "10.96.0.7");
  assert.equal(first.claim(), undefined);
  assert.match(first.said(), /^VolumeReady=ClaimPending: PersistentVolumeClaim "projects" is not/);
  const second = ground();
  second.haveVolume("Available");
  await second.make();
  assert.equal(second.claim()?.spec?.volumeName, PV);
});

Deno.test("makeVolume() writes nothing where all is as it should be", async () => {
  const { make, haveVolume, haveClaim, said, writes } = ground();
  haveVolume("Available");
  await make();
  haveClaim();
  const before = writes();
  await make();
  await make();
  assert.equal(said(), "Bound");
  // The first of the two took over what the test had made itself.
  assert.ok(writes() - before <= 1, `${writes() - before} writes`);
});

Deno.test("makeVolume() follows the port of the Service without touching the claim", async () => {
  const { make, haveVolume, haveClaim, volume, said } = ground({}, "10.96.0.7", 12049);
  haveVolume("Bound");
  haveClaim();
  await make();
  assert.ok(volume()?.spec?.mountOptions?.includes("port=12049"));
  assert.equal(said(), "Bound");
});

Deno.test("makeVolume() says what to do when the Service has another address, and leaves what pods use", async () => {
  const { make, haveVolume, haveClaim, volume, problems, writes } = ground({}, "10.96.0.9");
  haveVolume("Bound");
  haveClaim();
  await make();
  assert.deepEqual(problems(), [
    `VolumeReady=ServerMoved: DittoServer "demo" is at 10.96.0.9 now, and PersistentVolume "${PV}" leads to 10.96.0.7 for good; delete PersistentVolumeClaim "projects" and the pods that use it, and both are made again`,
  ]);
  assert.equal(volume()?.spec?.nfs?.server, "10.96.0.7");
  assert.equal(writes(), 0);
});

Deno.test("makeVolume() makes a volume anew that leads elsewhere and that nobody has", async () => {
  const { make, haveVolume, volume } = ground({}, "10.96.0.9");
  haveVolume("Available");
  await make();
  assert.equal(volume()?.spec?.nfs?.server, "10.96.0.9");
});

for (const phase of ["Released", "Failed"]) {
  Deno.test(`makeVolume() makes a volume anew that is ${phase}, because no claim can have it`, async () => {
    const { make, haveVolume, volume } = ground();
    const { metadata: { uid } } = haveVolume(phase);
    await make();
    assert.ok(volume());
    assert.notEqual(volume()?.metadata?.uid, uid);
  });
}

Deno.test("makeVolume() is not done while a volume is held that has to be made anew", async () => {
  const { make, haveVolume, problems, said } = ground();
  haveVolume("Released", undefined, { finalizers: ["kubernetes.io/pv-protection"] });
  await make();
  assert.match(said(), /^VolumeReady=ClaimPending/);
  assert.match(problems().join(), new RegExp(`PersistentVolume "${PV}" is being deleted`));
});

Deno.test("makeVolume() does not call a claim bound that is on its way out", async () => {
  const { make, haveVolume, haveClaim, said } = ground();
  haveVolume("Bound");
  haveClaim("projects", {
    ...{ deletionTimestamp: "2030-01-01T00:00:00Z", finalizers: ["kubernetes.io/pvc-protection"] },
  });
  await make();
  assert.equal(
    said(),
    'VolumeReady=ClaimPending: PersistentVolumeClaim "projects" is being deleted, and is made again when no pod uses it any more',
  );
});

Deno.test("makeVolume() says which field to change when the server does not serve NFS", async () => {
  const { make, problems, volume } = ground({ server: { adapters: { nfs: { enabled: false } } } });
  await make();
  assert.deepEqual(problems(), [
    'VolumeReady=NfsOff: DittoServer "demo" does not serve NFS; set its spec.adapters.nfs.enabled to true, or remove spec.persistentVolume',
  ]);
  assert.equal(volume(), undefined);
});

Deno.test("makeVolume() waits for the address of the server, and is not ready meanwhile", async () => {
  const { make, said, volume } = ground({}, "");
  await make();
  assert.equal(said(), 'VolumeReady=Waiting: waiting for Service "demo-adapter-nfs" of the server');
  assert.equal(volume(), undefined);
});

Deno.test("makeVolume() takes claims of other names away, and no others", async () => {
  const { make, haveVolume, haveClaim, claim, put, kinds } = ground({
    spec: { persistentVolume: { claimName: "team" } },
  });
  haveVolume("Available");
  haveClaim("projects");
  put(kinds.claims.cache, claimPath("theirs"), {
    metadata: { name: "theirs", namespace: "files" },
    spec: {},
  });
  await make();
  assert.equal(claim("projects"), undefined);
  assert.ok(claim("theirs"));
  assert.ok(claim("team"));
});

Deno.test("makeVolume() takes both away when the spec has no volume any more", async () => {
  const { make, haveVolume, haveClaim, claim, volume, problems } = ground({ spec: {} });
  haveVolume("Bound");
  haveClaim();
  await make();
  assert.deepEqual([claim(), volume(), problems()], [undefined, undefined, []]);
});

Deno.test("makeVolume() touches no volume of its name that is somebody else's", async () => {
  const { make, memory, volume, problems } = ground();
  memory.put(volumePath(PV), { metadata: { name: PV }, spec: { hostPath: { path: "/x" } } });
  await make();
  assert.match(problems().join(), /^VolumeReady=NotOurs: PersistentVolume "dittoshare/);
  assert.deepEqual(volume()?.spec, { hostPath: { path: "/x" } });
});

Deno.test("makeVolume() tells of a write that fails, and has it tried again", async () => {
  const { make, client, pass, problems } = ground();
  const status = { code: 403, reason: "Forbidden", message: "volumes are forbidden" };
  client.add({ when: ({ method }) => method === "PATCH", then: failWith(status) });
  await make();
  assert.deepEqual(problems(), [
    'VolumeReady=ApplyRefused: PersistentVolume of claim "projects": volumes are forbidden',
  ]);
  assert.ok(pass.problems[0]?.error);
});

Deno.test("removeVolume() tells of the claim that pods still use", async () => {
  const { pass, haveVolume, haveClaim, volume } = ground();
  haveVolume("Bound");
  haveClaim("projects", { finalizers: ["kubernetes.io/pvc-protection"] });
  const held = await removeVolume(pass);
  assert.equal(held?.metadata.name, "projects");
  assert.equal(volume(), undefined);
  const free = ground();
  free.haveClaim();
  assert.equal(await removeVolume(free.pass), undefined);
});
