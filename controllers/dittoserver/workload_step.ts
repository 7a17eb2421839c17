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
import { ROLLOUT_INPUTS_ANNOTATION, type RolloutInputs, rolloutInputs } from "./rollout_inputs.ts";
import type { Server } from "./server.ts";
import { statefulSet, wantedReplicas } from "./stateful_set.ts";
import { ensureStorage, lookAtStorage } from "./storage/grow.ts";
import { completed } from "./storage/templates.ts";
import { wantedVolumes } from "./storage/volume.ts";

/** What the step found out. */
export interface Workload {
  /** Digest of what the pod is to consume; undefined when it is not known. */
  readonly configHash: string | undefined;
  /** Undefined while something is in the way. */
  readonly decision: Decision | undefined;
  readonly storage: StorageReport;
}

/** What is told of the volumes. */
export interface StorageReport {
  readonly condition: Statement;
  readonly volumes: DittoServerStatus["volumes"];
  /** The StatefulSet is away for a moment, and the pod serves on. */
  readonly recreating: boolean;
  /** What to throw, so that it is tried again. */
  readonly error: unknown;
}

/** Brings the pod to where it should be, as far as that may be done now. */
export async function makeWorkload(pass: Pass, secrets: Secrets): Promise<Workload> {
  const { server, dry, context: { kinds } } = pass;
  const live = liveStatefulSet(pass);
  // A pod that is to stop reads nothing any more.
  const stops = live !== undefined && wantedReplicas(server.spec) === 0;
  const lacking = isLacking(pass);
  const config = configMap(server);
  const text = config.data?.[CONFIG_FILE] ?? "";
  const configHash = lacking ? hashOf(live) : rolloutHash(text, secrets.digests);

  const { databaseSecret } = secrets;
  const desired = statefulSet(server, { configHash: configHash ?? "", databaseSecret, live });
  // Also while it is not known what the pod is to read: a StatefulSet that a growth has taken
  // away must come back, and it comes with what its pod has read.
  const storage = dry
    ? {
      ...lookAtStorage(pass.context, server, desired),
      ...{ statefulSet: asApplied(server, desired, live), recreating: false, error: undefined },
    }
    : await ensureStorage(pass.context, server, desired);
  if (configHash === undefined) return { configHash, decision: undefined, storage };
  const next = storage.statefulSet;
  if (!next || (lacking && !stops)) return { configHash: undefined, decision: undefined, storage };

  const inputs = inputsOf(next, text, secrets);
  const decision = decide(pass, inputs, next);
  if (!dry && decision.act === "apply") {
    // Without what it should read there is no file to write either.
    const applied = lacking || await pass.apply("ConfigReady", kinds.configMaps, config);
    if (applied) await pass.apply("ConfigReady", kinds.statefulSets, noted(next, inputs));
  }
  return { configHash, decision, storage };
}

/** The StatefulSet as it would be applied over the one that exists. */
function asApplied(server: Server, desired: StatefulSet, live: StatefulSet | undefined) {
  return live ? completed(desired, live, wantedVolumes(server), () => true) : desired;
}

function inputsOf(next: StatefulSet, config: string, { uses, digests }: Secrets): RolloutInputs {
  return rolloutInputs({ template: next.spec?.template ?? {}, config, uses, digests });
}

/** The StatefulSet with the inputs of its pod noted on it. */
function noted(next: StatefulSet, inputs: RolloutInputs): StatefulSet {
  const note = { [ROLLOUT_INPUTS_ANNOTATION]: JSON.stringify(inputs) };
  const annotations = { ...next.metadata?.annotations, ...note };
  return { ...next, metadata: { ...next.metadata, annotations } };
}

function decide(pass: Pass, inputs: RolloutInputs, next: StatefulSet): Decision {
  const { server, context: { clock, changes } } = pass;
  const now = clock.now();
  const window = windowAt(server.spec.maintenance, new Date(now));
  for (const message of window.faults) {
    pass.problems.push({ aspect: "ConfigReady", reason: "InvalidWindow", message, stalled: true });
  }
  return decideRollout({
    inputs,
    next,
    live: liveStatefulSet(pass),
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
