// The DittoGroup resource as a whole: what its CRD is generated from.

import * as z from "zod";
import { AGE, MESSAGE, PHASE, READY } from "../columns.ts";
import type { ResourceDefinition } from "../crd.ts";
import { keepsName, nameFits, nameOnServer } from "../managed.ts";
import { rules } from "../schema.ts";
import { dittoGroupSpec } from "./spec.ts";
import { dittoGroupStatus } from "./status.ts";

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
    READY,
    PHASE,
    AGE,
    MESSAGE,
  ],
};
