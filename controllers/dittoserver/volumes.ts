// The volumes of the server: their names, sizes and places.
//
// Claims are named VOLUME-NAME-0 by the StatefulSet, as the Go operator's are. The local block
// store is a volume of its own also with S3 behind it: losing it makes reads return zeros.

import type { PersistentVolumeClaim, Volume, VolumeMount } from "../../api/kubernetes/types.ts";
import type { DittoServerSpec } from "../../api/dittoserver.ts";

export const CONTROL_PLANE_DIRECTORY = "/data/controlplane";
export const METADATA_DIRECTORY = "/data/store/metadata";
export const CONTENT_DIRECTORY = "/data/store/block";
export const CONFIG_DIRECTORY = "/config";

/** `volumeClaimTemplates` of a new StatefulSet, with the API server's defaults written out. */
export function claimTemplates({ storage }: DittoServerSpec): readonly PersistentVolumeClaim[] {
  const template = (name: string, size: string): PersistentVolumeClaim => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: size } },
      volumeMode: "Filesystem",
      ...(storage.storageClassName !== undefined && { storageClassName: storage.storageClassName }),
    },
  });
  return [
    template("metadata", storage.metadataSize),
    ...(storage.contentSize ? [template("content", storage.contentSize)] : []),
    template("controlplane", storage.controlPlaneSize),
  ];
}

/** Where the container finds its volumes. */
export function volumeMounts({ storage }: DittoServerSpec): readonly VolumeMount[] {
  return [
    { name: "controlplane", mountPath: CONTROL_PLANE_DIRECTORY },
    { name: "metadata", mountPath: METADATA_DIRECTORY },
    ...(storage.contentSize ? [{ name: "content", mountPath: CONTENT_DIRECTORY }] : []),
    { name: "config", mountPath: CONFIG_DIRECTORY, readOnly: true },
    { name: "tmp", mountPath: "/tmp" },
  ];
}

/** The volumes that are not claims. */
export function podVolumes(configMap: string): readonly Volume[] {
  return [
    { name: "config", configMap: { name: configMap, defaultMode: 0o644 } },
    // The root file system is read-only; garbage collection of some shares wants a place.
    { name: "tmp", emptyDir: {} },
  ];
}
