// The StatefulSet of the server: one pod at most, and its volumes.

import type { PersistentVolumeClaim, StatefulSet } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { RESTARTED_FOR_ANNOTATION, selectorLabels } from "./names.ts";
import { podTemplate } from "./pod.ts";
import { childMeta, type Server } from "./server.ts";
import { RETAIN } from "./storage/ownership.ts";
import { claimTemplates, dataVolumes } from "./volumes.ts";

/** What a StatefulSet is made of besides the server itself. */
export interface StatefulSetFacts {
  /** Digest of what the pod consumes. */
  readonly configHash: string;
  /** The StatefulSet as it is, if it exists. */
  readonly live: StatefulSet | undefined;
  /**
   * Secret with the way to the PostgreSQL database (see secret_env.ts). Unless told otherwise
   * that of `spec.database.postgresSecretRef`, which then has the keys host, database, user and
   * password.
   */
  readonly databaseSecret?: string | undefined;
  /** UID of the pod that is to be replaced for settings of the database; the last one else. */
  readonly restartFor?: string | undefined;
}

/** How many servers should run: none when the server is stopped or hibernates. */
export function wantedReplicas({ hibernate, replicas }: DittoServerSpec): number {
  return hibernate ? 0 : replicas;
}

export function statefulSet(server: Server, facts: StatefulSetFacts): StatefulSet {
  const { spec, names } = server;
  // Claim templates can never change, so what exists is what is wanted.
  const templates = facts.live?.spec?.volumeClaimTemplates?.map(asWritten) ?? claimTemplates(spec);
  const template = podTemplate(server, {
    configHash: facts.configHash,
    claims: dataVolumes(spec).map(({ name }) => name),
    databaseSecret: facts.databaseSecret ?? spec.database.postgresSecretRef?.name,
    restartedFor: facts.restartFor ?? restartedFor(facts.live),
  });
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: childMeta(server, names.statefulSet),
    spec: {
      replicas: wantedReplicas(spec),
      serviceName: names.headlessService,
      selector: { matchLabels: selectorLabels(server.name) },
      // A pod of an old revision that never became ready is replaced without being waited for.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: RETAIN,
      template,
      volumeClaimTemplates: templates,
    },
  };
}

function restartedFor(live: StatefulSet | undefined): string | undefined {
  return live?.spec?.template.metadata?.annotations?.[RESTARTED_FOR_ANNOTATION];
}

/** A claim template as it was written, without what the API server added. */
function asWritten({ status: _, metadata, ...template }: PersistentVolumeClaim) {
  const { creationTimestamp: _added, ...written } = metadata ?? {};
  return { ...template, metadata: written };
}
