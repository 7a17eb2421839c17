import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { secretFiles } from "./secret_files.ts";
import { claimTemplates, podVolumes, volumeMounts } from "./volumes.ts";

Deno.test("claimTemplates() are the volumes of the Go operator, in the cluster's own class", () => {
  const { spec } = testServer({ storage: { metadataSize: "1Gi", contentSize: "2Gi" } });
  assert.deepEqual(
    claimTemplates(spec).map(({ metadata, spec }) => [metadata?.name, spec]),
    [["metadata", "1Gi"], ["content", "2Gi"], ["controlplane", "1Gi"]].map(([name, size]) => [
      name,
      {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
        volumeMode: "Filesystem",
      },
    ]),
  );
});

Deno.test("claimTemplates() have a class and an access mode of their own where one is set", () => {
  assert.deepEqual(
    claimTemplates(testServer(everything).spec).map(({ metadata, spec }) => [
      metadata?.name,
      spec?.storageClassName,
      spec?.accessModes?.join(),
      spec?.resources?.requests?.storage,
    ]),
    [
      ["metadata", "fast", "ReadWriteOncePod", "1Gi"],
      ["content", "slow", "ReadWriteOnce", "10Gi"],
      ["controlplane", "standard", "ReadWriteOncePod", "2Gi"],
    ],
  );
});

Deno.test("volumeMounts() leave out a volume that the StatefulSet has no template for yet", () => {
  const { spec } = testServer(everything);
  const paths = (claims: string[]) =>
    volumeMounts(spec, claims, []).map(({ mountPath }) => mountPath);
  assert.deepEqual(paths(["metadata", "controlplane"]), [
    "/data/store/metadata",
    "/data/controlplane",
    "/config",
    "/tmp",
  ]);
  assert.ok(paths(["metadata", "content", "controlplane"]).includes("/data/store/block"));
});

Deno.test("volumeMounts() and podVolumes() agree on every Secret, and none can be written", () => {
  const { spec, names } = testServer(everything);
  const secrets = secretFiles(spec);
  const mounted = volumeMounts(spec, [], secrets).filter(({ name }) => name !== "tmp");
  assert.ok(mounted.every(({ readOnly }) => readOnly));
  const volumes = podVolumes(names.configMap, secrets).filter(({ name }) => name !== "tmp");
  assert.deepEqual(mounted.map(({ name }) => name), volumes.map(({ name }) => name));
  assert.equal(volumes.length, secrets.length + 1);
});

Deno.test("podVolumes() show a Secret's used keys to the server's group alone", () => {
  const { spec, names } = testServer({ controlPlane: { certSecretName: "tls" } });
  assert.deepEqual(podVolumes(names.configMap, secretFiles(spec))[1], {
    name: "tls-cert",
    secret: {
      secretName: "tls",
      defaultMode: 0o440,
      items: [{ key: "tls.crt", path: "tls.crt" }, { key: "tls.key", path: "tls.key" }],
    },
  });
});
