// What a group of the server is declared with.

import * as z from "zod";
import { anyText } from "../fields.ts";
import { keepsNumber, management, serverRef } from "../managed.ts";
import { groupName, unixId } from "../principals.ts";
import { rules } from "../schema.ts";

/** `spec` of a DittoGroup. */
export const dittoGroupSpec = z.object({
  serverRef: serverRef("group", "DittoGroup"),
  groupName: groupName("engineering").optional().meta({
    description:
      "Name of the group on the server. Without it the name of this resource. It cannot change later.",
  }),
  gid: unixId(1, 5000).optional().meta({
    description:
      "Number by which NFS clients know the group; no other group may have it. Without it NFS clients do not know the group. It can change and not be taken away.",
    ...rules({
      rule: "self != 999 && self != 1000",
      message:
        "must not be 999 or 1000, which are the server's own groups operators and users; choose another number",
    }),
  }),
  description: anyText(1024, "Everybody who builds things").optional().meta({
    description: "What the group is for, for information. Without it what is there stays.",
  }),
  adopt: z.boolean().default(false).meta({
    description:
      "Takes over a group of this name that is on the server already, with all that this spec says; from then on it goes with this resource. Without it such a group is left alone, and this resource says so.",
    examples: [true],
  }),
  management: management("the group"),
}).meta({
  description: "The group as it should be.",
  ...rules(keepsNumber("gid", "group")),
});
