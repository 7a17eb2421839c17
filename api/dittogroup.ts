// What a group of the server is declared with: the one source of the DittoGroup resource. Who is
// in it is said by the users.

import * as z from "zod";
import type { ResourceDefinition } from "./crd.ts";
import { anyText } from "./fields.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";
import {
  keepsName,
  keepsNumber,
  management,
  nameFits,
  nameOnServer,
  serverRef,
} from "./managed.ts";
import { groupName, unixId } from "./principals.ts";
import { rules } from "./schema.ts";
import { account, commonStatus, conditions } from "./status.ts";

const dittoGroupSpec = z.object({
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

const dittoGroupStatus = z.object({
  ...commonStatus("group"),
  groupName: z.string().max(255).optional().meta({
    description: "Name of the group on the server.",
  }),
  account: account("group").optional(),
  conditions,
}).meta({ description: "The group as it is, written by the operator." });

/** `spec` as a user may write it: defaults may be missing. */
export type DittoGroupInput = z.input<typeof dittoGroupSpec>;

/** `spec` with every default filled in. */
export type DittoGroupSpec = z.output<typeof dittoGroupSpec>;

/** `status` of a DittoGroup. */
export type DittoGroupStatus = z.output<typeof dittoGroupStatus>;

/** The whole resource. */
export interface DittoGroup {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoGroupInput;
  readonly status?: DittoGroupStatus;
}

/** Fills in every default, as the API server does for a stored object. */
export function defaultedGroup(spec: unknown): z.ZodSafeParseResult<DittoGroupSpec> {
  return dittoGroupSpec.safeParse(spec);
}

/** Everything that the CRD of DittoGroup is generated from. */
export const dittoGroupDefinition: ResourceDefinition = {
  kind: "DittoGroup",
  plural: "dittogroups",
  singular: "dittogroup",
  shortNames: ["dgroup"],
  categories: ["dittofs-all"],
  schema: z.object({ spec: dittoGroupSpec, status: dittoGroupStatus.optional() }).meta({
    description: "A group of users of a DittoServer, for NFS and SMB.",
    ...rules(nameFits, keepsName("groupName", "group", "DittoGroup"), {
      rule: `!(${nameOnServer("groupName")}.lowerAscii() in ['admins', 'operators', 'users'])`,
      message:
        "groupName must not be admins, operators or users, which are the server's own groups and always there; choose another one, and name them in spec.groups of a DittoUser",
      fieldPath: ".spec.groupName",
    }),
  }),
  columns: [
    { name: "Server", type: "string", jsonPath: ".spec.serverRef.name" },
    { name: "Group", type: "string", jsonPath: ".status.groupName" },
    { name: "GID", type: "integer", jsonPath: ".spec.gid" },
    {
      name: "Ready",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    },
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].message',
      priority: 1,
    },
  ],
};
