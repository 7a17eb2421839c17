// Volumes grow, are refused growth and are kept, on a real API server with the real StatefulSet
// controller and garbage collector. Those that come later are in volume_added_test.ts.
// Weaknesses of the Go operator: W13 (a storage edit wedges everything).

import assert from "node:assert/strict";
import { type Fault, FaultClient, type SeenRequest } from "../../kube/testing/fault_client.ts";
import { until } from "../harness/poll.ts";
import { beside } from "./_beside.ts";
import type { FakeStorage } from "./_fake_storage.ts";
import {
  agentOf,
  assertUndisturbed,
  fast,
  grownTo,
  GrowthGround,
  reasonIs,
} from "./_growth_ground.ts";
import type { TestPlane } from "./_plane.ts";
import { runStorageOperator } from "./_storage_operator.ts";
import {
  conditionOf,
  isSettled,
  type Moment,
  StorageServer,
  summary,
  templatesOf,
} from "./_storage_server.ts";

let plane: GrowthGround;
let ground: TestPlane;
let storage: FakeStorage;

Deno.test.beforeAll(async () => {
  plane = await GrowthGround.start();
  ({ ground, storage } = plane);
});
Deno.test.afterAll(async () => await plane?.[Symbol.asyncDispose]());

for (const volume of ["metadata", "content", "controlplane"] as const) {
  beside(`ensureStorage() lets the ${volume} volume grow under the running pod (W13)`, async () => {
    const spec = { ...fast, contentSize: "2Gi", controlPlaneSize: "1Gi" };
    await using run = await plane.readyServer(`grow-${volume}`, spec);
    const field = volume === "controlplane" ? "controlPlaneSize" : `${volume}Size`;
    await run.server.edit({ storage: { [field]: "7Gi" } });
    const sizes = { metadata: "1Gi", content: "2Gi", controlplane: "1Gi", [volume]: "7Gi" };
    const after = await run.server.until("it has grown", grownTo(sizes));
    assertUndisturbed(run.before, after);
    assert.notEqual(after.statefulSet?.metadata.uid, run.before.statefulSet?.metadata.uid);
    const grown = after.server.status?.volumes?.find(({ name }) => name === volume);
    assert.deepEqual(grown, {
      ...{ name: volume, claim: `${volume}-demo-0`, requested: "7Gi", capacity: "7Gi" },
      state: "Bound",
    });
  });
}

beside(
  "ensureStorage() lets two volumes grow with one re-creation of the StatefulSet",
  async () => {
    const namespace = "grow-both";
    await using run = await plane.readyServer(namespace, { ...fast, contentSize: "1Gi" });
    await run.server.edit({ storage: { metadataSize: "2Gi", contentSize: "3Gi" } });
    const sizes = { metadata: "2Gi", content: "3Gi", controlplane: "1Gi" };
    assertUndisturbed(run.before, await run.server.until("both have grown", grownTo(sizes)));
    const deletions = await ground.plane.audit.requests({ namespace, verbs: ["delete"] });
    const own = deletions.filter(({ userAgent }) => userAgent === agentOf(namespace));
    assert.deepEqual(own.map(({ resource }) => resource), ["statefulsets"]);
  },
);

beside(
  "ensureStorage() takes up a growth that is asked for while another is half done",
  async () => {
    const namespace = "grow-again";
    await using run = await plane.readyServer(namespace);
    storage.held.add(`${namespace}/metadata-demo-0`);
    await run.server.edit({ storage: { metadataSize: "2Gi" } });
    const half = await run.server.until(
      "the claim asks for more",
      ({ claims, server }) =>
        claims["metadata-demo-0"]?.spec?.resources?.requests?.storage === "2Gi" &&
        reasonIs("Growing")({ claims, server, statefulSet: undefined, pod: undefined }),
    );
    assert.match(
      conditionOf(half.server)?.message ?? "",
      /"metadata-demo-0" grows from 1Gi to 2Gi/,
    );
    assert.equal(half.server.status?.volumes?.[0]?.state, "Growing");
    await run.server.edit({ storage: { metadataSize: "4Gi", controlPlaneSize: "3Gi" } });
    await run.server.until(
      "the other has grown",
      ({ claims }) => claims["controlplane-demo-0"]?.status?.capacity?.storage === "3Gi",
    );
    storage.held.clear();
    const sizes = { metadata: "4Gi", controlplane: "3Gi" };
    assertUndisturbed(run.before, await run.server.until("both have grown", grownTo(sizes)));
  },
);

beside("ensureStorage() tells of a class that cannot grow, and goes on when it can", async () => {
  const namespace = "grow-rigid";
  await using run = await plane.readyServer(
    namespace,
    fast,
    (server) => server.makeClaim("metadata", "1Gi", "rigid"),
  );
  // The other volume and the image have nothing to do with it.
  await run.server.edit({
    storage: { metadataSize: "2Gi", controlPlaneSize: "3Gi" },
    image: "example.com/dfs:2",
  });
  const stuck = await run.server.until(
    "the other has grown",
    (moment) =>
      reasonIs("ClassCannotGrow")(moment) &&
      templatesOf(moment.statefulSet).controlplane === "3Gi" &&
      moment.statefulSet?.status?.readyReplicas === 1 &&
      moment.pod?.spec?.containers[0]?.image === "example.com/dfs:2",
  );
  assert.deepEqual(templatesOf(stuck.statefulSet), { metadata: "1Gi", controlplane: "3Gi" });
  assert.match(
    conditionOf(stuck.server)?.message ?? "",
    /"metadata-demo-0" cannot grow from 1Gi to 2Gi: StorageClass "rigid" does not allow it; set/,
  );
  // Not even asked for.
  const query = { userAgent: agentOf(namespace), verbs: ["patch"] };
  const patches = (await ground.plane.audit.requests(query))
    .filter(({ resource }) => resource === "persistentvolumeclaims");
  assert.deepEqual(patches.map(({ name, code }) => [name, code]), [
    // Labelled, because the pod ran with it and the watch did not tell of it.
    ["metadata-demo-0", 200],
    ["controlplane-demo-0", 200],
  ]);
  await run.server.patch("storageclass", "rigid", { allowVolumeExpansion: true });
  const sizes = { metadata: "2Gi", controlplane: "3Gi" };
  assertUndisturbed(stuck, await run.server.until("it has grown", grownTo(sizes)));
});

beside(
  "ensureStorage() tells of a quota that refuses growth, and goes on when it is lifted",
  async () => {
    const namespace = "grow-quota";
    await using run = await plane.readyServer(namespace);
    const quota = (storage: string) =>
      run.server.apply({
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "small", namespace },
        spec: { hard: { "requests.storage": storage } },
      });
    await quota("4Gi");
    await run.server.edit({ storage: { metadataSize: "9Gi", controlPlaneSize: "2Gi" } });
    const stuck = await run.server.until(
      "the other has grown",
      (moment) =>
        reasonIs("GrowthRefused")(moment) &&
        templatesOf(moment.statefulSet).controlplane === "2Gi" &&
        moment.claims["controlplane-demo-0"]?.status?.capacity?.storage === "2Gi",
    );
    assertUndisturbed(run.before, stuck);
    assert.match(
      conditionOf(stuck.server)?.message ?? "",
      /"metadata-demo-0" may not grow from 1Gi to 9Gi: .*exceeded quota: small/,
    );
    assert.equal(stuck.server.status?.volumes?.[0]?.state, "Stuck");
    await quota("40Gi");
    const sizes = { metadata: "9Gi", controlplane: "2Gi" };
    assertUndisturbed(run.before, await run.server.until("it has grown", grownTo(sizes)));
  },
);

beside(
  "ensureStorage() replaces the pod once when its template changes with a growth",
  async () => {
    const namespace = "grow-and-roll";
    await using run = await plane.readyServer(namespace);
    await run.server.edit({ storage: { metadataSize: "2Gi" }, image: "example.com/dfs:2" });
    const after = await run.server.until(
      "it has grown and rolled",
      (moment) =>
        grownTo({ metadata: "2Gi", controlplane: "1Gi" })(moment) &&
        moment.pod?.spec?.containers[0]?.image === "example.com/dfs:2",
    );
    assert.notEqual(after.pod?.metadata.uid, run.before.pod?.metadata.uid);
    const query = { namespace, verbs: ["create"], resource: "pods" };
    const created = (await ground.plane.audit.requests(query)).filter(({ code }) => code === 201);
    assert.equal(created.length, 2, "one pod at the start, and one for the image");
  },
);

beside(
  "ensureStorage() keeps a restart that kubectl asked for through a growth, and later ones",
  async () => {
    const namespace = "grow-restarted";
    await using run = await plane.readyServer(namespace);
    const restart = async (unlike: Moment) => {
      const what = ["rollout", "restart", "statefulset/demo", "--namespace", namespace];
      await ground.kubectl(what);
      return await run.server.until(
        "the pod is new",
        (moment) => isSettled(moment) && moment.pod?.metadata.uid !== unlike.pod?.metadata.uid,
      );
    };
    const restarted = await restart(run.before);
    await run.server.edit({ storage: { metadataSize: "2Gi" } });
    const sizes = { metadata: "2Gi", controlplane: "1Gi" };
    const grown = await run.server.until("it has grown", grownTo(sizes));
    assertUndisturbed(restarted, grown);
    // `kubectl` refuses a second restart within one second.
    const second = Math.floor(Date.now() / 1_000);
    await until("a second has passed", () => Date.now() / 1_000 >= second + 2, { within: 5_000 });
    const again = await restart(grown);
    await run.server.edit({ storage: { metadataSize: "3Gi" } });
    const more = { ...sizes, metadata: "3Gi" };
    assertUndisturbed(again, await run.server.until("it has grown again", grownTo(more)));
  },
);

beside(
  "ensureStorage() grows the volumes of a server that goes with its data, and keeps them",
  async () => {
    const namespace = "grow-delete";
    await using run = await plane.readyServer(namespace, { ...fast, retention: "Delete" });
    const owners = ({ claims }: Moment) =>
      Object.values(claims).map(({ metadata }) =>
        metadata.ownerReferences?.map(({ kind, uid }) => `${kind}/${uid}`)
      );
    const owner = [`DittoServer/${run.before.server.metadata.uid}`];
    await run.server.until(
      "the claims are the server's",
      (moment) => JSON.stringify(owners(moment)) === JSON.stringify([owner, owner]),
    );
    await run.server.edit({ storage: { metadataSize: "2Gi" } });
    const sizes = { metadata: "2Gi", controlplane: "1Gi" };
    const grown = await run.server.until("it has grown", grownTo(sizes));
    assertUndisturbed(run.before, grown);
    // A StatefulSet that somebody deletes takes no data along.
    await run.server.delete("statefulset", "demo");
    const healed = await run.server.untilReady();
    assert.deepEqual(
      Object.values(healed.claims).map(({ metadata }) => metadata.uid),
      Object.values(run.before.claims).map(({ metadata }) => metadata.uid),
    );
    // The server does.
    await run.server.delete("dittoserver", "demo", "--cascade=foreground");
    const gone = await ground.kubectl(["get", "pvc", "--namespace", namespace, "--output=name"]);
    assert.equal(gone, "");
  },
);

beside("ensureStorage() takes claims from a StatefulSet before it deletes it", async () => {
  const namespace = "grow-released";
  const server = await StorageServer.create(ground, namespace, fast);
  {
    await using _operator = await runStorageOperator(ground, { namespace, userAgent: "made" });
    await server.untilReady();
  }
  // As another program would leave it; the StatefulSet's controller then owns the claims.
  const policy = { whenDeleted: "Delete", whenScaled: "Retain" };
  await server.patch("statefulset", "demo", {
    spec: { persistentVolumeClaimRetentionPolicy: policy },
  });
  const ownerOf = ({ claims }: Moment) =>
    claims["metadata-demo-0"]?.metadata.ownerReferences?.[0]?.kind;
  const before = await server.until(
    "claims are owned",
    (moment) => ownerOf(moment) === "StatefulSet" && isSettled(moment),
  );
  await server.edit({ storage: { metadataSize: "2Gi" } });
  /** What owned the claims in the moment in which the StatefulSet went. */
  const owners: (string | undefined)[] = [];
  const isDeletion = ({ method }: SeenRequest) => method === "DELETE";
  const look: Fault = async ({ forward }) => {
    owners.push(ownerOf(await server.now()));
    return await forward();
  };
  await using _operator = await runStorageOperator(ground, {
    ...{ namespace, userAgent: agentOf(namespace) },
    through: (real) => new FaultClient(real, { rules: [{ when: isDeletion, then: look }] }),
  });
  const sizes = { metadata: "2Gi", controlplane: "1Gi" };
  assertUndisturbed(before, await server.until("it has grown", grownTo(sizes)));
  assert.deepEqual(owners, [undefined]);
});

beside(
  "ensureStorage() gives a new server of the same name the volumes of the old one",
  async () => {
    const namespace = "readopt";
    await using run = await plane.readyServer(namespace, { ...fast, metadataSize: "3Gi" });
    await run.server.delete("dittoserver", "demo", "--cascade=foreground");
    await run.server.make(fast);
    const again = await run.server.untilReady();
    const uids = ({ claims }: Moment) => Object.values(claims).map(({ metadata }) => metadata.uid);
    assert.deepEqual(uids(again), uids(run.before));
    // Larger than wanted is as wanted.
    assert.equal(again.server.status?.volumes?.[0]?.capacity, "3Gi");
    assert.equal(again.server.status?.volumes?.[0]?.state, "Bound");
  },
);

beside(
  "ensureStorage() says that a claim is being deleted, while the pod still uses it",
  async () => {
    const namespace = "claim-deleted";
    await using run = await plane.readyServer(namespace);
    // The protection of claims counts only pods that have a node.
    const finalizers = ["storage.test/in-use"];
    await run.server.patch("pvc", "metadata-demo-0", { metadata: { finalizers } });
    await run.server.delete("pvc", "metadata-demo-0", "--wait=false");
    const told = await run.server.until("it is told", reasonIs("ClaimBeingDeleted"));
    assert.match(conditionOf(told.server)?.message ?? "", /"metadata-demo-0" is being deleted/);
    assertUndisturbed(run.before, told);
  },
);

beside("ensureStorage() grows the volumes of a stopped server", async () => {
  const namespace = "grow-stopped";
  await using run = await plane.readyServer(namespace);
  await run.server.edit({ replicas: 0, storage: { metadataSize: "2Gi" } });
  await run.server.until(
    "it has stopped and grown",
    (moment) =>
      !moment.pod && reasonIs("VolumesBound")(moment) &&
      templatesOf(moment.statefulSet).metadata === "2Gi",
  );
  await run.server.edit({ replicas: 1 });
  const woken = await run.server.untilReady();
  assert.equal(summary(woken).claims["metadata-demo-0"], "2Gi of 2Gi");
});

beside("ensureStorage() writes nothing when nothing happens", async () => {
  const namespace = "growth-idle";
  await using run = await plane.readyServer(namespace);
  await run.server.edit({ storage: { metadataSize: "2Gi" } });
  await run.server.until("it has grown", grownTo({ metadata: "2Gi", controlplane: "1Gi" }));
  const own = { userAgent: agentOf(namespace), withoutWatches: true };
  await ground.plane.audit.waitForQuiet(own, { quietFor: 2_000, within: 15_000 });
});
