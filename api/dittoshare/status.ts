// What the operator says about a DittoShare.

import * as z from "zod";
import { commonStatus, conditions } from "../status.ts";

const stores = z.object({
  metadata: z.string().max(255).meta({
    description: "Name of the store of file names and attributes.",
  }),
  local: z.string().max(255).meta({
    description: "Name of the store of contents on the server's volume.",
  }),
  remote: z.string().max(255).optional().meta({
    description: "Name of the store of contents in a bucket; absent without one.",
  }),
  volume: z.enum(["content", "metadata"]).meta({
    description:
      "The volume of the server that holds contents: content, or metadata where the server has no other.",
  }),
  localSize: z.string().max(32).optional().meta({
    description: "Disk that contents may take there, such as 50Gi.",
  }),
}).meta({ description: "Where the files are, in the server's own terms." });

const usage = z.object({
  usedBytes: z.int().min(0).meta({ description: "Sum of the sizes of all files, in bytes." }),
  quotaBytes: z.int().min(0).optional().meta({
    description: "Data that the share may hold, in bytes; absent without a quota.",
  }),
  percent: z.int().min(0).max(1000).optional().meta({
    description: "The one in percent of the other; absent without a quota.",
  }),
}).meta({
  description:
    "How full the share is, as of the last check, which is as far apart as the server's checkInterval.",
});

/** `status` of a DittoShare. */
export const dittoShareStatus = z.object({
  ...commonStatus("share"),
  exportPath: z.string().max(256).optional().meta({
    description: "Path that NFS clients mount, such as /projects.",
  }),
  nfsEndpoint: z.string().max(512).optional().meta({
    description: "Where NFS clients find the share, as HOST:/NAME for mount.",
  }),
  mountCommand: z.string().max(1024).optional().meta({
    description: "A command that mounts the share with NFS, ready to paste.",
  }),
  smbEndpoint: z.string().max(512).optional().meta({
    description: "Where SMB clients find the share, as //HOST/NAME.",
  }),
  persistentVolumeClaim: z.string().max(253).optional().meta({
    description: "Name of the PersistentVolumeClaim that pods can mount.",
  }),
  stores: stores.optional(),
  usage: usage.optional(),
  conditions,
}).meta({ description: "The share as it is, written by the operator." });
