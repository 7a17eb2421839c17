// What the operator says about a DittoGroup.

import * as z from "zod";
import { account, commonStatus, conditions } from "../status.ts";

/** `status` of a DittoGroup. */
export const dittoGroupStatus = z.object({
  ...commonStatus("group"),
  groupName: z.string().max(255).optional().meta({
    description: "Name of the group on the server.",
  }),
  account: account("group").optional(),
  conditions,
}).meta({ description: "The group as it is, written by the operator." });
