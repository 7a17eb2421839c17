// The Job that removes the files of a share from the server's volumes.
//
// The server itself never removes them, and has no call for it. So a container of the server's own
// image does, beside the pod of the server: a volume is mostly on one node at a time. It empties
// the directory of a badger store and leaves the directory itself, because the server keeps the
// store open for as long as it runs, and still writes a last file when it ends.

import type { Job, PodSpec } from "../../api/kubernetes/types.ts";
import type { Server } from "../dittoserver/server.ts";
import { labelsOf as serverLabels, selectorLabels } from "../dittoserver/names.ts";
import { containerSecurityContext, podSecurityContext } from "../dittoserver/security.ts";
import { METADATA_DIRECTORY } from "../dittoserver/volumes.ts";
import { type ContentVolume, directoryOf } from "./placement.ts";
import { metadataStore } from "./stores.ts";
import type { Share } from "./share.ts";

/** How long the Job stays when it is done, in seconds. */
const KEPT_SECONDS = 300;

/**
 * The first argument is the directory or file of metadata, the second the directory of contents.
 * Either may be gone already.
 */
const SCRIPT = [
  `if [ -d "$1" ]; then find "$1" -mindepth 1 -delete; else rm -f -- "$1" "$1-wal" "$1-shm"; fi`,
  `rm -rf -- "$2"`,
].join(" && ");

/** What a share has on the volumes of its server. */
export interface Remains {
  /** Name of its store of metadata. */
  readonly metadata: string;
  readonly volume: ContentVolume;
}

/** What fits into a label, which each pod of a Job gets with its name. */
const LONGEST_NAME = 63;

/** The name of the Job of a share. */
export function reclaimJobName(server: Server, { uid }: Share): string {
  const end = `-reclaim-${uid.slice(0, 8)}`;
  return `${server.name.slice(0, LONGEST_NAME - end.length).replace(/[-.]+$/, "")}${end}`;
}

export function reclaimJob(server: Server, share: Share, remains: Remains): Job {
  const { spec, owner, namespace } = server;
  const { app: _, instance: __, ...labels } = serverLabels(server.name);
  const metadata = { labels: { ...labels, "app.kubernetes.io/component": "reclaim" } };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: reclaimJobName(server, share),
      namespace,
      ownerReferences: [owner],
      ...metadata,
    },
    spec: {
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata,
        spec: {
          ...podSpec(server, remains),
          ...(spec.imagePullSecrets?.length && { imagePullSecrets: spec.imagePullSecrets }),
          containers: [container(server, share, remains)],
        },
      },
    },
  };
}

function podSpec(server: Server, { volume }: Remains): Omit<PodSpec, "containers"> {
  const { spec: { podSecurityContext: wish, pod = {} }, names } = server;
  const beside = { matchLabels: selectorLabels(server.name) };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "OnFailure",
    securityContext: podSecurityContext(wish),
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: beside, topologyKey: "kubernetes.io/hostname" },
        ],
      },
    },
    ...(pod.tolerations?.length && { tolerations: pod.tolerations }),
    volumes: volumesOf(volume).map((name) => ({
      name,
      persistentVolumeClaim: { claimName: names.claim(name) },
    })),
  };
}

function container({ spec }: Server, share: Share, { metadata, volume }: Remains) {
  const { config } = metadataStore(share, metadata);
  const contents = `${directoryOf(volume)}/shares/${share.shareName}`;
  return {
    name: "reclaim",
    image: spec.image,
    ...(spec.imagePullPolicy && { imagePullPolicy: spec.imagePullPolicy }),
    command: ["/bin/sh", "-c", SCRIPT, "reclaim", String(config.path), contents],
    resources: {
      requests: { cpu: "10m", memory: "16Mi" },
      limits: { memory: "64Mi" },
    },
    securityContext: containerSecurityContext(spec.securityContext),
    volumeMounts: volumesOf(volume).map((name) => ({
      name,
      mountPath: name === "metadata" ? METADATA_DIRECTORY : directoryOf(name),
    })),
  };
}

function volumesOf(volume: ContentVolume): readonly ContentVolume[] {
  return volume === "metadata" ? ["metadata"] : ["metadata", volume];
}
