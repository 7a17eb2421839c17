// The status of a DittoServer: a pure function of what is wanted and what is there.

import { DITTO_SERVER_CONDITIONS as TABLE } from "../../api/conditions.ts";
import type { DittoServer, DittoServerStatus } from "../../api/dittoserver.ts";
import type { Happening } from "../../kube/events.ts";
import { asSaid, conditions, type Statement } from "../conditions.ts";
import { happeningOf as newsOf, kstatus } from "../kstatus.ts";
import { aspectStatements, type InOrder } from "./aspects.ts";
import { CONFIG_HASH_ANNOTATION } from "./names.ts";
import { phaseOf, type ReadinessFacts, readinessOf } from "./readiness.ts";

/** What the status is computed from. */
export interface StatusFacts extends ReadinessFacts {
  /** What the aspects without a problem say. */
  readonly inOrder: InOrder;
  readonly endpoints: Pick<DittoServerStatus, "nfsEndpoint" | "smbEndpoint" | "apiEndpoint">;
  readonly volumes: DittoServerStatus["volumes"];
  readonly rollout: DittoServerStatus["rollout"];
  readonly managed: DittoServerStatus["managed"];
  /** What is said of the server behind its REST API. */
  readonly rest: readonly Statement[];
  /** The generation of the spec that it was compared with; undefined if with none. */
  readonly compared: number | undefined;
  readonly now: Date;
}

export function serverStatus(resource: DittoServer, facts: StatusFacts): DittoServerStatus {
  const { statefulSet, pod, problems, inOrder, endpoints, volumes, rollout, managed, now } = facts;
  const previous = resource.status?.conditions ?? [];
  const generation = observedGeneration(resource, facts);
  const { readyReplicas = 0, availableReplicas = 0 } = statefulSet?.status ?? {};
  const ready = readinessOf(facts);
  const runningHash = statefulSet?.spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
  const configHash = runningHash ?? facts.configHash;
  const { reason } = ready;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase: phaseOf(ready),
    replicas: facts.replicas,
    readyReplicas,
    availableReplicas,
    ...endpoints,
    ...(pod?.image !== undefined && { image: pod.image }),
    ...(configHash !== undefined && { configHash }),
    ...(rollout && reason !== "Serving" && reason !== "Stopped" && { rollout }),
    ...(managed && { managed }),
    ...(volumes && volumes.length > 0 && { volumes }),
    conditions: conditions(
      [
        ...kstatus(TABLE, ready, { previous, now }),
        available(facts, availableReplicas),
        ...aspectStatements(problems, inOrder),
        ...facts.rest,
      ],
      previous,
      generation,
      now,
    ),
  };
}

/** The newest generation of the spec of which all is true that the status says. */
function observedGeneration(
  { metadata }: DittoServer,
  { compared }: StatusFacts,
): number | undefined {
  const generation = metadata?.generation;
  if (generation === undefined || compared === undefined) return generation;
  return Math.min(generation, compared);
}

/** What the status of a server is computed from whose spec cannot be used. */
export interface InvalidFacts extends Pick<StatusFacts, "statefulSet" | "podName" | "now"> {
  /** What is wrong with the spec. */
  readonly message: string;
}

/**
 * The status of a server whose spec cannot be used. Nothing is done for it and little is looked at,
 * so all stays as it was said to be, but how many pods are ready.
 */
export function invalidStatus(
  resource: DittoServer,
  { statefulSet, podName, message, now }: InvalidFacts,
): DittoServerStatus {
  const { status: before, metadata } = resource;
  const generation = metadata?.generation;
  const previous = before?.conditions ?? [];
  const { readyReplicas = 0, availableReplicas = 0 } = statefulSet?.status ?? {};
  const ready = { ready: false, stalled: true, reason: "InvalidSpec", message } as const;
  return {
    ...{ replicas: 0, ...before },
    ...(generation !== undefined && { observedGeneration: generation }),
    ...{ phase: phaseOf(ready), readyReplicas, availableReplicas },
    conditions: [
      ...conditions(
        [
          ...kstatus(TABLE, ready, { previous, now }),
          available({ replicas: before?.replicas, podName }, availableReplicas),
        ],
        previous,
        generation,
        now,
      ),
      ...asSaid(previous, ASPECTS),
    ],
  };
}

const ASPECTS = Object.keys(TABLE).filter((type) => type !== "Ready" && type !== "Available");

/** What `kubectl describe` should tell of a change of status, if anything. */
export function happeningOf(
  before: DittoServerStatus | undefined,
  now: DittoServerStatus,
): Happening | undefined {
  const { rollout } = now;
  const announces = rollout?.state === "Held" || rollout?.state === "Pending";
  if (announces && rollout.state !== before?.rollout?.state) {
    const when = rollout.state === "Held"
      ? `waits for the maintenance window${rollout.notBefore ? ` at ${rollout.notBefore}` : ""}`
      : "follows at once";
    const note = `A restart ${when}, because of: ${rollout.reasons.join(", ")}`;
    return { type: "Normal", reason: "RestartPlanned", action: "Rollout", note };
  }
  return newsOf(TABLE, before?.conditions, now.conditions ?? []);
}

function available(
  { replicas, podName }: { readonly replicas: number | undefined; readonly podName: string },
  count: number,
): Statement {
  if (count > 0) {
    const message = `Pod ${podName} answers its readiness probe`;
    return { type: "Available", status: "True", reason: "PodReady", message };
  }
  return replicas === 0
    ? { type: "Available", status: "False", reason: "Stopped", message: "The server is stopped" }
    : {
      type: "Available",
      status: "False",
      reason: "NoPodReady",
      message: `Pod ${podName} does not answer its readiness probe`,
    };
}
