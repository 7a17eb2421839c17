// What a user of the server is declared with.

import * as z from "zod";
import { anyText, objectName, secretKey } from "../fields.ts";
import { keepsNumber, management, serverRef } from "../managed.ts";
import { groupName, unixId, userName } from "../principals.ts";
import { listSet, rules } from "../schema.ts";

const passwordSecretRef = z.object({
  name: objectName("alice").meta({
    description: "Name of the Secret, in the namespace of this resource.",
  }),
  key: secretKey("password").default("password").meta({
    description: "Key in the Secret under which the password is.",
  }),
});

/** `spec` of a DittoUser. */
export const dittoUserSpec = z.object({
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
