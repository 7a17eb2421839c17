// What a user of the server is declared with: the one source of the DittoUser resource.

import * as z from "zod";
import type { ResourceDefinition } from "./crd.ts";
import { anyText, objectName, secretKey } from "./fields.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";
import {
  keepsName,
  keepsNumber,
  management,
  nameFits,
  nameOnServer,
  serverRef,
} from "./managed.ts";
import { groupName, unixId, userName } from "./principals.ts";
import { listSet, rules } from "./schema.ts";
import { account, commonStatus, conditions } from "./status.ts";

const passwordSecretRef = z.object({
  name: objectName("alice").meta({
    description: "Name of the Secret, in the namespace of this resource.",
  }),
  key: secretKey("password").default("password").meta({
    description: "Key in the Secret under which the password is.",
  }),
});

const dittoUserSpec = z.object({
  serverRef: serverRef("user", "DittoUser"),
  username: userName("alice").optional().meta({
    description:
      "Name that the user logs in with. Without it the name of this resource. It cannot change later.",
  }),
  passwordSecretRef: passwordSecretRef.optional().meta({
    description:
      "Password, 8 to 72 characters; a new one is set within seconds. Without it the user has one that nobody knows: enough for NFS without Kerberos, and for nothing that asks for a password.",
  }),
  uid: unixId(1, 1001).optional().meta({
    description:
      "Number by which NFS clients know the user; no other user may have it. Without it NFS clients do not know the user, who can then own no share and is not told apart from others without one as the owner of files. It can change and not be taken away.",
  }),
  gid: unixId(1, 1001).optional().meta({
    description:
      "Number of the user's own group for NFS clients. Without it that of uid. It can change and not be taken away.",
  }),
  groups: listSet(z.array(groupName("engineering")).max(64)).default([]).meta({
    description:
      "Groups of the server that the user is in, such as those of DittoGroups. The user is taken out of all others.",
    examples: [["engineering"]],
  }),
  enabled: z.boolean().default(true).meta({
    description:
      "Whether the user may log in. A session that is open may last up to 15 minutes longer.",
  }),
  displayName: anyText(255, "Alice Example").optional().meta({
    description: "Full name, for information. Without it what is there stays.",
  }),
  email: anyText(254, "alice@example.com").optional().meta({
    description: "Mail address, for information. Without it what is there stays.",
  }),
  adopt: z.boolean().default(false).meta({
    description:
      "Takes over a user of this name who is on the server already, with all that this spec says; from then on it goes with this resource. Without it such a user is left alone, and this resource says so.",
    examples: [true],
  }),
  management: management("the user"),
}).meta({
  description: "The user as they should be.",
  ...rules(keepsNumber("uid", "user"), keepsNumber("gid", "user")),
});

const passwordStatus = z.object({
  secretUID: z.string().max(64).meta({ description: "UID of the Secret." }),
  resourceVersion: z.string().max(64).meta({ description: "Version of the Secret." }),
  key: z.string().max(253).meta({ description: "Key under which it was." }),
}).meta({ description: "Secret from which the password was last set." });

const dittoUserStatus = z.object({
  ...commonStatus("user"),
  username: z.string().max(255).optional().meta({ description: "Name of the user on the server." }),
  account: account("user").optional(),
  password: passwordStatus.optional(),
  conditions,
}).meta({ description: "The user as they are, written by the operator." });

/** `spec` as a user may write it: defaults may be missing. */
export type DittoUserInput = z.input<typeof dittoUserSpec>;

/** `spec` with every default filled in. */
export type DittoUserSpec = z.output<typeof dittoUserSpec>;

/** `status` of a DittoUser. */
export type DittoUserStatus = z.output<typeof dittoUserStatus>;

/** The whole resource. */
export interface DittoUser {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoUserInput;
  readonly status?: DittoUserStatus;
}

/** Fills in every default, as the API server does for a stored object. */
export function defaultedUser(spec: unknown): z.ZodSafeParseResult<DittoUserSpec> {
  return dittoUserSpec.safeParse(spec);
}

/** Everything that the CRD of DittoUser is generated from. */
export const dittoUserDefinition: ResourceDefinition = {
  kind: "DittoUser",
  plural: "dittousers",
  singular: "dittouser",
  shortNames: ["duser"],
  categories: ["dittofs-all"],
  schema: z.object({ spec: dittoUserSpec, status: dittoUserStatus.optional() }).meta({
    description: "A user of a DittoServer, for NFS and SMB.",
    ...rules(nameFits, keepsName("username", "user", "DittoUser"), {
      rule: `!(${nameOnServer("username")}.lowerAscii() in ['admin', 'dittofs-operator'])`,
      message:
        "username must not be admin, which is the server's first administrator (spec.identity.admin of the DittoServer), nor dittofs-operator, which is the operator itself; choose another one",
      fieldPath: ".spec.username",
    }),
  }),
  columns: [
    { name: "Server", type: "string", jsonPath: ".spec.serverRef.name" },
    { name: "User", type: "string", jsonPath: ".status.username" },
    { name: "UID", type: "integer", jsonPath: ".spec.uid" },
    {
      name: "Ready",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    },
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Groups", type: "string", jsonPath: ".spec.groups", priority: 1 },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].message',
      priority: 1,
    },
  ],
};
