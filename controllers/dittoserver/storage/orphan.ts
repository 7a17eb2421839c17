// The pod that a StatefulSet has left behind, and the pod template that it was made from.
//
// A StatefulSet that is created again adopts the pod without restarting it exactly if its pod
// template is the one that the pod was made from. That template is nowhere in the pod, to which
// admission and the scheduler have added; but the pod carries the name of its ControllerRevision,
// which is left behind too, and holds the template as it was.

import type {
  ControllerRevision,
  Pod,
  PodTemplateSpec,
  StatefulSet,
} from "../../../api/kubernetes/types.ts";
import type { Api } from "../../../kube/api.ts";
import { controllerRevisions, pods } from "../../kinds.ts";
import type { Server } from "../server.ts";
import { RECREATED_ANNOTATION } from "./templates.ts";

/** A running pod without a StatefulSet. */
export interface Orphan {
  readonly template: PodTemplateSpec;
  /** The volumes that it has by a claim template. */
  readonly templates: ReadonlySet<string>;
}

/** The label of a pod that names its revision. */
const REVISION = "controller-revision-hash";

/** The orphaned pod of a server, if there is one that can be adopted as it is. */
export async function findOrphan(
  api: Pick<Api, "get">,
  { namespace, names }: Server,
): Promise<Orphan | undefined> {
  const pod = await api.get(pods, { namespace, name: names.pod });
  if (!pod || pod.metadata.deletionTimestamp || pod.metadata.ownerReferences?.length) {
    return undefined;
  }
  const name = pod.metadata.labels?.[REVISION];
  if (name === undefined) return undefined;
  const revision = await api.get(controllerRevisions, { namespace, name });
  const template = revision && templateIn(revision);
  return template && { template, templates: templateVolumes(pod, template) };
}

/** The StatefulSet that adopts an orphan as it is, with the claim templates that fit it. */
export function adopting(
  desired: StatefulSet,
  { template, templates }: Orphan,
): StatefulSet {
  const { spec, metadata } = desired;
  if (!spec) return desired;
  return {
    ...desired,
    metadata: {
      ...metadata,
      annotations: { ...metadata?.annotations, [RECREATED_ANNOTATION]: "true" },
    },
    spec: {
      ...spec,
      template,
      volumeClaimTemplates:
        spec.volumeClaimTemplates?.filter(({ metadata }) => templates.has(metadata?.name ?? "")) ??
          [],
    },
  };
}

/** Claims of the pod that its template does not name came from claim templates. */
function templateVolumes(pod: Pod, template: PodTemplateSpec): ReadonlySet<string> {
  const named = new Set(template.spec?.volumes?.map(({ name }) => name));
  const claims = pod.spec?.volumes?.filter((volume) => volume.persistentVolumeClaim) ?? [];
  return new Set(claims.map(({ name }) => name).filter((name) => !named.has(name)));
}

/** `data` is a strategic merge patch that puts the whole template back. */
interface RevisionData {
  readonly spec?: { readonly template?: PodTemplateSpec & { readonly $patch?: string } };
}

function templateIn({ data }: ControllerRevision): PodTemplateSpec | undefined {
  const { $patch: _, ...template } = (data as RevisionData | undefined)?.spec?.template ?? {};
  if (!template.spec) return undefined;
  const { creationTimestamp: _null, ...metadata } = template.metadata ?? {};
  return { ...template, metadata };
}
