// The pod of the server. Its template holds what the pod consumes and nothing else, because
// whatever changes in it replaces the pod.

import type { PodSpec, PodTemplateSpec } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { container, type ContainerFacts } from "./container.ts";
import { CONFIG_HASH_ANNOTATION, RESTARTED_FOR_ANNOTATION, selectorLabels } from "./names.ts";
import { secretFiles } from "./secret_files.ts";
import { podSecurityContext } from "./security.ts";
import type { Server } from "./server.ts";
import { gracePeriodSeconds } from "./timing.ts";
import { podVolumes } from "./volumes.ts";

/** What the pod is made of besides the server itself. */
export interface PodFacts extends ContainerFacts {
  /** Digest of what the pod consumes. */
  readonly configHash: string;
  /** UID of the last pod that was replaced for settings of the database. */
  readonly restartedFor?: string | undefined;
}

/** The pod template. */
export function podTemplate(server: Server, facts: PodFacts): PodTemplateSpec {
  const { spec, names } = server;
  const secrets = secretFiles(spec);
  return {
    metadata: {
      labels: { ...spec.pod?.labels, ...selectorLabels(server.name) },
      annotations: {
        ...spec.pod?.annotations,
        [CONFIG_HASH_ANNOTATION]: facts.configHash,
        ...(facts.restartedFor && { [RESTARTED_FOR_ANNOTATION]: facts.restartedFor }),
      },
    },
    spec: {
      automountServiceAccountToken: false,
      // The cluster's variables for a Service called dittofs-metrics or the like would be taken
      // for settings: DITTOFS_METRICS_PORT=tcp://10.96.0.7:9090 ends the server at its start.
      enableServiceLinks: false,
      ...placement(spec),
      securityContext: podSecurityContext(spec.podSecurityContext),
      terminationGracePeriodSeconds: gracePeriodSeconds(spec),
      ...(spec.imagePullSecrets?.length && { imagePullSecrets: spec.imagePullSecrets }),
      containers: [container(server, secrets, facts)],
      volumes: podVolumes(names.configMap, secrets),
    },
  };
}

/**
 * Where the pod runs, as `spec.pod` says. What is empty is left out, as the API server does: it
 * would not come back.
 */
function placement({ pod = {} }: DittoServerSpec): Partial<PodSpec> {
  const { affinity, nodeSelector, tolerations, topologySpreadConstraints } = pod;
  const { priorityClassName, runtimeClassName, schedulerName, serviceAccountName } = pod;
  return {
    ...(nodeSelector && Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(affinity && { affinity }),
    ...(tolerations?.length && { tolerations }),
    ...(topologySpreadConstraints?.length && { topologySpreadConstraints }),
    ...(priorityClassName && { priorityClassName }),
    ...(runtimeClassName && { runtimeClassName }),
    ...(schedulerName && { schedulerName }),
    ...(serviceAccountName && { serviceAccountName }),
  };
}
