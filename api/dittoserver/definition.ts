// The DittoServer resource as a whole: what its CRD is generated from. The operator itself does not
// load it, nor the schema of the status: they are memory for nothing there.

import * as z from "zod";
import { AGE, MESSAGE, PHASE } from "../columns.ts";
import type { ResourceDefinition } from "../crd.ts";
import { rules } from "../schema.ts";
import { dittoServerSpec } from "./spec.ts";
import { dittoServerStatus } from "./status.ts";

/** Rules on the resource as a whole. The longest name made of it is `NAME-adapter-nfs`. */
const resourceRules = rules(
  {
    rule: "self.metadata.name.size() <= 51",
    message:
      "must have at most 51 characters, so that Services can be named after it; choose a shorter name",
    fieldPath: ".metadata.name",
  },
  {
    rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message:
      "must begin with a letter and have only lower-case letters, digits and '-', so that Services can be named after it; choose another name",
    fieldPath: ".metadata.name",
  },
);

/** Everything that the CRD of DittoServer is generated from. */
export const dittoServerDefinition: ResourceDefinition = {
  kind: "DittoServer",
  plural: "dittoservers",
  singular: "dittoserver",
  shortNames: ["ditto", "dittofs"],
  categories: ["dittofs-all"],
  schema: z.object({ spec: dittoServerSpec, status: dittoServerStatus.optional() }).meta({
    description: "A DittoFS file server (NFS and SMB) and everything that it needs in the cluster.",
    ...resourceRules,
  }),
  columns: [
    { name: "Replicas", type: "integer", jsonPath: ".spec.replicas" },
    { name: "Ready", type: "integer", jsonPath: ".status.availableReplicas" },
    { name: "NFS Endpoint", type: "string", jsonPath: ".status.nfsEndpoint" },
    PHASE,
    AGE,
    { name: "SMB Endpoint", type: "string", jsonPath: ".status.smbEndpoint", priority: 1 },
    { name: "API Endpoint", type: "string", jsonPath: ".status.apiEndpoint", priority: 1 },
    { name: "Image", type: "string", jsonPath: ".status.image", priority: 1 },
    MESSAGE,
  ],
};
