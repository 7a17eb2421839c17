// The volumes of a server.

import * as z from "zod";
import { storageClass, volumeSize } from "../fields.ts";
import { rules, type ValidationRule } from "../schema.ts";

const volume = (what: string) =>
  z.object({
    storageClassName: storageClass("fast-ssd").optional().meta({
      description: `StorageClass of the ${what} volume, where it differs from storageClassName.`,
    }),
    accessMode: z.enum(["ReadWriteOnce", "ReadWriteOncePod"]).default("ReadWriteOnce").meta({
      description:
        "Access mode of the volume. ReadWriteOncePod lets the cluster itself refuse a second process on the same data; it needs a CSI driver.",
    }),
  }).meta({ description: `What is special about the ${what} volume.` });

/** A volume may grow, and neither shrink nor go away. */
function growsOnly(field: string): ValidationRule[] {
  return [
    {
      rule:
        `!has(self.${field}) || !has(oldSelf.${field}) || quantity(self.${field}).compareTo(quantity(oldSelf.${field})) >= 0`,
      message:
        `${field} cannot shrink, because volumes cannot; restore the old size, or create a new DittoServer and copy the data`,
      fieldPath: `.${field}`,
    },
  ];
}

const classRule = (field: string, path: string): ValidationRule => ({
  rule:
    `has(self.${path}) == has(oldSelf.${path}) && (!has(self.${path}) || self.${path} == oldSelf.${path})`,
  message:
    `${field} cannot change, because a volume stays in its class; restore the old value, or create a new DittoServer and copy the data`,
});

/** Stands for an absent class in a comparison; the empty name is a class of its own. */
const NO_CLASS = "-";

/**
 * The same for a field of a block that may be absent. A volume for contents that is still to be
 * added has neither class nor mode yet.
 */
const nestedRule = (volume: string, field: string, otherwise: string): ValidationRule => {
  const of = (self: string) =>
    `(has(${self}.${volume}) && has(${self}.${volume}.${field}) ? ${self}.${volume}.${field} : '${otherwise}')`;
  const unmade = volume === "content" ? "!has(oldSelf.contentSize) || " : "";
  return {
    rule: `${unmade}${of("self")} == ${of("oldSelf")}`,
    message:
      `${volume}.${field} cannot change, because a volume keeps it for life; restore the old value, or create a new DittoServer and copy the data`,
  };
};

export const storage = z.object({
  metadataSize: volumeSize("10Gi").meta({
    description: "Size of the volume for file metadata. It can grow later and never shrink.",
  }),
  contentSize: volumeSize("100Gi").optional().meta({
    description:
      "Size of the volume for file contents. It can be added and can grow later, and never shrink. Without it the server has no volume for contents, and shares can only keep them in memory.",
  }),
  controlPlaneSize: volumeSize("1Gi").default("1Gi").meta({
    description:
      "Size of the volume for the server's own database of users, shares and stores. It can grow later and never shrink.",
  }),
  storageClassName: storageClass("fast-ssd").optional().meta({
    description:
      "StorageClass of all volumes. Without it the cluster's default class is used; empty, volumes that were made by hand. It cannot change later.",
  }),
  metadata: volume("metadata").optional(),
  content: volume("content").optional(),
  controlPlane: volume("control plane").optional(),
  retention: z.enum(["Retain", "Delete"]).default("Retain").meta({
    description:
      "What becomes of the volumes when this resource is deleted: Retain keeps them and their data for a later DittoServer of the same name, Delete removes them.",
  }),
}).meta({
  description: "The persistent volumes of the server.",
  ...rules(
    ...growsOnly("metadataSize"),
    ...growsOnly("contentSize"),
    ...growsOnly("controlPlaneSize"),
    {
      rule: "!has(oldSelf.contentSize) || has(self.contentSize)",
      message:
        "contentSize cannot be removed, because the file contents are on that volume; restore the old size",
      fieldPath: ".contentSize",
    },
    classRule("storageClassName", "storageClassName"),
    ...["metadata", "content", "controlPlane"].flatMap((name) => [
      nestedRule(name, "storageClassName", NO_CLASS),
      nestedRule(name, "accessMode", "ReadWriteOnce"),
    ]),
  ),
});
