// The volumes of the server: their names, sizes and places.
//
// Claims are named VOLUME-NAME-0 by the StatefulSet, as the Go operator's are. The local block
// store is a volume of its own also with S3 behind it: losing it makes reads return zeros.

import type { PersistentVolumeClaim, Volume, VolumeMount } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";
import { canonicalQuantity } from "../quantity.ts";
import { SECRET_DIRECTORY, type SecretFiles } from "./secret_files.ts";

export const CONTROL_PLANE_DIRECTORY = "/data/controlplane";
export const METADATA_DIRECTORY = "/data/store/metadata";
export const CONTENT_DIRECTORY = "/data/store/block";
export const CONFIG_DIRECTORY = "/config";

/** A volume that outlives the pod, as the spec wants it. */
export interface DataVolume {
  readonly name: "metadata" | "content" | "controlplane";
  readonly directory: string;
  /** As the API server writes it, such as `10Gi`. */
  readonly size: string;
  /** The cluster's default class if undefined. */
  readonly storageClassName: string | undefined;
  readonly accessMode: "ReadWriteOnce" | "ReadWriteOncePod";
}

/** The volumes that the spec wants, in the order of their claim templates. */
export function dataVolumes({ storage }: DittoServerSpec): readonly DataVolume[] {
  const volume = (
    name: DataVolume["name"],
    directory: string,
    size: string,
    special: typeof storage.metadata,
  ): DataVolume => ({
    name,
    directory,
    size: canonicalQuantity(size),
    storageClassName: special?.storageClassName ?? storage.storageClassName,
    accessMode: special?.accessMode ?? "ReadWriteOnce",
  });
  return [
    volume("metadata", METADATA_DIRECTORY, storage.metadataSize, storage.metadata),
    ...(storage.contentSize
      ? [volume("content", CONTENT_DIRECTORY, storage.contentSize, storage.content)]
      : []),
    volume("controlplane", CONTROL_PLANE_DIRECTORY, storage.controlPlaneSize, storage.controlPlane),
  ];
}

/** `volumeClaimTemplates` of a new StatefulSet, with the API server's defaults written out. */
export function claimTemplates(spec: DittoServerSpec): readonly PersistentVolumeClaim[] {
  return dataVolumes(spec).map(({ name, size, storageClassName, accessMode }) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: {
      accessModes: [accessMode],
      resources: { requests: { storage: size } },
      volumeMode: "Filesystem",
      ...(storageClassName !== undefined && { storageClassName }),
    },
  }));
}

/**
 * Where the container finds its volumes. Of the data volumes only those that have a claim
 * template, because a content volume may be wanted before the StatefulSet can have it.
 */
export function volumeMounts(
  spec: DittoServerSpec,
  claims: readonly string[],
  secrets: readonly SecretFiles[],
): readonly VolumeMount[] {
  const data = dataVolumes(spec).filter(({ name }) => claims.includes(name));
  return [
    ...data.map(({ name, directory }) => ({ name, mountPath: directory })),
    { name: "config", mountPath: CONFIG_DIRECTORY, readOnly: true },
    ...secrets.map(({ volume }) => ({
      name: volume,
      mountPath: SECRET_DIRECTORY[volume],
      readOnly: true,
    })),
    { name: "tmp", mountPath: "/tmp" },
  ];
}

/** The volumes that are not claims. */
export function podVolumes(
  configMap: string,
  secrets: readonly SecretFiles[],
): readonly Volume[] {
  return [
    { name: "config", configMap: { name: configMap, defaultMode: 0o644 } },
    ...secrets.map(({ volume, secret, files }) => ({
      name: volume,
      secret: {
        secretName: secret,
        // For the server's group alone, which the pod's fsGroup is.
        defaultMode: 0o440,
        items: Object.entries(files).map(([key, path]) => ({ key, path })),
      },
    })),
    // The root file system is read-only; garbage collection of some shares wants a place.
    { name: "tmp", emptyDir: {} },
  ];
}
