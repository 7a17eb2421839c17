// spec.storage as it is created; what may change later is in transitions.ts.

import { FULL } from "./_full.ts";
import { storageClass, volumeSize } from "./_forms.ts";
import { oneOf, refused, required, type Row } from "./_table.ts";

export const storage: readonly Row[] = [
  ...required("storage"),
  ...required("storage.metadataSize"),
  ...volumeSize("storage.metadataSize", "10Gi"),
  ...volumeSize("storage.contentSize", "100Gi"),
  ...volumeSize("storage.controlPlaneSize", "1Gi"),
  refused(
    "storage.metadataSize",
    10,
    FULL,
    `Invalid value: "integer": spec.storage.metadataSize in body must be of type string: "integer"`,
  ),
  ...storageClass("storage.storageClassName"),
  ...["metadata", "content", "controlPlane"].flatMap((volume) => [
    ...storageClass(`storage.${volume}.storageClassName`),
    ...oneOf(`storage.${volume}.accessMode`, ["ReadWriteOnce", "ReadWriteOncePod"]),
  ]),
  ...oneOf("storage.retention", ["Retain", "Delete"]),
];
