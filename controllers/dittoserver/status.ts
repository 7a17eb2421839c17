// The status of a DittoServer: a pure function of what is wanted and what is there.

import type { ReadyReason } from "../../api/conditions.ts";
import type { DittoServer, DittoServerStatus } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import type { Happening } from "../../kube/events.ts";
import { conditions, type Statement } from "../conditions.ts";
import { CONFIG_HASH_ANNOTATION } from "./names.ts";
import type { Problem } from "./problem.ts";

/** What the status is computed from. */
export interface StatusFacts {
  /** How many servers should run; undefined when the spec cannot be read. */
  readonly replicas: number | undefined;
  /** Digest of what the pod is to consume; undefined when it is not known. */
  readonly configHash: string | undefined;
  readonly statefulSet: StatefulSet | undefined;
  readonly pod: string;
  readonly problems: readonly Problem[];
  readonly now: Date;
}

export function serverStatus(resource: DittoServer, facts: StatusFacts): DittoServerStatus {
  const { statefulSet, problems } = facts;
  const generation = resource.metadata?.generation;
  const { readyReplicas = 0, availableReplicas = 0 } = statefulSet?.status ?? {};
  const ready = readiness(facts);
  const runningHash = statefulSet?.spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
  const configHash = facts.configHash ?? runningHash;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase: phaseOf(ready.reason, problems),
    replicas: facts.replicas ?? resource.status?.replicas ?? 0,
    readyReplicas,
    availableReplicas,
    ...(configHash !== undefined && { configHash }),
    conditions: conditions(
      [...kstatus(ready, problems), available(facts, availableReplicas)],
      resource.status?.conditions ?? [],
      generation,
      facts.now,
    ),
  };
}

/** What `kubectl describe` should tell of a change of status, if anything. */
export function happeningOf(
  before: DittoServerStatus | undefined,
  now: DittoServerStatus,
): Happening | undefined {
  const ready = conditionOf(now, "Ready");
  if (!ready || ready.reason === conditionOf(before, "Ready")?.reason) return undefined;
  return {
    type: conditionOf(now, "Stalled") ? "Warning" : "Normal",
    reason: ready.reason,
    action: "Reconcile",
    note: ready.message,
  };
}

function conditionOf(status: DittoServerStatus | undefined, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}

interface Readiness {
  readonly ready: boolean;
  readonly reason: ReadyReason;
  readonly message: string;
}

function readiness(facts: StatusFacts): Readiness {
  const [first, ...others] = facts.problems;
  if (first) {
    const messages = [first, ...others].map(({ message }) => message).join("; ");
    return { ready: false, reason: first.reason, message: messages };
  }
  if (facts.replicas === 0 && settled(facts, 0)) {
    return {
      ready: true,
      reason: "Stopped",
      message: "The server is stopped and its data kept; set spec.replicas to 1 to start it",
    };
  }
  if (facts.replicas === 1 && settled(facts, 1)) {
    return {
      ready: true,
      reason: "Serving",
      message: `Pod ${facts.pod} runs with the present configuration and answers`,
    };
  }
  return {
    ready: false,
    reason: "WaitingForPod",
    message: facts.replicas === 0
      ? `Waiting for pod ${facts.pod} to stop`
      : `Waiting for pod ${facts.pod} to be ready with the present configuration`,
  };
}

/** Whether the StatefulSet has seen its spec, and exactly the wanted pods run its revision. */
function settled({ statefulSet, configHash }: StatusFacts, replicas: number): boolean {
  const { spec, status, metadata } = statefulSet ?? {};
  return status !== undefined &&
    status.observedGeneration === metadata?.generation &&
    spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION] === configHash &&
    status.replicas === replicas &&
    (status.readyReplicas ?? 0) === replicas &&
    (replicas === 0 ||
      (status.updatedReplicas === replicas && status.currentRevision === status.updateRevision));
}

function kstatus(ready: Readiness, problems: readonly Problem[]): Statement[] {
  const { reason, message } = ready;
  const statements: Statement[] = [
    { type: "Ready", status: ready.ready ? "True" : "False", reason, message },
  ];
  if (problems.some(({ stalled }) => stalled)) {
    statements.push({ type: "Stalled", status: "True", reason, message });
  } else if (!ready.ready) {
    statements.push({ type: "Reconciling", status: "True", reason, message });
  }
  return statements;
}

function available({ replicas, pod }: StatusFacts, count: number): Statement {
  if (count > 0) {
    const message = `Pod ${pod} answers its readiness probe`;
    return { type: "Available", status: "True", reason: "PodReady", message };
  }
  return replicas === 0
    ? { type: "Available", status: "False", reason: "Stopped", message: "spec.replicas is 0" }
    : {
      type: "Available",
      status: "False",
      reason: "NoPodReady",
      message: `Pod ${pod} does not answer its readiness probe`,
    };
}

function phaseOf(reason: ReadyReason, problems: readonly Problem[]): DittoServerStatus["phase"] {
  if (problems.some(({ stalled }) => stalled)) return "Failed";
  if (reason === "Serving") return "Running";
  return reason === "Stopped" ? "Stopped" : "Pending";
}
