import assert from "node:assert/strict";
import type { PersistentVolumeClaim } from "../../api/kubernetes/types.ts";
import { digestOf } from "../../kube/digest.ts";
import { testServer } from "./_fixture.ts";
import { statefulSet } from "./stateful_set.ts";

const facts = { configHash: "0123", live: undefined };

Deno.test("statefulSet() keeps the names, labels and claims of the Go operator", () => {
  const { metadata, spec } = statefulSet(
    testServer({ storage: { metadataSize: "1Gi", contentSize: "2Gi" } }),
    facts,
  );
  assert.equal(metadata?.name, "demo");
  assert.equal(spec?.serviceName, "demo-headless");
  const selector = { app: "dittofs-server", instance: "demo" };
  assert.deepEqual(spec?.selector, { matchLabels: selector });
  assert.deepEqual(spec?.template.metadata?.labels, selector);
  assert.deepEqual(
    spec?.volumeClaimTemplates?.map((claim) => [
      claim.metadata?.name,
      claim.spec?.resources?.requests?.storage,
    ]),
    [["metadata", "1Gi"], ["content", "2Gi"], ["controlplane", "1Gi"]],
  );
});

Deno.test("statefulSet() leaves the content volume out when there is no contentSize", () => {
  const { spec } = statefulSet(testServer(), facts);
  assert.deepEqual(spec?.volumeClaimTemplates?.map((claim) => claim.metadata?.name), [
    "metadata",
    "controlplane",
  ]);
  const mounts = spec?.template.spec?.containers[0]?.volumeMounts?.map(({ mountPath }) =>
    mountPath
  );
  assert.deepEqual(mounts, ["/data/store/metadata", "/data/controlplane", "/config", "/tmp"]);
});

Deno.test("statefulSet() never sends claim templates that differ from the live ones", () => {
  const before = statefulSet(testServer(), facts);
  const { spec } = before;
  assert.ok(spec);
  // As the API server gives it back.
  const claims = spec.volumeClaimTemplates?.map((claim): PersistentVolumeClaim => ({
    ...claim,
    metadata: { ...claim.metadata, creationTimestamp: "2026-01-01T00:00:00Z" },
    status: { phase: "Pending" },
  }));
  const live = { ...before, spec: { ...spec, volumeClaimTemplates: claims ?? [] } };
  const grown = testServer({ storage: { metadataSize: "5Gi", contentSize: "1Gi" } });
  const after = statefulSet(grown, { ...facts, live });
  assert.deepEqual(after.spec?.volumeClaimTemplates, before.spec?.volumeClaimTemplates);
});

Deno.test("statefulSet() runs the pod under the restricted Pod Security Standard (W34)", () => {
  const pod = statefulSet(testServer(), facts).spec?.template.spec;
  assert.equal(pod?.automountServiceAccountToken, false);
  assert.equal(pod?.securityContext?.runAsNonRoot, true);
  assert.equal(pod?.securityContext?.fsGroup, 65532);
  assert.equal(pod?.securityContext?.fsGroupChangePolicy, "OnRootMismatch");
  assert.deepEqual(pod?.containers[0]?.securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  });
});

Deno.test("statefulSet() gives the server both secrets before its first start", () => {
  const env = statefulSet(testServer(), facts).spec?.template.spec?.containers[0]?.env;
  assert.deepEqual(env?.map(({ name, valueFrom }) => [name, valueFrom?.secretKeyRef]), [
    ["DITTOFS_CONTROLPLANE_SECRET", { name: "demo-jwt-secret", key: "jwt-secret" }],
    [
      "DITTOFS_ADMIN_INITIAL_PASSWORD",
      { name: "demo-admin-bootstrap-credentials", key: "password" },
    ],
  ]);
});

for (
  const [spec, replicas] of [
    [{}, 1],
    [{ replicas: 0 }, 0],
    [{ hibernate: true }, 0],
    [{ hibernate: true, replicas: 1 }, 0],
  ] as const
) {
  Deno.test(`statefulSet() of ${JSON.stringify(spec)} has ${replicas} replicas`, () => {
    assert.equal(statefulSet(testServer(spec), facts).spec?.replicas, replicas);
  });
}

Deno.test("statefulSet() takes postgresSecretRef for the database unless told of another Secret", () => {
  const server = testServer({ database: { postgresSecretRef: { name: "pg", key: "dsn" } } });
  const host = (databaseSecret?: string) =>
    statefulSet(server, { ...facts, databaseSecret }).spec?.template.spec?.containers[0]?.env
      ?.find(({ name }) => name === "DITTOFS_DATABASE_POSTGRES_HOST")?.valueFrom?.secretKeyRef
      ?.name;
  assert.equal(host(), "pg");
  assert.equal(host("derived"), "derived");
});

Deno.test("statefulSet() has a pod template that only a deliberate change of this line changes", () => {
  const { spec } = statefulSet(testServer(), facts);
  // A new digest restarts the server of everybody who upgrades. Say so in the release notes.
  assert.equal(
    digestOf(spec?.template),
    "f1a326b33e2f2eef47306aac4c871aa2db025a23fa1bfc42acd231001c213b22",
  );
});
