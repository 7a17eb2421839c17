// The StatefulSet of the server: one pod at most, and its volumes.

import type { PersistentVolumeClaim, StatefulSet } from "../../api/kubernetes/types.ts";
import { selectorLabels } from "./names.ts";
import { podTemplate } from "./pod.ts";
import { childMeta, type Server } from "./server.ts";
import { claimTemplates } from "./volumes.ts";

/** What a StatefulSet is made of besides the server itself. */
export interface StatefulSetFacts {
  /** Digest of what the pod consumes. */
  readonly configHash: string;
  /** The StatefulSet as it is, if it exists. */
  readonly live: StatefulSet | undefined;
}

export function statefulSet(server: Server, { configHash, live }: StatefulSetFacts): StatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: childMeta(server, server.names.statefulSet),
    spec: {
      replicas: server.spec.replicas,
      serviceName: server.names.headlessService,
      selector: { matchLabels: selectorLabels(server.name) },
      // A pod of an old revision that never became ready is replaced without being waited for.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: podTemplate(server, configHash),
      // Claim templates can never change, so what exists is what is wanted.
      volumeClaimTemplates: live?.spec?.volumeClaimTemplates?.map(asWritten) ??
        claimTemplates(server.spec),
    },
  };
}

/** A claim template as it was written, without what the API server added. */
function asWritten({ status: _, metadata, ...template }: PersistentVolumeClaim) {
  const { creationTimestamp: _added, ...written } = metadata ?? {};
  return { ...template, metadata: written };
}
