// The operator dies just before or just after each write of a growth, is started again, and must
// end where it would have ended: the same pod and claims, and nothing made or deleted twice.

import assert from "node:assert/strict";
import { crashAfter, crashBefore, write } from "../../kube/testing/faults.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { print } from "../../tasks/_print.ts";
import { until } from "../harness/poll.ts";
import { beside } from "./_beside.ts";
import { PROVISIONER } from "./_fake_storage.ts";
import type { TestPlane } from "./_plane.ts";
import { type StorageGround, storageGround } from "./_storage_ground.ts";
import { runInProcess } from "./_in_process.ts";
import { isSettled, type Moment, StorageServer, summary } from "./_storage_server.ts";

let plane: StorageGround;
let ground: TestPlane;

Deno.test.beforeAll(async () => {
  plane = await storageGround({ fast: { provisioner: PROVISIONER, allowVolumeExpansion: true } });
  ({ ground } = plane);
});
Deno.test.afterAll(async () => await plane?.[Symbol.asyncDispose]());

/** How many namespaces are worked in at the same time. */
const PARALLEL = 4;

const fast = { metadataSize: "1Gi", contentSize: "1Gi", storageClassName: "fast" };
const { contentSize: _, ...withoutContent } = fast;

interface Scenario {
  readonly name: string;
  readonly storage: Parameters<StorageServer["make"]>[0];
  readonly change: Parameters<StorageServer["edit"]>[0];
  /** Whether the pod lives through it. */
  readonly keepsPod: boolean;
  /** Whether `kubectl rollout restart` was used before. */
  readonly restarted?: boolean;
}

const two = { metadataSize: "2Gi", contentSize: "3Gi" };
const scenarios: readonly Scenario[] = [
  { name: "two-grow", storage: fast, change: { storage: two }, keepsPod: true },
  {
    ...{ name: "restarted-grows", storage: fast, change: { storage: { metadataSize: "2Gi" } } },
    ...{ keepsPod: true, restarted: true },
  },
  {
    ...{ name: "owned-grow", storage: { ...fast, retention: "Delete" }, change: { storage: two } },
    keepsPod: true,
  },
  {
    ...{ name: "grow-and-roll", storage: fast, keepsPod: false },
    change: { storage: two, image: "example.com/dfs:2" },
  },
  {
    ...{ name: "added", storage: withoutContent, keepsPod: false },
    change: { storage: { contentSize: "2Gi", metadataSize: "2Gi" } },
  },
];

const agentOf = (namespace: string) => `growth-crash-test/${namespace}`;

/** Whether nothing is left to do for the spec as it is, and the pod runs what it says. */
const isDone = ({ storage, image }: Scenario["change"]) => (moment: Moment): boolean => {
  const { metadata } = summary(moment).templates;
  return isSettled(moment) && metadata === storage?.metadataSize &&
    (image === undefined || moment.pod?.spec?.containers[0]?.image === image) &&
    (moment.pod?.spec?.volumes?.some(({ name }) => name === "content") ?? false);
};

/** What has to be the same however often the operator dies. */
async function endOf(scenario: Scenario, before: Moment, after: Moment) {
  const { volumes, claims, templates, set: { policy } } = summary(after);
  const { namespace } = after.server.metadata;
  const uids = ({ claims }: Moment) => Object.values(claims).map(({ metadata }) => metadata.uid);
  const kept = new Set(uids(after));
  const records = await ground.plane.audit.requests({
    ...(namespace && { namespace }),
    verbs: ["create", "patch", "delete"],
  });
  const made = records.filter(({ verb, code }) => verb === "delete" ? code === 200 : code === 201)
    .filter(({ resource }) => resource !== "events").map(({ verb, resource }) => {
      return `${verb === "delete" ? "delete" : "create"} ${resource}`;
    });
  const podIsKept = before.pod?.metadata.uid === after.pod?.metadata.uid;
  assert.equal(podIsKept, scenario.keepsPod, "the pod");
  return {
    ...{ volumes, claims, templates, policy, podIsKept },
    claimsAreKept: uids(before).every((uid) => kept.has(uid)),
    owners: Object.values(after.claims).map(({ metadata }) =>
      metadata.ownerReferences?.length ?? 0
    ),
    restartedAt: after.statefulSet?.spec?.template.metadata
      ?.annotations?.["kubectl.kubernetes.io/restartedAt"] !== undefined,
    // Revisions and pods are made by a controller that may be a version behind; whether the pod
    // is the same one is compared by itself.
    made: made.filter((what) => !/controllerrevisions$|pods$/.test(what)).sort(),
  };
}

/** A server at rest, without an operator. */
async function prepared(scenario: Scenario, namespace: string) {
  const server = await StorageServer.create(ground, namespace, scenario.storage);
  const userAgent = agentOf(namespace);
  await using _operator = await runInProcess(ground, { namespace, userAgent });
  let before = await server.untilReady();
  if (scenario.restarted) {
    const { pod } = before;
    await ground.kubectl(["rollout", "restart", "statefulset/demo", "--namespace", namespace]);
    before = await server.until(
      "the pod is new",
      (moment) => isSettled(moment) && moment.pod?.metadata.uid !== pod?.metadata.uid,
    );
  }
  await quiet(namespace);
  return { server, before: await server.now() };
}

const quiet = (namespace: string) =>
  ground.plane.audit.waitForQuiet({
    ...{ namespace, withoutWatches: true, userAgent: agentOf(namespace) },
    verbs: ["create", "patch", "delete"],
  }, { quietFor: 500, within: 20_000 });

/** The run without faults: its end, and how many writes it takes. */
async function modelOf(scenario: Scenario) {
  const namespace = `${scenario.name}-model`;
  const { server, before } = await prepared(scenario, namespace);
  let client: FaultClient | undefined;
  await using _operator = await runInProcess(ground, {
    ...{ namespace, userAgent: agentOf(namespace) },
    through: (real) => (client = new FaultClient(real)),
  });
  await server.edit(scenario.change);
  await server.until("it is done", isDone(scenario.change));
  await quiet(namespace);
  const end = await endOf(scenario, before, await server.now());
  return { end, writes: client?.writes.map(({ method, path }) => `${method} ${path}`) ?? [] };
}

async function crashAt(scenario: Scenario, k: number, when: "before" | "after") {
  const namespace = `${scenario.name}-${when}-${k}`;
  const { server, before } = await prepared(scenario, namespace);
  const userAgent = agentOf(namespace);
  const then = when === "before" ? crashBefore : crashAfter;
  let client: FaultClient | undefined;
  {
    await using _operator = await runInProcess(ground, {
      ...{ namespace, userAgent },
      through: (real) => (client = new FaultClient(real, { rules: [{ when: write(k), then }] })),
    });
    await server.edit(scenario.change);
    let crashed = false;
    void client?.crashed.then(() => (crashed = true));
    // A run may need one status less than the model did; then it ends without the crash.
    await until("the operator has crashed, or is done", async () => {
      return crashed || isDone(scenario.change)(await server.now());
    }, { within: 30_000 });
  }
  await using _operator = await runInProcess(ground, { namespace, userAgent });
  await server.until("it is done", isDone(scenario.change));
  await quiet(namespace);
  return await endOf(scenario, before, await server.now());
}

for (const scenario of scenarios) {
  beside(
    `the operator converges after a crash at every write of a growth: ${scenario.name}`,
    async () => {
      const model = await modelOf(scenario);
      const points = model.writes.map((_, i) => i + 1)
        .flatMap((k) => [{ k, when: "before" } as const, { k, when: "after" } as const]);
      const total = points.length;
      const diverged: string[] = [];
      const work = async () => {
        for (let point; (point = points.shift());) {
          const place = `${point.when} write ${point.k}, ${model.writes[point.k - 1]}`;
          try {
            assert.deepEqual(await crashAt(scenario, point.k, point.when), model.end);
          } catch (error) {
            diverged.push(`${place}:\n${error instanceof Error ? error.message : error}`);
          }
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
      print(`${scenario.name}: ${total} crash points, ${diverged.length} diverged`);
      assert.equal(diverged.length, 0, diverged.join("\n\n"));
      assert.ok(total >= 8, `only ${total} points:\n${model.writes.join("\n")}`);
    },
  );
}
