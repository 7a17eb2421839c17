// What a user writes to get a DittoFS server: the one source of the DittoServer resource.
//
// The TypeScript types, the CRD schema with its defaults and rules, what `kubectl explain` says,
// the schema for editors and the reference page are made from the schemas in dittoserver/.
// `deno task generate` writes them.

import * as z from "zod";
import type { ResourceDefinition } from "./crd.ts";
import { dittoServerSpec } from "./dittoserver/spec.ts";
import { dittoServerStatus } from "./dittoserver/status.ts";
import type { ObjectMeta } from "./kubernetes/types.ts";
import { rules } from "./schema.ts";

/** `spec` as a user may write it: defaults may be missing. */
export type DittoServerInput = z.input<typeof dittoServerSpec>;

/** `spec` with every default filled in. */
export type DittoServerSpec = z.output<typeof dittoServerSpec>;

/** `status` of a DittoServer. */
export type DittoServerStatus = z.output<typeof dittoServerStatus>;

/** The whole resource. */
export interface DittoServer {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec: DittoServerInput;
  readonly status?: DittoServerStatus;
}

/**
 * Fills in every default, as the API server does for a stored object. Throws a `z.ZodError` with
 * the fields that are wrong; what the rules of the CRD refuse is not looked for again.
 */
export function defaulted(spec: unknown): z.ZodSafeParseResult<DittoServerSpec> {
  return dittoServerSpec.safeParse(spec);
}

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
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "SMB Endpoint", type: "string", jsonPath: ".status.smbEndpoint", priority: 1 },
    { name: "API Endpoint", type: "string", jsonPath: ".status.apiEndpoint", priority: 1 },
    { name: "Image", type: "string", jsonPath: ".status.image", priority: 1 },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].message',
      priority: 1,
    },
  ],
};
