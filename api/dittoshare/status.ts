// What the operator says about a DittoShare.

import * as z from "zod";
import { listSet } from "../schema.ts";
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
  claimUID: z.string().max(64).optional().meta({
    description:
      "UID of the PersistentVolumeClaim of that volume. With another one, what was there is lost, and is fetched from the bucket before clients are let in.",
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

const restart = z.object({
  serverStartedAt: z.string().max(64).meta({
    description: "When the server started last before the fields were changed, in RFC 3339.",
  }),
  fields: z.array(z.string().max(128)).max(32).meta({
    description: "The fields of the spec that take effect when it restarts.",
  }),
  closed: z.boolean().optional().meta({
    description: "Whether the share is switched off until then, so that nobody comes in without.",
  }),
}).meta({
  description: "What waits for a restart of the server; absent when nothing does.",
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
  managed: listSet(z.array(z.enum(["grants", "quotas", "snapshotPolicy"])).max(8)).optional().meta({
    description:
      "Optional parts of the spec that are on the server. One that leaves the spec is removed there as well; one that was never in it is left alone.",
  }),
  restart: restart.optional(),
  usage: usage.optional(),
  conditions,
}).meta({ description: "The share as it is, written by the operator." });
