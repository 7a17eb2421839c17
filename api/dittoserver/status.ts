// What the operator says about a DittoServer.

import * as z from "zod";
import { listMap, listSet } from "../schema.ts";

/** One statement about the resource, with since when and why. */
export const condition = z.object({
  type: z.string().max(316).meta({ description: "What the statement is about, such as Ready." }),
  status: z.enum(["True", "False", "Unknown"]).meta({ description: "Whether it is so." }),
  observedGeneration: z.int().min(0).optional().meta({
    description: "The generation of the spec that the statement was made of.",
  }),
  lastTransitionTime: z.string().meta({
    description: "When the status last changed, in RFC 3339.",
    format: "date-time",
  }),
  reason: z.string().min(1).max(1024).meta({
    description: "Why, as one word for machines, such as WaitingForPod.",
  }),
  message: z.string().max(32768).meta({
    description: "Why, for people, with what to do about it where something can be done.",
  }),
}).meta({ description: "One statement, with since when and why." });

/** A condition of a resource. */
export type Condition = z.output<typeof condition>;

const volume = z.object({
  name: z.string().max(63).meta({
    description: "The volume: metadata, content or controlplane.",
  }),
  claim: z.string().max(253).meta({ description: "Name of its PersistentVolumeClaim." }),
  requested: z.string().max(32).meta({ description: "The size that is wanted, such as 10Gi." }),
  capacity: z.string().max(32).optional().meta({
    description: "The size that it has, such as 10Gi.",
  }),
  state: z.enum(["Pending", "Bound", "Growing", "Stuck"]).meta({
    description:
      "Pending while there is no volume yet, Bound when it is as wanted, Growing on the way there, Stuck when it cannot get there.",
  }),
}).meta({ description: "One volume." });

const clients = z.object({
  count: z.int().min(0).meta({ description: "How many clients were connected." }),
  names: z.array(z.string().max(256)).max(16).optional().meta({
    description: "The first of them, as PROTOCOL ADDRESS (USER).",
  }),
}).meta({
  description: "The clients of the pod that goes, as counted when the restart was planned.",
});

const uploads = z.object({
  state: z.enum(["Draining", "Drained", "Stalled", "Skipped"]).meta({
    description:
      "Draining while the server uploads to S3 what it has not uploaded yet, Drained when all of it is there, Stalled when that took too long or came to a stop, Skipped when the server could not be asked.",
  }),
  message: z.string().max(1024).optional().meta({ description: "Why it is not all there." }),
}).meta({
  description:
    "Uploads to S3 before the pod goes. It goes without them too: what is not uploaded is on the volume.",
});

const rollout = z.object({
  state: z.enum(["Pending", "Held", "Draining", "Running"]).meta({
    description:
      "Pending just before the pod is replaced, Held while a maintenance window or the pause is waited for, Draining while uploads to S3 are waited for, Running until the new pod serves.",
  }),
  reasons: z.array(z.string().max(256)).max(32).meta({
    description: "What changed, such as the image or the name of a Secret.",
  }),
  notBefore: z.string().optional().meta({
    description: "When the next maintenance window opens, in RFC 3339.",
    format: "date-time",
  }),
  clients: clients.optional(),
  uploads: uploads.optional(),
}).meta({ description: "The restart that is due or going on; absent when there is none." });

const managed = z.object({
  snapshotPolicies: listSet(z.array(z.string().max(257)).max(256)).optional().meta({
    description: "Shares whose snapshot policy comes from spec.snapshotPolicies.",
  }),
  identityProviders: listMap(
    z.array(z.object({
      type: z.enum(["ldap", "kerberos"]).meta({ description: "Which provider." }),
      applied: z.string().max(64).optional().meta({
        description: "Digest of the settings that the server was given last.",
      }),
    })).max(2),
    "type",
  ).optional().meta({
    description: "Identity providers whose settings come from spec.identity.",
  }),
  restart: z.string().max(64).optional().meta({
    description:
      "UID of the pod that has to be replaced, so that the server takes over settings that it was given.",
  }),
}).meta({
  description:
    "What of the server's database comes from this resource. It is written before it is made true, so that the operator removes exactly that when it is not wanted any more.",
});

/** `status` of a DittoServer. */
export const dittoServerStatus = z.object({
  observedGeneration: z.int().min(0).optional().meta({
    description: "The generation of the spec that this status is about.",
  }),
  phase: z.enum(["Pending", "Running", "Stopped", "Failed"]).optional().meta({
    description: "The state in one word: Pending, Running, Stopped or Failed.",
  }),
  replicas: z.int().min(0).optional().meta({ description: "How many servers there should be." }),
  readyReplicas: z.int().min(0).optional().meta({
    description: "How many servers answer their readiness probe.",
  }),
  availableReplicas: z.int().min(0).optional().meta({
    description: "How many servers are ready for use.",
  }),
  nfsEndpoint: z.string().max(512).optional().meta({
    description: "Where NFS is reached, as HOST:PORT.",
  }),
  smbEndpoint: z.string().max(512).optional().meta({
    description: "Where SMB is reached, as HOST:PORT.",
  }),
  apiEndpoint: z.string().max(512).optional().meta({
    description: "Where the REST API is reached, as a URL.",
  }),
  image: z.string().max(512).optional().meta({
    description: "The image that the pod runs.",
  }),
  configHash: z.string().max(64).optional().meta({
    description:
      "Digest of what the pod consumes: configuration and Secrets. It changes exactly when the pod has to be replaced.",
  }),
  rollout: rollout.optional(),
  managed: managed.optional(),
  volumes: listMap(z.array(volume).max(8), "name").optional().meta({
    description: "The volumes of the server.",
  }),
  conditions: listMap(z.array(condition).max(32), "type").optional().meta({
    description:
      "Ready and what it consists of; while work is going on also Reconciling; when somebody has to act also Stalled.",
  }),
}).meta({ description: "The server as it is, written by the operator." });
