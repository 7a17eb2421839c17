// Growth in the hands of the whole operator: beside rollouts that are held, Secrets that are
// missing, and volumes that come later.

import assert from "node:assert/strict";
import { beside } from "./_beside.ts";
import { PROVISIONER } from "./_fake_storage.ts";
import { runInProcess } from "./_in_process.ts";
import type { TestPlane } from "./_plane.ts";
import { type StorageGround, storageGround } from "./_storage_ground.ts";
import { isSettled, type Moment, StorageServer, templatesOf } from "./_storage_server.ts";

let plane: StorageGround;
let ground: TestPlane;

Deno.test.beforeAll(async () => {
  plane = await storageGround({ fast: { provisioner: PROVISIONER, allowVolumeExpansion: true } });
  ({ ground } = plane);
});
Deno.test.afterAll(async () => await plane?.[Symbol.asyncDispose]());

/** A server that serves, with the whole operator to look after it. */
async function readyServer(namespace: string, first?: (server: StorageServer) => Promise<void>) {
  const spec = { metadataSize: "1Gi", storageClassName: "fast" };
  const server = await StorageServer.create(ground, namespace, spec, first);
  const operator = await runInProcess(ground, { namespace, userAgent: `growth-of/${namespace}` });
  const before = await server.until("it serves", isServing);
  return { server, before, [Symbol.asyncDispose]: () => operator[Symbol.asyncDispose]() };
}

const isServing = (moment: Moment) => isSettled(moment) && reasonOf(moment, "Ready") === "Serving";

const reasonOf = ({ server }: Moment, type: string) =>
  server.status?.conditions?.find((condition) => condition.type === type)?.reason;

/** Whether the StatefulSet was made again with a template of 2Gi, and has its pod. */
const isGrown = ({ statefulSet, pod }: Moment) =>
  templatesOf(statefulSet).metadata === "2Gi" && statefulSet?.status?.readyReplicas === 1 &&
  pod?.metadata.ownerReferences?.[0]?.uid === statefulSet.metadata.uid;

const grow = { storage: { metadataSize: "2Gi" } };
const mountsOf = ({ pod }: Moment) =>
  pod?.spec?.containers[0]?.volumeMounts?.map(({ name }) => name) ?? [];
const imageOf = ({ spec }: NonNullable<Moment["statefulSet"]>) =>
  spec?.template.spec?.containers[0]?.image;

beside("the operator lets volumes grow without a restart, and announces none (W13)", async () => {
  await using run = await readyServer("whole");
  await run.server.edit(grow);
  const grown = await run.server.until("it has grown", (now) => isGrown(now) && isServing(now));
  assert.equal(grown.pod?.metadata.uid, run.before.pod?.metadata.uid);
  assert.equal(grown.server.status?.rollout, undefined);
  // It was ready all the time: what is told twice would be a series.
  const fields = ":.involvedObject.kind,:.reason,:.series.count";
  const table = ["--output", `custom-columns=${fields}`, "--no-headers", "--sort-by=.eventTime"];
  const events = await ground.kubectl(["get", "events", "--namespace=whole", ...table]);
  assert.deepEqual(
    events.split("\n").map((line) => line.split(/ +/)).filter(([kind]) => kind === "DittoServer")
      .map(([_kind, reason, count]) => `${reason} ${count}`),
    ["Serving <none>"],
  );
});

beside("the operator makes the StatefulSet again also while a Secret is missing", async () => {
  const namespace = "whole-missing";
  await using run = await readyServer(namespace, (server) =>
    server.apply({
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "jwt", namespace } },
      stringData: { key: "k".repeat(40) },
    }));
  const identity = { jwt: { secretRef: { name: "jwt", key: "key" } } };
  await run.server.edit({ identity });
  const before = await run.server.until(
    "it serves with the Secret",
    (moment) => isServing(moment) && moment.pod?.metadata.uid !== run.before.pod?.metadata.uid,
  );
  await run.server.delete("secret", "jwt");
  await run.server.until(
    "it is missed",
    (moment) => reasonOf(moment, "ReferencesResolved") !== "Resolved",
  );
  await run.server.edit(grow);
  const grown = await run.server.until("it has grown", isGrown);
  assert.equal(grown.pod?.metadata.uid, before.pod?.metadata.uid);
});

beside("the operator does not let a growth carry a restart out of its window", async () => {
  await using run = await readyServer("whole-held");
  // A window of ten minutes, half a day from now.
  const start = new Date(Date.now() + 43_200_000).toISOString().slice(11, 16);
  const maintenance = { windows: [{ start, duration: "10m" }] };
  await run.server.edit({ maintenance, image: "example.com/dfs:2" });
  const held = ({ server }: Moment) => server.status?.rollout?.state === "Held";
  await run.server.until("the image waits", held);
  await run.server.edit(grow);
  const grown = await run.server.until("it has grown", (now) => isGrown(now) && held(now));
  assert.equal(grown.pod?.metadata.uid, run.before.pod?.metadata.uid);
  assert.ok(grown.statefulSet && run.before.statefulSet);
  assert.equal(imageOf(grown.statefulSet), imageOf(run.before.statefulSet));
  // And comes when it may.
  await run.server.edit({ maintenance: null });
  const rolled = await run.server.until(
    "it serves with the image",
    (moment) => isServing(moment) && moment.pod?.spec?.containers[0]?.image === "example.com/dfs:2",
  );
  assert.equal(templatesOf(rolled.statefulSet).metadata, "2Gi");
});

beside("the operator adds the content volume with one announced restart", async () => {
  const namespace = "whole-added";
  await using run = await readyServer(namespace);
  await run.server.edit({ storage: { contentSize: "2Gi" } });
  const added = await run.server.until(
    "the pod has it",
    (moment) => isServing(moment) && mountsOf(moment).includes("content"),
  );
  assert.notEqual(added.pod?.metadata.uid, run.before.pod?.metadata.uid);
  const query = { namespace, verbs: ["create"], resource: "pods" };
  const created = (await ground.plane.audit.requests(query)).filter(({ code }) => code === 201);
  assert.equal(created.length, 2, "one pod at the start, and one with the volume");
});
