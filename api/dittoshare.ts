// What a user writes to get a share: the one source of the DittoShare resource.
//
// Types, CRD, explain texts, editor schema and reference page are made from the schemas in
// dittoshare/, as those of DittoServer are from its own.

import * as z from "zod";
import type { ResourceDefinition } from "./crd.ts";
import { dittoShareSpec, LONGEST_SHARE_NAME } from "./dittoshare/spec.ts";
import { dittoShareStatus } from "./dittoshare/status.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";
import { keepsName, nameFits } from "./managed.ts";
import { rules, type ValidationRule } from "./schema.ts";

/** `spec` as a user may write it: defaults may be missing. */
export type DittoShareInput = z.input<typeof dittoShareSpec>;

/** `spec` with every default filled in. */
export type DittoShareSpec = z.output<typeof dittoShareSpec>;

/** `status` of a DittoShare. */
export type DittoShareStatus = z.output<typeof dittoShareStatus>;

/** The whole resource. */
export interface DittoShare {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoShareInput;
  readonly status?: DittoShareStatus;
}

/** Fills in every default, as the API server does for a stored object. */
export function defaultedShare(spec: unknown): z.ZodSafeParseResult<DittoShareSpec> {
  return dittoShareSpec.safeParse(spec);
}

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
    {
      name: "Ready",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    },
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "NFS Endpoint", type: "string", jsonPath: ".status.nfsEndpoint", priority: 1 },
    { name: "SMB Endpoint", type: "string", jsonPath: ".status.smbEndpoint", priority: 1 },
    { name: "Used Percent", type: "integer", jsonPath: ".status.usage.percent", priority: 1 },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].message',
      priority: 1,
    },
  ],
};
