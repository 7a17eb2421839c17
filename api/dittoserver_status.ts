// What the operator says about a DittoServer.

import * as z from "zod";
import { listMap } from "./schema.ts";

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
  configHash: z.string().max(64).optional().meta({
    description:
      "Digest of what the pod consumes: configuration and Secrets. It changes exactly when the pod has to be replaced.",
  }),
  conditions: listMap(z.array(condition).max(32), "type").optional().meta({
    description:
      "Ready and Available; while work is going on also Reconciling; when somebody has to act also Stalled.",
  }),
}).meta({ description: "The server as it is, written by the operator." });
