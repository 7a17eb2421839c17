// The DittoShare resource as a whole: what its CRD is generated from.

import * as z from "zod";
import { AGE, MESSAGE, PHASE, READY } from "../columns.ts";
import type { ResourceDefinition } from "../crd.ts";
import { keepsName, nameFits } from "../managed.ts";
import { rules, type ValidationRule } from "../schema.ts";
import { dittoShareSpec, LONGEST_SHARE_NAME } from "./spec.ts";
import { dittoShareStatus } from "./status.ts";

/** The name of the resource is that of the share, unless told. */
const shareNameFits: ValidationRule = {
  rule: `has(self.spec.shareName) || self.metadata.name.size() <= ${LONGEST_SHARE_NAME}`,
  message:
    `must be set, because the name of this resource has more than the ${LONGEST_SHARE_NAME} characters that the name of a share can have; set a shorter one`,
  fieldPath: ".spec.shareName",
};

/** Everything that the CRD of DittoShare is generated from. */
export const dittoShareDefinition: ResourceDefinition = {
  kind: "DittoShare",
  plural: "dittoshares",
  singular: "dittoshare",
  shortNames: ["dshare"],
  categories: ["dittofs-all"],
  schema: z.object({ spec: dittoShareSpec, status: dittoShareStatus.optional() }).meta({
    description: "A directory of a DittoServer that NFS and SMB clients mount.",
    ...rules(nameFits, shareNameFits, keepsName("shareName", "share", "DittoShare")),
  }),
  columns: [
    { name: "Server", type: "string", jsonPath: ".spec.serverRef.name" },
    { name: "Export", type: "string", jsonPath: ".status.exportPath" },
    READY,
    PHASE,
    AGE,
    { name: "NFS Endpoint", type: "string", jsonPath: ".status.nfsEndpoint", priority: 1 },
    { name: "SMB Endpoint", type: "string", jsonPath: ".status.smbEndpoint", priority: 1 },
    { name: "Used Percent", type: "integer", jsonPath: ".status.usage.percent", priority: 1 },
    MESSAGE,
  ],
};
