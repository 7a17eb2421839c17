// A share that is made, changed and taken away while the operator dies.

import assert from "node:assert/strict";
import * as z from "zod";
import { beside as test } from "./_beside.ts";
import { type CrashRun, type CrashScenario, crashTests } from "./_crash_at_both.ts";
import { namespace } from "./_rest_ground.ts";
import { SERVER, ShareGround } from "./_share_ground.ts";

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
export class ShareRun implements CrashRun {
  constructor(readonly ground: ShareGround, readonly name: string) {}

  apply(spec: object): Promise<void> {
    return this.ground.apply("DittoShare", this.name, spec);
  }

  async made(spec: object): Promise<void> {
    await this.apply(spec);
    await this.ready();
  }

  ready(): Promise<void> {
    return this.ground.ready(this.name);
  }

  async delete(): Promise<void> {
    await this.ground.rest.plane.kubectl([
      ...["delete", "dittoshare", this.name, "--namespace", namespace],
      ...["--wait=false", "--ignore-not-found"],
    ]);
  }

  async state(): Promise<string> {
    // What a node would do meanwhile.
    await this.ground.reclaimAll();
    const found = await Promise.all(
      Object.entries(LISTS).map(async ([kind, path]) => {
        return items.parse(await this.ground.client.json(path)).items.map((each) => ({
          ...each,
          kind,
        }));
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
        const { status, body } = await this.ground.byHand("GET", path);
        rows[path] = status === 200 ? body : status;
      }),
    );
    await Promise.all(["metadata", "block/local", "block/remote"].map(async (kind) => {
      const { body } = await this.ground.byHand("GET", `/store/${kind}`);
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
    await this.ground.until(`${this.name} is gone`, async () => {
      await this.ground.reclaimAll();
      return (await this.ground.client.send(`${LISTS.DittoShare}/${this.name}`)).status === 404;
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

/** All that the spec of a share can have on the server. */
export const FULL = {
  quota: "1Gi",
  grants: [{ user: "alice", permission: "read-write" }],
  quotas: [{ user: "alice", size: "100Mi" }],
  snapshotPolicy: { interval: "@daily" },
  nfs: { allowedClients: ["127.0.0.1"] },
  persistentVolume: {},
};

export const ready = (run: ShareRun) => run.ready();
export const gone = (run: ShareRun) => run.gone();
export const remove = (run: ShareRun) => run.delete();

/** Tests of scenarios on a ground with the users alice and bob, and with a share of bob's. */
export function shareCrashTests(scenarios: readonly CrashScenario<ShareRun>[]): void {
  let ground: ShareGround;
  Deno.test.beforeAll(async () => {
    ground = await ShareGround.start();
    await ground.rest.create(SERVER);
    await ground.apply("DittoUser", "alice", { uid: 1001, gid: 1001 });
    await ground.apply("DittoUser", "bob", { uid: 1002, gid: 1002 });
    await ground.apply("DittoShare", "other", { grants: [{ user: "bob", permission: "read" }] });
    await ground.ready("other");
  });
  Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

  crashTests("a share", () => ground.rest, scenarios, (name) => new ShareRun(ground, name));

  test("nothing of another share was touched on the way", async () => {
    await ground.rest.startOperator();
    await ground.ready("other");
    const { body } = await ground.byHand("GET", "/shares/other/permissions");
    assert.match(JSON.stringify(body), /"bob"/);
  });
}
