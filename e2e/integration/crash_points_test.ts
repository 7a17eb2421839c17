// The operator dies just before or just after each of its writes, is started again, and must end
// where it would have ended, with the same objects created and deleted on the way.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import { until } from "../harness/poll.ts";
import { operatorIn, untilQuiet, type WriteCrashRun, writeCrashTests } from "./_crash_at_writes.ts";
import { creationsAndDeletions } from "./_creations_and_deletions.ts";
import { type Scenario, scenarios } from "./_crash_scenarios.ts";
import { install } from "./_operator.ts";
import { type TestPlane, testPlane } from "./_plane.ts";
import { readAll } from "./_read.ts";
import { stateOf } from "./_state.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: true });
  await ground.kubectl(["create", "namespace", "dittofs-system"]);
  await install(ground);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

/** One server in a namespace, or none any more. */
class ServerRun implements WriteCrashRun {
  /** Of the StatefulSet before the change. */
  #generation = 0;

  constructor(readonly scenario: Scenario, readonly namespace: string) {}

  async prepare(): Promise<void> {
    await ground.kubectl(["create", "namespace", this.namespace]);
    await this.scenario.before(ground, this.namespace);
    if (!this.scenario.settled) return;
    await using _operator = await operatorIn(ground, this.namespace);
    const isDone = async () => await this.#unfollowed() === "";
    await until("the server is as it should be", isDone, { within: 60_000 });
    await untilQuiet(ground, this.namespace);
    this.#generation = (await this.#objects()).set?.metadata.generation ?? 0;
  }

  change(): Promise<unknown> {
    return this.scenario.change(ground, this.namespace);
  }

  async pending(): Promise<string> {
    const { server, set } = await this.#objects();
    if (this.scenario.removes) return server || set ? "it is still there" : "";
    if (server?.metadata.finalizers?.length) return "its finalizer";
    if ((set?.metadata.generation ?? 0) <= this.#generation) return "a change of the StatefulSet";
    return await this.#unfollowed();
  }

  async end(): Promise<string> {
    const [state, made] = await Promise.all([
      stateOf(ground, this.namespace),
      creationsAndDeletions(ground, this.namespace),
    ]);
    return [state, ...made].join("\n");
  }

  /** What the operator has not seen of the resource, or Kubernetes of the StatefulSet. */
  async #unfollowed(): Promise<string> {
    const { server, set } = await this.#objects();
    const { metadata, status } = server ?? {};
    if (!metadata || status?.observedGeneration !== metadata.generation) return "a status";
    // The Go operator's is made again, after everything else.
    if (set?.spec?.podManagementPolicy !== "Parallel") return "a StatefulSet of ours";
    const { observedGeneration, replicas } = set.status ?? {};
    const followed = !set.metadata.deletionTimestamp &&
      observedGeneration === set.metadata.generation && replicas === set.spec.replicas;
    return followed ? "" : `Kubernetes' part: ${JSON.stringify(set.status)}`;
  }

  async #objects() {
    const [servers, sets] = await Promise.all([
      readAll<Live<DittoServer>>(ground, "dittoservers", this.namespace),
      readAll<Live<StatefulSet>>(ground, "statefulsets", this.namespace),
    ]);
    return { server: servers[0], set: sets[0] };
  }
}

writeCrashTests(scenarios, {
  ground: () => ground,
  test: Deno.test,
  what: "the operator",
  runOf: (scenario, namespace) => new ServerRun(scenario, namespace),
});
