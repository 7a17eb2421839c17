// A pod of an old revision that does not get ready is replaced by hand where the StatefulSet's
// own controller would wait for it for ever.
//
// With `podManagementPolicy: OrderedReady`, which the Go operator's StatefulSets have and which
// cannot be changed, a pod that a mistake in the spec has broken is never replaced, even after
// the mistake was corrected (kubernetes#67250).

import type { StatefulSet } from "../../api/kubernetes/types.ts";
import type { Live } from "../../kube/object.ts";
import type { Pass } from "./pass.ts";
import type { PodView } from "./pod_view.ts";
import { livePod, liveStatefulSet } from "./workload_step.ts";

/** Deletes the pod if it is stuck on an old revision. */
export async function replaceStuckPod(pass: Pass): Promise<void> {
  const statefulSet = liveStatefulSet(pass);
  const pod = livePod(pass);
  if (!pod || !isStuck(pod, statefulSet)) return;
  const { kinds, writer } = pass.context;
  const step = `Pod "${pod.metadata.name}" of an old revision`;
  await pass.attempt("ConfigReady", step, () => writer.delete(kinds.pods, pod));
}

/** Whether nobody but us will replace a pod that does not serve. */
export function isStuck(pod: Live<PodView>, statefulSet: StatefulSet | undefined): boolean {
  const { spec, status, metadata } = statefulSet ?? {};
  return spec?.podManagementPolicy === "OrderedReady" &&
    status?.observedGeneration === metadata?.generation &&
    status?.updateRevision !== undefined && pod.revision !== status.updateRevision &&
    !pod.ready && pod.metadata.deletionTimestamp === undefined;
}
