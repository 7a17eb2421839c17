// Is the server ready, and if not, why not? One answer, from which Ready, Reconciling, Stalled
// (kstatus.ts) and the phase follow.

import type { ReadyReason } from "../../api/conditions.ts";
import type { DittoServerStatus } from "../../api/dittoserver.ts";
import type { StatefulSet } from "../../api/kubernetes/types.ts";
import type { Standing } from "../kstatus.ts";
import { CONFIG_HASH_ANNOTATION } from "./names.ts";
import type { PodView } from "./pod_view.ts";
import type { Problem } from "./problem.ts";

/** What readiness follows from. */
export interface ReadinessFacts {
  /** Servers that there should be. */
  readonly replicas: number;
  readonly paused: boolean;
  /** A change of the pod waits: for others that may join it, or for its maintenance window. */
  readonly pending: false | "announced" | "held";
  /** Digest of what the pod is to consume; undefined when it is not known. */
  readonly configHash: string | undefined;
  readonly statefulSet: StatefulSet | undefined;
  /** Name of the pod. */
  readonly podName: string;
  readonly pod: PodView | undefined;
  /** Why its protocols do not serve; undefined if they do, as far as is known. */
  readonly notServing: NotServing | undefined;
  readonly problems: readonly Problem[];
}

/** Why files are not served although the pod is ready. */
export interface NotServing {
  readonly reason: ReadyReason;
  readonly message: string;
}

/** The answer. */
export interface Readiness extends Standing {
  readonly reason: ReadyReason;
}

export function readinessOf(facts: ReadinessFacts): Readiness {
  const { replicas, paused, pending, podName, problems } = facts;
  const notYet = (reason: ReadyReason, message: string, stalled = false): Readiness => ({
    ...{ ready: false, reason, message, stalled },
  });
  const inTheWay = problems.filter(({ aside }) => !aside);
  const [first] = inTheWay;
  if (first && !paused) {
    const messages = inTheWay.map(({ message }) => message).join("; ");
    return notYet(first.reason, messages, inTheWay.some(({ stalled }) => stalled));
  }
  if (!pending && replicas === 0 && settled(facts, 0)) {
    return {
      ready: true,
      reason: "Stopped",
      message: "The server is stopped and its data kept; set spec.replicas to 1 to start it",
      stalled: false,
    };
  }
  if (!pending && replicas === 1 && settled(facts, 1)) {
    const { notServing } = facts;
    if (notServing) {
      const { reason, message } = notServing;
      return notYet(reason, message, reason === "NotListening");
    }
    return {
      ready: true,
      reason: "Serving",
      message: `Pod ${podName} runs with the present configuration and answers`,
      stalled: false,
    };
  }
  if (paused) {
    return notYet(
      "Paused",
      "The operator is paused and changes nothing; set spec.paused to false to go on",
    );
  }
  if (pending === "held") {
    return notYet(
      "RestartHeld",
      "A change waits for the next maintenance window; see status.rollout",
    );
  }
  return waiting(facts, notYet);
}

function waiting(
  { replicas, podName, pod, statefulSet }: ReadinessFacts,
  notYet: (reason: ReadyReason, message: string, stalled?: boolean) => Readiness,
): Readiness {
  if (replicas === 0) return notYet("WaitingForPod", `Waiting for pod ${podName} to stop`);
  const what = `Waiting for pod ${podName} to be ready with the present configuration`;
  const refused = statefulSet?.status?.conditions?.find(({ status }) => status === "False");
  if (pod?.trouble) {
    const { reason, message, mayPass } = pod.trouble;
    if (mayPass) return notYet("WaitingForPod", `${what}: ${reason}: ${message}`);
    return notYet("PodFailing", `Pod ${podName} does not start: ${reason}: ${message}`, true);
  }
  return notYet("WaitingForPod", refused?.message ? `${what}: ${refused.message}` : what);
}

/** Whether the StatefulSet has seen its spec, and exactly the wanted pods run its revision. */
function settled({ statefulSet, configHash }: ReadinessFacts, replicas: number): boolean {
  const { spec, status, metadata } = statefulSet ?? {};
  return status !== undefined &&
    status.observedGeneration === metadata?.generation &&
    spec?.replicas === replicas &&
    spec?.template.metadata?.annotations?.[CONFIG_HASH_ANNOTATION] === configHash &&
    status.replicas === replicas &&
    (status.readyReplicas ?? 0) === replicas &&
    (replicas === 0 ||
      (status.updatedReplicas === replicas && status.currentRevision === status.updateRevision));
}

export function phaseOf({ reason, stalled }: Readiness): DittoServerStatus["phase"] {
  if (stalled) return "Failed";
  if (reason === "Serving") return "Running";
  return reason === "Stopped" ? "Stopped" : "Pending";
}
