// Completes a StatefulSet with what belongs to storage.
//
// Claim templates can never change, and a pod can never get another volume. So:
//
// - A StatefulSet that exists keeps its templates as they are. Larger ones come with its
//   re-creation (plan.ts).
// - A volume that came later, as `content` may, is not a claim template but a volume of the pod
//   template that names its claim. That is an ordinary change of the pod template, which rolls
//   the pod once and can be held like any other. A new claim template instead would need a
//   re-creation with another pod template, and the StatefulSet's controller cannot bring that
//   about: it wants to add the volume to the running pod, is refused ("pod updates may not change
//   fields"), and gives up before it comes to replacing the pod.
// - Such a volume joins the pod only when its claim can be bound: a quota or a broken provisioner
//   must not stop a server that runs well without it.

import type {
  PersistentVolumeClaim,
  PodTemplateSpec,
  StatefulSet,
  StatefulSetSpec,
} from "../../../api/kubernetes/types.ts";
import { RETAIN } from "./ownership.ts";
import type { WantedVolume } from "./volume.ts";

/** On a StatefulSet that was created again: the restart that its pod template remembers is ours. */
export const RECREATED_ANNOTATION = "dittofs.dittofs.com/recreated";

/** What `kubectl rollout restart` puts on a pod template. */
const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

/** The StatefulSet as it may be applied over the one that exists. `joins` says who may join. */
export function completed(
  desired: StatefulSet,
  live: StatefulSet,
  wanted: readonly WantedVolume[],
  joins: (volume: WantedVolume) => boolean,
): StatefulSet {
  const { spec, metadata } = desired;
  if (!spec) return desired;
  const templates = live.spec?.volumeClaimTemplates ?? [];
  const later = laterVolumes(live, wanted);
  const present = new Set(live.spec?.template.spec?.volumes?.map(({ name }) => name));
  // What has joined stays, whatever becomes of its claim.
  const joining = later.filter((volume) => present.has(volume.name) || joins(volume));
  const template = withVolumes(spec.template, later, joining);
  const recreated = live.metadata?.annotations?.[RECREATED_ANNOTATION];
  return {
    ...desired,
    metadata: recreated === undefined ? metadata ?? {} : {
      ...metadata,
      annotations: { ...metadata?.annotations, [RECREATED_ANNOTATION]: recreated },
    },
    spec: {
      ...spec,
      ...immutables(live.spec),
      persistentVolumeClaimRetentionPolicy: RETAIN,
      template: recreated === undefined ? template : withRestart(template, live.spec?.template),
      volumeClaimTemplates: templates.map(asWritten),
    },
  };
}

/** The StatefulSet where there is none: with these claim templates. */
export function fresh(
  desired: StatefulSet,
  templates: readonly PersistentVolumeClaim[],
): StatefulSet {
  const { spec } = desired;
  if (!spec) return desired;
  return {
    ...desired,
    spec: {
      ...spec,
      persistentVolumeClaimRetentionPolicy: RETAIN,
      volumeClaimTemplates: templates,
    },
  };
}

/** The volumes for which a StatefulSet has no claim template. */
export function laterVolumes(
  live: StatefulSet,
  wanted: readonly WantedVolume[],
): readonly WantedVolume[] {
  const templates = new Set(live.spec?.volumeClaimTemplates?.map(({ metadata }) => metadata?.name));
  return wanted.filter(({ name }) => !templates.has(name));
}

/** A pod template with the volumes that join, and without mounts of those that do not yet. */
function withVolumes(
  template: PodTemplateSpec,
  later: readonly WantedVolume[],
  joining: readonly WantedVolume[],
): PodTemplateSpec {
  const { spec } = template;
  if (later.length === 0 || !spec) return template;
  const outside = new Set(later.filter((volume) => !joining.includes(volume)).map((v) => v.name));
  const volumes = joining.map(({ name, claim }) => ({
    name,
    persistentVolumeClaim: { claimName: claim },
  }));
  const containers = spec.containers.map((container) => {
    const { volumeMounts } = container;
    if (!volumeMounts) return container;
    return { ...container, volumeMounts: volumeMounts.filter(({ name }) => !outside.has(name)) };
  });
  return {
    ...template,
    spec: { ...spec, containers, volumes: [...spec.volumes ?? [], ...volumes] },
  };
}

/** The restart that somebody asked for stays: without it the pod would be replaced once more. */
function withRestart(
  template: PodTemplateSpec,
  live: PodTemplateSpec | undefined,
): PodTemplateSpec {
  const at = live?.metadata?.annotations?.[RESTARTED_AT];
  if (at === undefined) return template;
  const { metadata } = template;
  const annotations = { ...metadata?.annotations, [RESTARTED_AT]: at };
  return { ...template, metadata: { ...metadata, annotations } };
}

/** Further fields that can only change with a re-creation, as they are. */
function immutables(spec: StatefulSetSpec | undefined) {
  const { podManagementPolicy } = spec ?? {};
  return { ...(podManagementPolicy !== undefined && { podManagementPolicy }) };
}

/** A claim template as it was written, without what the API server added. */
function asWritten({ status: _, metadata, ...template }: PersistentVolumeClaim) {
  const { creationTimestamp: _added, ...written } = metadata ?? {};
  return { ...template, metadata: written };
}
