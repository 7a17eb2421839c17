// The operator dies just before or just after each write of a growth, is started again, and must
// end where it would have ended: the same pod and claims, and nothing made or deleted twice.

import { beside } from "./_beside.ts";
import {
  operatorIn,
  untilQuiet,
  type WriteCrashRun,
  type WriteCrashScenario,
  writeCrashTests,
} from "./_crash_at_writes.ts";
import { creationsAndDeletions } from "./_creations_and_deletions.ts";
import { PROVISIONER } from "./_fake_storage.ts";
import type { TestPlane } from "./_plane.ts";
import { type StorageGround, storageGround } from "./_storage_ground.ts";
import { isSettled, type Moment, StorageServer, summary } from "./_storage_server.ts";

let plane: StorageGround;
let ground: TestPlane;

Deno.test.beforeAll(async () => {
  plane = await storageGround({ fast: { provisioner: PROVISIONER, allowVolumeExpansion: true } });
  ({ ground } = plane);
});
Deno.test.afterAll(async () => await plane?.[Symbol.asyncDispose]());

const fast = { metadataSize: "1Gi", contentSize: "1Gi", storageClassName: "fast" };
const { contentSize: _, ...withoutContent } = fast;

interface Scenario extends WriteCrashScenario {
  readonly storage: Parameters<StorageServer["make"]>[0];
  readonly change: Parameters<StorageServer["edit"]>[0];
  /** Whether `kubectl rollout restart` was used before. */
  readonly restarted?: boolean;
}

const keepsPod = { writes: 4, ends: /"podIsKept": true/ };
const replacesPod = { writes: 4, ends: /"podIsKept": false/ };
const two = { metadataSize: "2Gi", contentSize: "3Gi" };
const scenarios: readonly Scenario[] = [
  { name: "two-grow", storage: fast, change: { storage: two }, ...keepsPod },
  {
    ...{ name: "restarted-grows", storage: fast, change: { storage: { metadataSize: "2Gi" } } },
    ...{ ...keepsPod, restarted: true },
  },
  {
    ...{ name: "owned-grow", storage: { ...fast, retention: "Delete" }, change: { storage: two } },
    ...keepsPod,
  },
  {
    ...{ name: "grow-and-roll", storage: fast, ...replacesPod },
    change: { storage: two, image: "example.com/dfs:2" },
  },
  {
    ...{ name: "added", storage: withoutContent, ...replacesPod },
    change: { storage: { contentSize: "2Gi", metadataSize: "2Gi" } },
  },
];

/** Whether nothing is left to do for the spec as it is, and the pod runs what it says. */
const isDone = ({ storage, image }: Scenario["change"]) => (moment: Moment): boolean => {
  const { metadata } = summary(moment).templates;
  return isSettled(moment) && metadata === storage?.metadataSize &&
    (image === undefined || moment.pod?.spec?.containers[0]?.image === image) &&
    (moment.pod?.spec?.volumes?.some(({ name }) => name === "content") ?? false);
};

/** A server with volumes, and what a growth makes of it. */
class GrowthRun implements WriteCrashRun {
  readonly #server: StorageServer;
  #before: Moment | undefined;

  constructor(readonly scenario: Scenario, readonly namespace: string) {
    this.#server = new StorageServer(ground, namespace);
  }

  async prepare(): Promise<void> {
    const { namespace, scenario } = this;
    await ground.kubectl(["create", "namespace", namespace]);
    await this.#server.make(scenario.storage);
    await using _operator = await operatorIn(ground, namespace);
    const { pod } = await this.#server.untilReady();
    if (scenario.restarted) {
      await ground.kubectl(["rollout", "restart", "statefulset/demo", "--namespace", namespace]);
      await this.#server.until(
        "the pod is new",
        (moment) => isSettled(moment) && moment.pod?.metadata.uid !== pod?.metadata.uid,
      );
    }
    await untilQuiet(ground, namespace);
    this.#before = await this.#server.now();
  }

  change(): Promise<void> {
    return this.#server.edit(this.scenario.change);
  }

  async pending(): Promise<string> {
    const moment = await this.#server.now();
    return isDone(this.scenario.change)(moment) ? "" : JSON.stringify(summary(moment));
  }

  async end(): Promise<string> {
    const after = await this.#server.now();
    const { volumes, claims, templates, set: { policy } } = summary(after);
    const now = new Set(uidsOf(after));
    const podIsKept = this.#before?.pod?.metadata.uid === after.pod?.metadata.uid;
    const end = {
      ...{ volumes, claims, templates, policy, podIsKept },
      isDone: isDone(this.scenario.change)(after),
      claimsAreKept: uidsOf(this.#before).every((uid) => now.has(uid)),
      owners: Object.values(after.claims).map((it) => it.metadata.ownerReferences?.length ?? 0),
      restartedAt: after.statefulSet?.spec?.template.metadata
        ?.annotations?.["kubectl.kubernetes.io/restartedAt"] !== undefined,
      made: await creationsAndDeletions(ground, this.namespace),
    };
    return JSON.stringify(end, null, 1).replaceAll(this.namespace, "*");
  }
}

const uidsOf = (moment: Moment | undefined) =>
  Object.values(moment?.claims ?? {}).map(({ metadata }) => metadata.uid);

writeCrashTests(scenarios, {
  ground: () => ground,
  test: beside,
  what: "a growth",
  runOf: (scenario, namespace) => new GrowthRun(scenario, namespace),
});
