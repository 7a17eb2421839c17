import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import type { DittoShareInput } from "../../api/dittoshare.ts";
import { testResource, testServer } from "../dittoserver/_fixture.ts";
import { readServer } from "../dittoserver/server.ts";
import { testShare } from "./_fixture.ts";
import { reclaimJob, reclaimJobName } from "./reclaim_job.ts";

const BOTH = { storage: { metadataSize: "1Gi", contentSize: "1Gi" } };

function job(
  spec: Partial<DittoShareInput> = {},
  server: Partial<DittoServerInput> = BOTH,
  remains: Parameters<typeof reclaimJob>[2] = { metadata: "share-projects", volume: "content" },
) {
  const made = reclaimJob(testServer(server), testShare(spec), remains);
  const pod = made.spec?.template.spec;
  assert.ok(pod);
  const [container] = pod.containers;
  assert.ok(container);
  const [directory, contents] = container.command?.slice(-2) ?? [];
  return { made, pod, container, directory, contents };
}

Deno.test("reclaimJob() removes what is the share's and nothing beside it", () => {
  const badger = job();
  assert.equal(badger.directory, "/data/store/metadata/shares/share-projects");
  assert.equal(badger.contents, "/data/store/block/shares/projects");
  const sqlite = job({ shareName: "data", storage: { metadata: { type: "sqlite" } } }, BOTH, {
    ...{ metadata: "share-data", volume: "metadata" },
  });
  assert.equal(sqlite.directory, "/data/store/metadata/share-data.db");
  assert.equal(sqlite.contents, "/data/store/metadata/blocks/shares/data");
});

Deno.test("reclaimJob() mounts the volumes that it needs, where the server has them", () => {
  const mounts = (volume: "content" | "metadata") => {
    const { pod, container } = job({}, BOTH, { metadata: "share-projects", volume });
    return container.volumeMounts?.map(({ name, mountPath }) => {
      const claim = pod.volumes?.find((each) => each.name === name)?.persistentVolumeClaim;
      return `${claim?.claimName} at ${mountPath}`;
    });
  };
  assert.deepEqual(mounts("metadata"), ["metadata-demo-0 at /data/store/metadata"]);
  assert.deepEqual(mounts("content"), [
    ...["metadata-demo-0 at /data/store/metadata", "content-demo-0 at /data/store/block"],
  ]);
});

Deno.test("reclaimJob() runs where the server's pod does, as it does, and is not taken for it", () => {
  const tolerations = [{ key: "storage", operator: "Exists" as const }];
  const server = { ...BOTH, pod: { tolerations }, imagePullSecrets: [{ name: "registry" }] };
  const { made, pod, container } = job({}, server);
  const [term] = pod.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const beside = term?.labelSelector?.matchLabels ?? {};
  assert.deepEqual(beside, { app: "dittofs-server", instance: "demo" });
  const labels = made.spec?.template.metadata?.labels ?? {};
  assert.ok(Object.entries(beside).some(([label, value]) => labels[label] !== value));
  assert.deepEqual(pod.tolerations, tolerations);
  assert.deepEqual(pod.imagePullSecrets, [{ name: "registry" }]);
  assert.equal(container.image, testServer().spec.image);
  assert.equal(pod.automountServiceAccountToken, false);
  assert.equal(container.securityContext?.readOnlyRootFilesystem, true);
});

Deno.test("reclaimJob() is in the server's namespace and goes with the server", () => {
  const { made } = job();
  assert.equal(made.metadata?.namespace, "files");
  assert.equal(made.metadata?.ownerReferences?.[0]?.uid, "uid-of-demo");
  assert.equal(made.metadata?.name, "demo-reclaim-0f0e0d0c");
});

Deno.test("reclaimJobName() is never longer than the label that its pod gets", () => {
  const named = (name: string) => {
    const resource = testResource();
    return readServer({ ...resource, metadata: { ...resource.metadata, name } });
  };
  for (const name of ["x".repeat(51), `${"x".repeat(44)}.${"y".repeat(6)}`]) {
    const made = reclaimJobName(named(name), testShare());
    assert.ok(made.length <= 63, made);
    assert.match(made, /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
    assert.doesNotMatch(made, /[.]-/);
    assert.ok(made.endsWith("-reclaim-0f0e0d0c"));
  }
});

/** What is left on the volumes when the Job's own script is run there. */
async function leftAfter(type: "badger" | "sqlite"): Promise<string[]> {
  const root = await Deno.makeTempDir();
  try {
    const { container } = job({ storage: { metadata: { type } } });
    const [command = "", ...args] = container.command ?? [];
    const files = [
      ...["store/metadata/shares/share-projects/000001.sst", "store/metadata/shares/other/1"],
      ...["store/metadata/share-projects.db", "store/metadata/share-projects.db-wal"],
      ...["store/metadata/share-projects.db-shm", "store/metadata/share-projects-2.db"],
      ...["store/block/shares/projects/journal/1", "store/block/shares/projects-2/1"],
    ];
    for (const file of files) {
      const path = `${root}/data/${file}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, "x");
    }
    const moved = args.map((arg) => arg.startsWith("/data/") ? root + arg : arg);
    // The second time there is nothing left to remove, and that is no failure.
    for (const _ of [1, 2]) {
      const { success } = await new Deno.Command(command, { args: moved }).output();
      assert.ok(success);
    }
    const left: string[] = [];
    for (const file of files) {
      const found = await Deno.stat(`${root}/data/${file}`).catch(() => undefined);
      if (found) left.push(file.replace("store/", ""));
    }
    return left;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("reclaimJob()'s script empties a badger store, and leaves what only begins alike", async () => {
  assert.deepEqual(await leftAfter("badger"), [
    ...["metadata/shares/other/1", "metadata/share-projects.db", "metadata/share-projects.db-wal"],
    ...["metadata/share-projects.db-shm", "metadata/share-projects-2.db"],
    "block/shares/projects-2/1",
  ]);
});

Deno.test("reclaimJob()'s script removes a sqlite file with its companions, and no other", async () => {
  assert.deepEqual(await leftAfter("sqlite"), [
    ...["metadata/shares/share-projects/000001.sst", "metadata/shares/other/1"],
    ...["metadata/share-projects-2.db", "block/shares/projects-2/1"],
  ]);
});
