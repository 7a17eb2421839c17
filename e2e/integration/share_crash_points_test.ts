// The operator dies just before or just after each of its calls about a share, to the API server
// and to the real DittoFS server, is started again, and must end where it would have ended.

import assert from "node:assert/strict";
import * as z from "zod";
import { print } from "../../tasks/_print.ts";
import { beside as test } from "./_beside.ts";
import { crashEverywhere, type CrashRun, type CrashScenario } from "./_crash_at_both.ts";
import { namespace } from "./_rest_ground.ts";
import { BUCKET, CREDENTIALS, S3 } from "./_s3.ts";
import { SERVER, ShareGround } from "./_share_ground.ts";

let ground: ShareGround;
let s3: S3;
Deno.test.beforeAll(async () => {
  s3 = await S3.start();
  ground = await ShareGround.start();
  await ground.rest.create(SERVER);
  await ground.apply("DittoUser", "alice", { uid: 1001, gid: 1001 });
  await ground.apply("DittoUser", "bob", { uid: 1002, gid: 1002 });
  await ground.apply("DittoShare", "other", { grants: [{ user: "bob", permission: "read" }] });
  await ground.ready("other");
});
Deno.test.afterAll(async () => {
  await ground?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

/** Paths of the REST API that show all that a share is made of. */
const pathsOf = (name: string) => [
  `/shares/${name}`,
  `/shares/${name}/permissions`,
  `/shares/${name}/quotas`,
  `/shares/${name}/snapshot-policy`,
  `/shares/${name}/adapters/nfs/config`,
  `/adapters/nfs/netgroups/share-${name}`,
];

/** What is new in each run, or in each look. */
const VOLATILE = new Set([
  ...["id", "uid", "resourceVersion", "lastTransitionTime", "serverStartedAt", "claimUID"],
  ...["created_at", "updated_at", "checked_at", "physical_bytes"],
  ...["metadata_store_id", "local_block_store_id", "remote_block_store_id", "remote"],
  "dittofs.dittofs.com/share-uid",
]);

const storeList = z.array(z.object({ name: z.string(), type: z.string() }));

/** All that may be a share's in the cluster. */
const LISTS = {
  DittoShare: `/apis/dittofs.dittofs.com/v1alpha1/namespaces/${namespace}/dittoshares`,
  PersistentVolumeClaim: `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  PersistentVolume: "/api/v1/persistentvolumes",
};

const items = z.object({
  items: z.array(z.looseObject({
    metadata: z.looseObject({ name: z.string() }),
    spec: z.unknown(),
    // Absent until somebody has looked at it.
    status: z.unknown().optional(),
  })),
});

/** A run has a share of its own, which is called after it. */
class Run implements CrashRun {
  constructor(readonly name: string) {}

  apply(spec: object): Promise<void> {
    return ground.apply("DittoShare", this.name, spec);
  }

  async made(spec: object): Promise<void> {
    await this.apply(spec);
    await this.ready();
  }

  ready(): Promise<void> {
    return ground.ready(this.name);
  }

  async delete(): Promise<void> {
    await ground.rest.plane.kubectl([
      ...["delete", "dittoshare", this.name, "--namespace", namespace],
      ...["--wait=false", "--ignore-not-found"],
    ]);
  }

  async state(): Promise<string> {
    // What a node would do meanwhile.
    await ground.reclaimAll();
    const found = await Promise.all(
      Object.entries(LISTS).map(async ([kind, path]) => {
        return items.parse(await ground.client.json(path)).items.map((each) => ({ ...each, kind }));
      }),
    );
    const resources = found.flat()
      .filter(({ metadata: { name } }) => name.endsWith(this.name))
      .map(({ kind, metadata: { finalizers, labels, deletionTimestamp }, spec, status }) => ({
        ...{ kind, finalizers, labels, spec, deleting: deletionTimestamp !== undefined },
        // Those of Kubernetes' own kinds are its own controllers' affair.
        ...(kind === "DittoShare" && { status }),
      }));
    const rows: Record<string, unknown> = {};
    await Promise.all(
      pathsOf(this.name).map(async (path) => {
        const { status, body } = await ground.byHand("GET", path);
        rows[path] = status === 200 ? body : status;
      }),
    );
    await Promise.all(["metadata", "block/local", "block/remote"].map(async (kind) => {
      const { body } = await ground.byHand("GET", `/store/${kind}`);
      rows[kind] = storeList.parse(body ?? [])
        .map(({ name, type }) => `${name.replace(/-[0-9a-f]{12}$/, "")} ${type}`)
        .filter((row) => row.startsWith(`share-${this.name} `));
    }));
    return JSON.stringify({ resources, rows }, masked, 1).replaceAll(this.name, "*");
  }

  async clear(): Promise<void> {
    await this.delete();
    await this.gone();
  }

  async gone(): Promise<void> {
    await ground.until(`${this.name} is gone`, async () => {
      await ground.reclaimAll();
      return (await ground.client.send(`${LISTS.DittoShare}/${this.name}`)).status === 404;
    });
  }
}

/** What the server notes of the snapshots that it makes whenever a minute begins. */
const SNAPSHOT_NOTES = /^(last|next)_/;

function masked(field: string, value: unknown): unknown {
  // An answer within a millisecond has no latency.
  if (SNAPSHOT_NOTES.test(field) || field === "latency_ms") return undefined;
  if (VOLATILE.has(field)) return "*";
  if (typeof value !== "object" || value === null) return value;
  // Rows come in the order in which they were made.
  if (Array.isArray(value)) return value.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const textOf = (value: unknown) => JSON.stringify(value, masked) ?? "";

const FULL = {
  quota: "1Gi",
  grants: [{ user: "alice", permission: "read-write" }],
  quotas: [{ user: "alice", size: "100Mi" }],
  snapshotPolicy: { interval: "@daily" },
  nfs: { allowedClients: ["127.0.0.1"] },
  persistentVolume: {},
};

const OTHERWISE = {
  quota: "2Gi",
  ...{ readOnly: true, defaultPermission: "read", smb: { accessBasedEnumeration: true } },
  grants: [{ user: "bob", permission: "admin" }],
  quotas: [{ user: "bob", files: 10 }],
  nfs: { squash: "all_to_guest" },
};

const withBucket = () => ({
  storage: {
    remote: {
      s3: {
        ...{ bucket: BUCKET, endpoint: s3.endpoint, allowPrivateEndpoint: true },
        credentialsSecretRef: { name: "bucket" },
      },
    },
  },
});

const key = () =>
  ground.rest.secret("bucket", {
    "access-key-id": CREDENTIALS.accessKeyId,
    "secret-access-key": CREDENTIALS.secretAccessKey,
  });

const ready = (run: Run) => run.ready();
const gone = (run: Run) => run.gone();
const remove = (run: Run) => run.delete();

const scenarios: readonly CrashScenario<Run>[] = [
  { name: "create", change: (run) => run.apply(FULL), done: ready },
  {
    name: "edit",
    before: (run) => run.made(FULL),
    change: (run) => run.apply(OTHERWISE),
    done: ready,
  },
  { name: "delete", before: (run) => run.made(FULL), change: remove, done: gone },
  {
    name: "reclaim",
    before: (run) => run.made({ reclaimPolicy: "Delete" }),
    ...{ change: remove, done: gone },
  },
  { name: "bucket", prepare: key, change: (run) => run.apply(withBucket()), done: ready },
  {
    name: "unmake",
    prepare: key,
    before: (run) => run.made(withBucket()),
    ...{ change: remove, done: gone },
  },
];

for (const scenario of scenarios) {
  test(`a share ends where it should after a crash at every call of: ${scenario.name}`, async () => {
    const { calls, crashes, diverged, expected } = await crashEverywhere(
      ground.rest,
      scenario,
      (name) => new Run(name),
    );
    print(
      `${scenario.name}: ${crashes} crashes at ${calls.join(", ")}; ${diverged.length} diverged`,
    );
    assert.doesNotMatch(calls.join(), /\b0 writes/);
    assert.deepEqual(diverged, [], `expected:\n${expected}\n\n${diverged.join("\n\n")}`);
  });
}

test("nothing of another share was touched on the way", async () => {
  await ground.rest.startOperator();
  await ground.ready("other");
  const { body } = await ground.byHand("GET", "/shares/other/permissions");
  assert.match(JSON.stringify(body), /"bob"/);
});
