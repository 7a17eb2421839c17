// The pod and all that it reads: configuration file, StatefulSet, volumes.
//
// They are one step because the pod must find them together. While a Secret is missing or a
// restart is held, the configuration file is kept back as well, so that a container that restarts
// by itself finds what it had. Volumes grow all the same.

import type { DittoServerStatus } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import { digestOf } from "../../kube/digest.ts";
import { secondsOf } from "../duration.ts";
import { type Live, makeKey } from "../../kube/object.ts";
import type { Statement } from "../conditions.ts";
import { configMap } from "./config_map.ts";
import { windowAt } from "./maintenance.ts";
import { CONFIG_HASH_ANNOTATION } from "./names.ts";
import type { Pass } from "./pass.ts";
import type { PodView } from "./pod_view.ts";
import type { Secrets } from "./references_step.ts";
import { decideRollout, type Decision } from "./rollout.ts";
import { rolloutHash } from "./rollout_hash.ts";
import { ROLLOUT_INPUTS_ANNOTATION, type RolloutInputs, rolloutInputs } from "./rollout_inputs.ts";
import type { Server } from "./server.ts";
import { consumedConfig } from "./server_config.ts";
import { livePodOf, servingPodUid } from "./server_kinds.ts";
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
  const text = consumedConfig(server.spec);
  const configHash = lacking ? hashOf(live) : rolloutHash(text, secrets.digests);

  const { databaseSecret } = secrets;
  const restartFor = podToReplace(pass);
  const facts = { configHash: configHash ?? "", databaseSecret, live, restartFor };
  const desired = statefulSet(server, facts);
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
  const { server, context: { clock, changes, departures } } = pass;
  const { uid } = server.owner;
  const key = makeKey(server.namespace, server.name);
  const pod = livePod(pass);
  const now = clock.now();
  const window = windowAt(server.spec.maintenance, new Date(now));
  for (const message of window.faults) {
    pass.problems.push({ aspect: "ConfigReady", reason: "InvalidWindow", message, stalled: true });
  }
  const decision = decideRollout({
    inputs,
    next,
    live: liveStatefulSet(pass),
    serving: servingPodUid(pass.context.kinds, server) !== undefined,
    window,
    unchangedMs: changes.unchangedMs(uid, digestOf(inputs), now),
    told: pass.dry || isTold(pass),
    departure: (when) => {
      if (!pod || pass.dry) return {};
      const podUid = pod.metadata.uid;
      return when === "later"
        ? departures.count(key, uid, podUid)
        : departures.drain(key, uid, podUid, drainMs(server));
    },
  });
  if (decision.act === "apply" && !decision.departure) departures.forget(uid);
  return decision;
}

/** How long uploads may be waited for, in milliseconds. */
function drainMs({ spec: { maintenance } }: Server): number {
  return 1000 * secondsOf(maintenance?.drainTimeout ?? "10m");
}

/** Whether the server knows what it has to know before it starts again, as far as it can. */
function isTold({ context, resource, server }: Pass): boolean {
  const { metadata: { uid, generation } } = resource;
  const findings = context.findings.get(uid);
  if (findings?.podUid !== servingPodUid(context.kinds, server)) return false;
  const { Authenticated } = findings?.aspects ?? {};
  const reached = Authenticated?.reason === "LoggedIn";
  return !reached || (findings?.generation === generation && (findings?.noted ?? true));
}

/** The pod that has to be replaced for settings of the database, once the server has them. */
function podToReplace({ context, resource, server }: Pass): string | undefined {
  const wanted = resource.status?.managed?.restart;
  const findings = context.findings.get(resource.metadata.uid);
  const podUid = servingPodUid(context.kinds, server);
  const known = wanted === podUid && findings?.podUid === podUid;
  return known && findings?.restart !== "noting" ? podUid : undefined;
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
  return livePodOf(context.kinds, server);
}

function hashOf(statefulSet: StatefulSet | undefined): string | undefined {
  return statefulSet?.spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}
