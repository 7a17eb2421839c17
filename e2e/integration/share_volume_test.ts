// The PersistentVolume of a share and its claim, as Kubernetes' own controllers treat them.

import assert from "node:assert/strict";
import type { PersistentVolume } from "../../api/kubernetes/types.ts";
import { beside as test } from "./_beside.ts";
import { namespace } from "./_rest_ground.ts";
import { ShareGround } from "./_share_ground.ts";

let ground: ShareGround;
Deno.test.beforeAll(async () => {
  ground = await ShareGround.start();
  await ground.rest.create("files");
});
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const volume = async (name: string): Promise<PersistentVolume> =>
  JSON.parse(await ground.rest.get("pv", name, "json"));
const claim = (name: string, output: string) =>
  ground.rest.get("pvc", name, `jsonpath={${output}}`);
const noVolume = (name: string) =>
  ground.until(`no volume ${name}`, async () => {
    return (await ground.rest.plane.kubectl(["get", "pv", name, "--ignore-not-found"])) === "";
  });

test("A share with a persistentVolume has a claim that is bound, and leads to the Service", async () => {
  await ground.apply("DittoShare", "data", {
    persistentVolume: { claimName: "team-data", mountOptions: ["noatime"] },
    quota: "20Gi",
  });
  await ground.ready("data");
  const { spec } = await volume("dittoshare.files.data");
  assert.deepEqual(spec?.nfs, {
    path: "/data",
    server: await ground.rest.get("service", "files-adapter-nfs", "jsonpath={.spec.clusterIP}"),
  });
  assert.deepEqual(spec?.mountOptions, ["nfsvers=4.1", "tcp", "port=2049", "hard", "noatime"]);
  assert.deepEqual([spec?.capacity, spec?.accessModes], [{ storage: "20Gi" }, ["ReadWriteMany"]]);
  assert.equal(await claim("team-data", ".status.phase"), "Bound");
  assert.equal((await ground.status("data")).persistentVolumeClaim, "team-data");
});

test("A claim that is deleted is made again, with a volume that it can have", async () => {
  const uid = await claim("team-data", ".metadata.uid");
  await ground.delete("pvc", "team-data", false);
  await ground.until("another claim is bound", async () => {
    const found = ["get", "pvc", "team-data", "--namespace", namespace, "--ignore-not-found"];
    const [other, phase] = (await ground.rest.plane.kubectl([
      ...[...found, "-o", "jsonpath={.metadata.uid} {.status.phase}"],
    ])).split(" ");
    return other !== uid && phase === "Bound";
  });
  await ground.ready("data");
});

test("Mount options follow the spec, and what can never change of a claim stays", async () => {
  const uid = await claim("team-data", ".metadata.uid");
  await ground.apply("DittoShare", "data", {
    persistentVolume: { claimName: "team-data", nfsVersion: "3" },
    ...{ quota: "30Gi", readOnly: true },
  });
  await ground.until("the options are others", async () => {
    const { spec } = await volume("dittoshare.files.data");
    return spec?.mountOptions?.join() ===
      "nfsvers=3,tcp,port=2049,mountport=2049,mountproto=tcp,nolock,hard";
  });
  await ground.ready("data");
  assert.equal(await claim("team-data", ".metadata.uid"), uid);
  assert.equal(await claim("team-data", ".spec.resources.requests.storage"), "20Gi");
});

test("A claim of another name takes the place of the former one, and both go with the wish", async () => {
  await ground.apply("DittoShare", "data", { persistentVolume: {} });
  await ground.gone("pvc", "team-data");
  await ground.ready("data");
  assert.equal(await claim("data", ".status.phase"), "Bound");
  await ground.apply("DittoShare", "data", {});
  await ground.gone("pvc", "data");
  await noVolume("dittoshare.files.data");
  await ground.ready("data");
});

test("A volume of somebody else is not touched", async () => {
  const foreign = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "dittoshare.files.data" },
    spec: {
      ...{ capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], storageClassName: "x" },
      hostPath: { path: "/somewhere" },
    },
  };
  await ground.rest.apply(foreign);
  await ground.apply("DittoShare", "data", { persistentVolume: {} });
  await ground.condition("data", "VolumeReady", "NotOurs");
  assert.equal((await volume("dittoshare.files.data")).spec?.hostPath?.path, "/somewhere");
  // The share itself serves all the same.
  await ground.condition("data", "Serving", "Healthy");
  await ground.rest.plane.kubectl(["delete", "pv", "dittoshare.files.data"]);
  await ground.condition("data", "VolumeReady", "Bound", 60_000);
});

test("A share that goes takes its claim and its volume along, server or not", async () => {
  await ground.delete("dittoshare", "data");
  await ground.gone("pvc", "data");
  await noVolume("dittoshare.files.data");
  await ground.rest.create("short");
  const spec = { serverRef: { name: "short" }, persistentVolume: {} };
  await ground.apply("DittoShare", "orphan", spec);
  await ground.condition("orphan", "VolumeReady", "Bound");
  await ground.delete("dittoserver", "short");
  await ground.condition("orphan", "ServerReady", "ServerNotFound");
  await ground.delete("dittoshare", "orphan");
  await ground.gone("pvc", "orphan");
  await noVolume("dittoshare.files.orphan");
});
