// Snapshots that the server makes by itself.

import * as z from "zod";
import { duration, text } from "../fields.ts";
import { FORM, rules } from "../schema.ts";

/** When snapshots of a share are made, and how long they are kept. */
export const snapshotSchedule = {
  interval: z.string().max(32).regex(
    /^(@(hourly|daily|weekly)|([0-9]{1,9}(\.[0-9]{1,9})?(ms|s)|[0-9]{1,6}(\.[0-9]{1,9})?(m|h)){1,4})$/,
  ).meta({
    description: "Time between two snapshots. The server looks once a minute.",
    examples: ["@daily", "6h"],
    [FORM]: {
      rule:
        "self.startsWith('@') || (duration(self) >= duration('1m') && duration(self) <= duration('8760h'))",
      form: "@hourly, @daily, @weekly, or a duration from 1m to 8760h with its unit (m or h)",
    },
  }),
  keepLast: z.int().min(0).max(100_000).optional().meta({
    description: "Snapshots that are kept; 0 is no bound.",
    examples: [14],
  }),
  ttl: duration("1m", "87600h", "720h").optional().meta({
    description: "How long a snapshot is kept.",
  }),
  enabled: z.boolean().optional().meta({
    description: "Whether snapshots are made; true else.",
  }),
  namePrefix: text(/^[A-Za-z0-9_-]*$/, 64, "letters, digits, '_' and '-'", "nightly").optional()
    .meta({ description: "Beginning of the snapshots' names; scheduled else." }),
} as const;

const policy = z.object({
  share: text(
    /^\/?[^\/:\s]+$/,
    256,
    "the name of a share: one segment, with or without a leading /",
    "/archive",
  ).meta({ description: "Share that the snapshots are of." }),
  ...snapshotSchedule,
}).meta({ description: "Snapshots of one share." });

const nameOf = (x: string) => `(${x}.share.startsWith('/') ? ${x}.share : '/' + ${x}.share)`;

export const snapshotPolicies = z.array(policy).max(64).meta({
  ...rules({
    rule: `self.all(a, self.exists_one(b, ${nameOf("a")} == ${nameOf("b")}))`,
    message:
      "two policies are for the same share, and the last would win; leave one policy for each share",
  }),
});
