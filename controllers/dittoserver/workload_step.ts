// The pod and all that it reads: configuration file, StatefulSet, volumes.
//
// They are one step because the pod must find them together. While a Secret is missing, a
// restart is held or a decision is missing, the configuration file is kept back as well, so that
// a container that restarts by itself finds what it had.

import type { DittoServerStatus } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import { digestOf } from "../../kube/digest.ts";
import { makeKey } from "../../kube/object.ts";
import { CONFIG_FILE, configMap } from "./config_map.ts";
import { CONFIG_HASH_ANNOTATION } from "./names.ts";
import type { Pass } from "./pass.ts";
import type { PodView } from "./pod_view.ts";
import type { ResolvedSecrets } from "./references_step.ts";
import { windowAt } from "./references/maintenance.ts";
import { rolloutInputs } from "./references/rollout_inputs.ts";
import { decideRollout, type Decision } from "./rollout.ts";
import { rolloutHash } from "./rollout_hash.ts";
import { wantedReplicas } from "./server.ts";
import { statefulSet } from "./stateful_set.ts";
import { ensureStorage } from "./storage/ensure.ts";

/** What the step found out. */
export interface Workload {
  /** Digest of what the pod is to consume; undefined when it is not known yet. */
  readonly configHash?: string;
  readonly decision?: Decision;
  readonly volumes?: DittoServerStatus["volumes"];
}

/** Brings the pod to where it should be, as far as that may be done now. */
export async function makeWorkload(pass: Pass, secrets: ResolvedSecrets): Promise<Workload> {
  const { server, context } = pass;
  const { kinds, clock } = context;
  const live = liveStatefulSet(pass);
  const blocked = pass.problems.some(({ aside, aspect }) => !aside && aspect !== "NetworkReady");
  // Nothing has to be read by a pod that is to stop.
  const stops = live !== undefined && wantedReplicas(server.spec) === 0;
  if (blocked && !stops) return {};

  const config = configMap(server);
  const text = config.data?.[CONFIG_FILE] ?? "";
  const configHash = blocked ? hashOf(live) : rolloutHash(text, secrets.digests);
  const desired = statefulSet(server, {
    configHash: configHash ?? "",
    databaseSecret: secrets.databaseSecret,
    inputs: rolloutInputs(server, text, secrets.digests),
    live,
  });
  const window = windowAt(server.spec.maintenance, new Date(clock.now()));
  const decision = decideRollout({
    desired,
    live,
    serving: livePod(pass)?.ready ?? false,
    window,
    unchangedMs: context.changes.unchangedMs(server.owner.uid, digestOf(desired), clock.now()),
  });
  if (decision.act !== "apply") return { ...(configHash && { configHash }), decision };

  const applied = blocked || await pass.apply("ConfigReady", kinds.configMaps, config);
  if (!applied) return {};
  const volumes = await ensureStorage(pass, desired);
  return { ...(configHash && { configHash }), decision, volumes };
}

/** The StatefulSet of the server as it is. */
export function liveStatefulSet({ context, server }: Pass): StatefulSet | undefined {
  const key = makeKey(server.namespace, server.names.statefulSet);
  return context.kinds.statefulSets.cache.get(key);
}

/** The pod of the server as it is. */
export function livePod({ context, server }: Pass): PodView | undefined {
  return context.kinds.pods.cache.get(makeKey(server.namespace, server.names.pod));
}

function hashOf(statefulSet: StatefulSet | undefined): string | undefined {
  return statefulSet?.spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}
