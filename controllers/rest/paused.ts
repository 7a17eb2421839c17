// What a resource says while its server is paused.
//
// Nothing on the server is changed then, and nothing is looked at. So what was said of a resource
// stays said: one that was Ready goes on serving and stays Ready, as a paused DittoServer does.
// That nobody looks after it any more is said by ServerReady. Whoever changes its spec meanwhile
// reads in Ready what that waits for.

import type { Condition } from "../../api/dittoserver/status.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import type { InOrder } from "./judgement.ts";
import type { Unreached } from "./reach.ts";

interface Reported extends KubernetesObject {
  readonly status?: {
    readonly observedGeneration?: number | undefined;
    readonly conditions?: readonly Condition[] | undefined;
  };
}

/** What follows from a pause. */
export interface Resting {
  readonly problem: Unreached;
  /** What the aspects go on saying. */
  readonly inOrder: InOrder;
}

/** What a resource says for which nothing is done; `problem` says why its server is left alone. */
export function resting(resource: Live<Reported>, problem: Unreached): Resting {
  const { metadata: { generation }, status: { conditions = [], observedGeneration } = {} } =
    resource;
  // What was said of another spec is not so of this one.
  if (observedGeneration !== generation) return { problem, inOrder: {} };
  const aspects = conditions.filter(({ type }) => !OF_ALL.has(type));
  const wasReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  const isFine = wasReady ||
    (aspects.length > 0 && aspects.every(({ status }) => status === "True"));
  // What was never looked at is not worth keeping.
  const kept = aspects.filter(({ reason }) => reason !== "Waiting");
  return {
    problem: problem.reason === "ServerPaused" && isFine ? { ...problem, aside: true } : problem,
    inOrder: Object.fromEntries(
      kept.map(({ type, reason, message }) => [type, { reason, message }]),
    ),
  };
}

/** Conditions of the resource as a whole, and the one that tells of the pause. */
const OF_ALL = new Set(["Ready", "Reconciling", "Stalled", "ServerReady"]);
