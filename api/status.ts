// What the statuses of several resources have in common.

import * as z from "zod";
import { condition } from "./dittoserver/status.ts";
import { listMap } from "./schema.ts";

/** The beginning of every status of something that is on a server. */
export const commonStatus = (what: string) => ({
  observedGeneration: z.int().min(0).optional().meta({
    description: "The generation of the spec that this status is about.",
  }),
  phase: z.enum(["Pending", "Ready", "Failed", "Deleting"]).optional().meta({
    description:
      `The state in one word: Pending while the ${what} is being made or waited for, Ready when it is as wanted, Failed when somebody has to act, Deleting on its way out.`,
  }),
});

/** The conditions, which stand last. */
export const conditions = listMap(z.array(condition).max(32), "type").optional().meta({
  description:
    "Ready and what it consists of; while work is going on also Reconciling; when somebody has to act also Stalled.",
});

/** Which row of the server's database is ours. */
export const account = (what: string) =>
  z.object({
    server: z.string().max(64).meta({ description: "UID of the DittoServer." }),
    name: z.string().max(255).meta({ description: `Name of the ${what} there.` }),
    number: z.int().min(0).max(4_294_967_295).optional().meta({
      description: `Number of the ${what} there. It stays theirs when the database is lost.`,
    }),
    id: z.string().max(64).optional().meta({
      description: "What the server calls it; absent until the server has said so.",
    }),
  }).meta({
    description:
      `The ${what} on the server that belongs to this resource. What is there under another id is left alone.`,
  });
