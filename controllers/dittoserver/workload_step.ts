// The pod and all that it reads: configuration file, StatefulSet, volumes.
//
// They are one step because the pod must find them together. While a Secret is missing or a
// restart is held, the configuration file is kept back as well, so that a container that restarts
// by itself finds what it had. Volumes grow all the same.

import type { DittoServerStatus } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import { digestOf } from "../../kube/digest.ts";
import { type Live, makeKey } from "../../kube/object.ts";
import type { Statement } from "../conditions.ts";
import { CONFIG_FILE, configMap } from "./config_map.ts";
import { windowAt } from "./maintenance.ts";
import { CONFIG_HASH_ANNOTATION } from "./names.ts";
import type { Pass } from "./pass.ts";
import type { PodView } from "./pod_view.ts";
import type { Secrets } from "./references_step.ts";
import { decideRollout, type Decision } from "./rollout.ts";
import { rolloutHash } from "./rollout_hash.ts";
import { ROLLOUT_INPUTS_ANNOTATION, rolloutInputs } from "./rollout_inputs.ts";
import { statefulSet, wantedReplicas } from "./stateful_set.ts";
import { ensureStorage } from "./storage/grow.ts";

/** What the step found out. */
export interface Workload {
  /** Digest of what the pod is to consume; undefined when it is not known. */
  readonly configHash: string | undefined;
  /** Undefined while something is in the way. */
  readonly decision: Decision | undefined;
  readonly storage?: {
    readonly condition: Statement;
    readonly volumes: DittoServerStatus["volumes"];
    /** What to throw, so that it is tried again. */
    readonly error: unknown;
  };
}

/** Brings the pod to where it should be, as far as that may be done now. */
export async function makeWorkload(pass: Pass, secrets: Secrets, dry: boolean): Promise<Workload> {
  const { server, context: { kinds, writer } } = pass;
  const live = liveStatefulSet(pass);
  // A pod that is to stop reads nothing any more.
  const stops = live !== undefined && wantedReplicas(server.spec) === 0;
  const lacking = isLacking(pass);
  const blocked = lacking && !stops;
  const config = configMap(server);
  const text = config.data?.[CONFIG_FILE] ?? "";
  const configHash = lacking ? hashOf(live) : rolloutHash(text, secrets.digests);
  if (configHash === undefined) return { configHash, decision: undefined };

  const desired = withInputs(pass, secrets, text, configHash);
  const decision = blocked ? undefined : decide(pass, desired, live);
  if (dry) return { configHash, decision };
  const goesOn = decision?.act === "apply" &&
    (lacking || await pass.apply("ConfigReady", kinds.configMaps, config) !== undefined);
  const storage = await ensureStorage(pass.context, server, desired.statefulSet);
  const { statefulSet: next } = storage;
  if (goesOn && next) {
    const step = `StatefulSet "${server.names.statefulSet}"`;
    await pass.attempt("ConfigReady", step, () => writer.apply(kinds.statefulSets, next));
  }
  return { configHash: blocked ? undefined : configHash, decision, storage };
}

interface Desired {
  readonly statefulSet: StatefulSet;
  readonly inputs: ReturnType<typeof rolloutInputs>;
}

/** The StatefulSet with the inputs of its pod noted on it. */
function withInputs(pass: Pass, secrets: Secrets, config: string, configHash: string): Desired {
  const { databaseSecret, uses, digests } = secrets;
  const live = liveStatefulSet(pass);
  const built = statefulSet(pass.server, { configHash, databaseSecret, live });
  const template = built.spec?.template ?? {};
  const inputs = rolloutInputs({ template, config, uses, digests });
  const annotations = {
    ...built.metadata?.annotations,
    [ROLLOUT_INPUTS_ANNOTATION]: JSON.stringify(inputs),
  };
  return { inputs, statefulSet: { ...built, metadata: { ...built.metadata, annotations } } };
}

function decide(pass: Pass, { inputs }: Desired, live: StatefulSet | undefined): Decision {
  const { server, context: { clock, changes } } = pass;
  const now = clock.now();
  const window = windowAt(server.spec.maintenance, new Date(now));
  for (const message of window.faults) {
    pass.problems.push({ aspect: "ConfigReady", reason: "InvalidWindow", message, stalled: true });
  }
  return decideRollout({
    inputs,
    replicas: wantedReplicas(server.spec),
    live,
    serving: livePod(pass)?.ready ?? false,
    window,
    unchangedMs: changes.unchangedMs(server.owner.uid, digestOf(inputs), now),
  });
}

/** Whether something that the pod needs is not in order. */
function isLacking({ problems }: Pass): boolean {
  return problems.some(({ aside, aspect }) => !aside && aspect !== "NetworkReady");
}

/** The StatefulSet of the server as it is. */
export function liveStatefulSet({ context, server }: Pass): Live<StatefulSet> | undefined {
  const key = makeKey(server.namespace, server.names.statefulSet);
  return context.kinds.statefulSets.cache.get(key);
}

/** The pod of the server as it is. */
export function livePod({ context, server }: Pass): Live<PodView> | undefined {
  return context.kinds.pods.cache.get(makeKey(server.namespace, server.names.pod));
}

function hashOf(statefulSet: StatefulSet | undefined): string | undefined {
  return statefulSet?.spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}
