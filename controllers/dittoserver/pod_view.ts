// What is kept of a server's pod: enough to say in one sentence why it does not serve.

import type { Pod } from "../../api/kubernetes/types.ts";
import type { KubernetesObject, Live } from "../../kube/object.ts";
import { CONTAINER } from "./names.ts";
import type { SecretVolume } from "./secret_files.ts";

/** A pod as far as the operator reads it. */
export interface PodView extends KubernetesObject {
  readonly ready: boolean;
  /** The image of the running container. */
  readonly image?: string;
  /** It was made with the certificate that NFS is to have. */
  readonly hasNfsCertificate?: true;
  /** Why it does not get on, if it does not. */
  readonly trouble?: Trouble;
}

/** What stands in the way of a pod. */
export interface Trouble {
  /** Such as ImagePullBackOff. */
  readonly reason: string;
  readonly message: string;
  /** It may pass by itself: a volume is being made, or a node is on its way. */
  readonly mayPass?: true;
}

const NFS_CERTIFICATE: SecretVolume = "nfs-tls";

/** Reasons to wait that are no trouble. */
const PATIENCE = new Set(["ContainerCreating", "PodInitializing"]);

/** Takes out of a pod what is read of it. */
export function viewPod({ metadata, spec, status }: Live<Pod>): Live<PodView> {
  const { name, namespace, uid, resourceVersion, labels, deletionTimestamp } = metadata;
  const container = status?.containerStatuses?.find(({ name }) => name === CONTAINER);
  const image = spec?.containers.find(({ name }) => name === CONTAINER)?.image;
  const trouble = troubleOf(status);
  return {
    metadata: {
      ...{ name, uid, resourceVersion },
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    ready: status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
      false,
    ...(container?.state?.running && image !== undefined && { image }),
    ...(spec?.volumes?.some(({ name }) => name === NFS_CERTIFICATE) && {
      hasNfsCertificate: true,
    }),
    ...(trouble && { trouble }),
  };
}

function troubleOf(status: Pod["status"]): Trouble | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const { state, lastState } of all) {
    const { reason, message } = state?.waiting ?? {};
    if (reason === undefined || PATIENCE.has(reason)) continue;
    const { exitCode, reason: end } = lastState?.terminated ?? {};
    const ended = exitCode === undefined ? "" : `; it last ended with code ${exitCode} (${end})`;
    return { reason, message: `${message ?? reason}${ended}` };
  }
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  return {
    reason: scheduled.reason ?? "Unschedulable",
    message: scheduled.message ?? "no node takes it",
    mayPass: true,
  };
}
