import assert from "node:assert/strict";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import type { PersistentVolumeClaim } from "../../api/kubernetes/types.ts";
import { testShare } from "./_fixture.ts";
import {
  claimNameOf,
  claimOf,
  keptOf,
  labelsOf,
  mountOptions,
  persistentVolumeOf,
} from "./volume.ts";

const ADDRESS = { host: "10.96.0.7", port: 2049 };
const share = (
  persistentVolume: DittoShareInput["persistentVolume"] = {},
  spec: Partial<DittoShareInput> = {},
) => testShare({ ...spec, persistentVolume });

Deno.test("persistentVolumeOf() leads to the Service by its address, and only its claim can take it", () => {
  const wish = share();
  const { metadata, spec } = persistentVolumeOf(wish, ADDRESS, keptOf(wish, undefined));
  assert.equal(metadata?.name, "dittoshare.files.projects");
  assert.equal(metadata?.ownerReferences, undefined, "a namespaced owner would have it deleted");
  assert.deepEqual(metadata?.labels, labelsOf(wish));
  assert.deepEqual(spec?.nfs, { server: "10.96.0.7", path: "/projects", readOnly: false });
  assert.deepEqual([spec?.claimRef?.namespace, spec?.claimRef?.name], ["files", "projects"]);
  assert.equal(spec?.persistentVolumeReclaimPolicy, "Retain");
});

Deno.test("claimOf() asks for that volume and no other, and goes with its share", () => {
  const wish = share({ claimName: "team" });
  const kept = keptOf(wish, undefined);
  const { metadata, spec } = claimOf(wish, kept);
  assert.equal(metadata?.name, "team");
  assert.equal(metadata?.ownerReferences?.[0]?.uid, wish.uid);
  assert.equal(spec?.volumeName, persistentVolumeOf(wish, ADDRESS, kept).metadata?.name);
  assert.equal(spec?.storageClassName, "", "a default class would make another volume");
  assert.equal(spec?.resources?.requests?.storage, "1Ti");
});

Deno.test("claimNameOf() is none without the wish, and the name of the share without another", () => {
  assert.equal(claimNameOf(testShare()), undefined);
  assert.equal(claimNameOf(share()), "projects");
  assert.equal(claimNameOf(share({ claimName: "team" })), "team");
});

/** A spec, and the size of its volume. */
const sizes: [DittoShareInput["persistentVolume"], string | undefined, string][] = [
  [{}, undefined, "1Ti"],
  [{}, "20Gi", "20Gi"],
  [{ capacity: "5Gi" }, "20Gi", "5Gi"],
  // As the API server would write it, or it would be sent again and again.
  [{}, "1024Mi", "1Gi"],
];
for (const [wish, quota, expected] of sizes) {
  Deno.test(`keptOf() is ${expected} for ${JSON.stringify(wish)} and a quota of ${quota}`, () => {
    assert.equal(keptOf(share(wish, quota ? { quota } : {}), undefined).size, expected);
  });
}

Deno.test("keptOf() stays what the claim was made with, whatever the spec says later", () => {
  const claim: PersistentVolumeClaim = {
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "20Gi" } } },
  };
  const wish = share({ capacity: "30Gi" }, { readOnly: true });
  assert.deepEqual(keptOf(wish, claim), { size: "20Gi", accessModes: ["ReadWriteMany"] });
  assert.deepEqual(keptOf(wish, undefined), { size: "30Gi", accessModes: ["ReadOnlyMany"] });
});

Deno.test("mountOptions() has what finds the server first, and then what the user wants", () => {
  const wish = share({ mountOptions: ["noatime", "nconnect=4"] });
  assert.deepEqual(mountOptions(wish, 12049), [
    ...["nfsvers=4.1", "tcp", "port=12049", "hard", "noatime", "nconnect=4"],
  ]);
});
