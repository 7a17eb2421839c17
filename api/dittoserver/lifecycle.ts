// Starting, stopping, and when a running server may be disturbed.

import * as z from "zod";
import { duration, text } from "../fields.ts";

const window = z.object({
  days: z.array(z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])).min(1).max(7)
    .optional().meta({
      description: "Days on which the window begins; every day else.",
      examples: [["Sat", "Sun"]],
      "x-kubernetes-list-type": "set",
    }),
  start: text(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 5, "a time of day from 00:00 to 23:59", "02:30")
    .meta({ description: "Time of day at which the window begins, in timeZone." }),
  duration: duration("10m", "24h", "2h").meta({ description: "How long the window is open." }),
  timeZone: text(
    /^[A-Za-z][A-Za-z0-9_+\/-]*$/,
    64,
    "a time zone of the IANA database",
    "Europe/Rome",
  )
    .default("UTC").meta({ description: "Time zone of start." }),
});

/** When a restart that a change makes necessary may happen. */
export const maintenance = z.object({
  windows: z.array(window).max(16).optional().meta({
    description:
      "When the pod may be replaced because of a change. Outside of them a change waits, and status.rollout says so. Without any it happens at once.",
  }),
  drainTimeout: duration("0s", "24h", "10m").optional().meta({
    description:
      "How long uploads to S3 may be waited for before the pod is replaced or stopped because of a change; the default is 10m. What is not uploaded by then is on the volume and is uploaded later.",
  }),
});

/** What a drain of the node may do. */
export const podDisruptionBudget = z.object({
  enabled: z.boolean().default(false).meta({
    description:
      "Makes a PodDisruptionBudget that lets the pod be evicted at any time, for clusters that demand one of every workload. Kubernetes refuses to evict a pod that has two, so leave it off where you have one of your own.",
  }),
});

/** The fields of the life cycle that stand at the top of the spec. */
export const lifecycleFields = {
  paused: z.boolean().default(false).meta({
    description:
      'The operator changes nothing of this server while it is true, and goes on saying how it is. Its DittoShares, DittoUsers and DittoGroups are paused with it: nothing is changed on the server and their deletion waits, which their condition ServerReady says; what was Ready stays Ready. The annotation dittofs.dittofs.com/paused: "true" does the same.',
  }),
  hibernate: z.boolean().default(false).meta({
    description:
      "Stops the server and keeps its volumes, Secrets, Services and addresses, whatever replicas says.",
  }),
  podDisruptionBudget: podDisruptionBudget.prefault({}).meta({
    description: "What a drain of the node may do.",
  }),
  maintenance: maintenance.optional().meta({
    description: "When the server may be restarted for a change.",
  }),
  shutdownTimeout: duration("1s", "10m", "30s").default("30s").meta({
    description:
      "How long each stage of the server's shutdown may take. There are up to six, and all together the server gives them three times this and 5 s before it ends itself.",
  }),
  startupTimeout: duration("1m", "24h", "15m").optional().meta({
    description:
      "How long the server may take to start before its pod is restarted. It loads every share first, and each unreachable S3 endpoint takes 160 s; the default is 10m.",
  }),
  terminationGracePeriodSeconds: z.int().min(36).max(86_400).optional().meta({
    description:
      "Seconds that the pod may take to stop. Without it three times shutdownTimeout and 15 s, which is a little more than the server takes.",
    examples: [210],
  }),
} as const;
