// `spec` of a DittoShare: what the share is called, where its files are, who may use it and how.

import * as z from "zod";
import { snapshotSchedule } from "../dittoserver/snapshot_policies.ts";
import { dataSize, objectName, text } from "../fields.ts";
import { management, serverRef } from "../managed.ts";
import { permission, userName } from "../principals.ts";
import { listSet, rules, wholeObject } from "../schema.ts";
import { grants, quotas } from "./access.ts";
import { shareNfs, shareSmb } from "./protocols.ts";
import { shareStorage } from "./storage.ts";

const pattern = text(
  /^[^\/\[\]\\]+$/,
  255,
  "the name of a file, in which * and ? may stand for others, without '/', '[', ']' and '\\'",
  "*.tmp",
);

const trash = z.object({
  enabled: z.boolean().default(true).meta({
    description: "Whether deleted files go to the bin. Switching it off empties the bin.",
  }),
  retentionDays: z.int().min(0).max(36_500).default(0).meta({
    description: "Days after which a file leaves the bin by itself; 0 is never.",
    examples: [30],
  }),
  maxSize: dataSize("10Gi").optional().meta({
    description: "Data that the bin may hold; the oldest files leave it first. Without it all.",
  }),
  exclude: listSet(z.array(pattern).max(64)).optional().meta({
    description: "Names of files that are deleted at once; * and ? stand for others.",
  }),
}).meta({ description: "A bin for deleted files, in the directory #recycle of the share." });

const mountOption = text(
  /^[^\s,]+$/,
  128,
  "an option of mount, without blanks and commas",
  "noatime",
).meta(rules({
  rule: "!self.matches('^(nfsvers|vers|minorversion|port|mountport|proto|tcp|udp)(=|$)')",
  message:
    "must not be about the version, the ports and the protocol, which the operator sets itself; set nfsVersion instead of vers",
}));

const persistentVolume = z.object({
  claimName: objectName("projects").optional().meta({
    description:
      "Name of the PersistentVolumeClaim, in the namespace of this resource. Without it the name of this resource.",
  }),
  capacity: dataSize("100Gi").optional().meta({
    description:
      "Size that volume and claim are said to have, which Kubernetes only compares. Without it the quota of the share, or 1Ti.",
  }),
  nfsVersion: z.enum(["3", "4.0", "4.1"]).default("4.1").meta({
    description: "Version of NFS that nodes mount with. With 3, locks do not reach the server.",
    examples: ["3"],
  }),
  mountOptions: listSet(z.array(mountOption).max(32)).optional().meta({
    description: "Options of mount besides those that the server needs.",
  }),
}).meta({
  description:
    "Makes a PersistentVolume and a PersistentVolumeClaim of the share, so that any pod of the namespace mounts it. The nodes need an NFS client.",
});

/**
 * The server puts the name with a slash, a colon and a UUID into the file handles of NFS, which have
 * 64 bytes. A share with a longer name is made and never loaded.
 */
export const LONGEST_SHARE_NAME = 26;

/** `spec` of a DittoShare. */
export const dittoShareSpec = z.object({
  serverRef: serverRef("share", "DittoShare"),
  shareName: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    LONGEST_SHARE_NAME,
    "the name of a share: one segment without '/' and ':', of letters, digits, '.', '_' and '-', beginning with a letter or digit",
    "projects",
  ).optional().meta({
    description:
      "Name under which clients find it: NFS as /NAME, SMB as //HOST/NAME. Without it the name of this resource. It cannot change later.",
  }),
  storage: shareStorage.prefault({}),
  defaultPermission: permission.default("none").meta({
    description:
      "What those may do who have no grant, users unknown to the server among them: none lets only those in who have a grant.",
    examples: ["read-write"],
  }),
  owner: userName("alice").optional().meta({
    description:
      "User of the server, with a uid, who owns the root directory of the share. Without it root does. It cannot change later.",
  }),
  quota: dataSize("100Gi").optional().meta({
    description:
      "Data that the share may hold, and the free space that clients see. Without it as much as there is room for.",
  }),
  readOnly: z.boolean().default(false).meta({
    description: "Refuses every change. NFS clients that are at work go on for up to 5 minutes.",
  }),
  trash: wholeObject(trash).optional(),
  smb: shareSmb.prefault({}),
  nfs: shareNfs.prefault({}),
  grants: grants.optional(),
  quotas: quotas.optional(),
  snapshotPolicy: z.object(snapshotSchedule).optional().meta({
    description:
      "Snapshots that the server makes by itself. Leave the share out of spec.snapshotPolicies of the DittoServer then.",
  }),
  persistentVolume: wholeObject(persistentVolume).optional(),
  reclaimPolicy: z.enum(["Retain", "Delete"]).default("Retain").meta({
    description:
      "What becomes of the files when this resource is deleted: Retain keeps them for a later DittoShare of the same name, Delete removes them.",
    examples: ["Delete"],
  }),
  management: management("the share"),
}).meta({
  description: "The share as it should be.",
  ...rules({
    rule:
      "has(self.owner) == has(oldSelf.owner) && (!has(self.owner) || self.owner == oldSelf.owner)",
    message:
      "owner cannot change, because the server gives the root directory away only when it makes the share; restore the old value, and change the owner with chown from a client",
    fieldPath: ".owner",
  }),
});
