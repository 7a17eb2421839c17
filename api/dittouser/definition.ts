// The DittoUser resource as a whole: what its CRD is generated from.

import * as z from "zod";
import { AGE, MESSAGE, PHASE, READY } from "../columns.ts";
import type { ResourceDefinition } from "../crd.ts";
import { keepsName, nameFits, nameOnServer } from "../managed.ts";
import { rules } from "../schema.ts";
import { dittoUserSpec } from "./spec.ts";
import { dittoUserStatus } from "./status.ts";

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
    READY,
    PHASE,
    AGE,
    { name: "Groups", type: "string", jsonPath: ".spec.groups", priority: 1 },
    MESSAGE,
  ],
};
