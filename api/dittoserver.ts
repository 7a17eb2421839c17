// What a user writes to get a DittoFS server: the one source of the DittoServer resource.
//
// The TypeScript types, the CRD schema with its defaults and rules, and what `kubectl explain`
// says are made from the schemas below. `deno task generate` writes the CRD.

import * as z from "zod";
import type { ObjectMeta, ResourceRequirements } from "./kubernetes/types.ts";
import { kubernetesSchema, rules } from "./schema.ts";
import { dittoServerStatus } from "./dittoserver_status.ts";

/** A volume size as Kubernetes writes it, in the units that volumes have. */
const volumeSize = z.string().max(32).regex(/^[0-9]+(Gi|Mi|Ti)$/);

const storage = z.object({
  metadataSize: volumeSize.meta({
    description: "Size of the volume for file metadata, such as 10Gi.",
  }),
  contentSize: volumeSize.optional().meta({
    description:
      "Size of the volume for file contents, such as 100Gi. Without it the server has no volume for contents, and shares can only keep them in memory.",
  }),
  controlPlaneSize: volumeSize.default("1Gi").meta({
    description:
      "Size of the volume for the server's own database (users, shares, stores), such as 1Gi.",
  }),
  storageClassName: z.string().max(253).optional().meta({
    description:
      "StorageClass of all volumes, such as fast-ssd. Without it the cluster's default class is used.",
  }),
}).meta({
  description: "The persistent volumes of the server. They are kept when the resource is deleted.",
  ...rules({
    rule: "self == oldSelf",
    message:
      "storage cannot be changed after creation in this version; create a new DittoServer, or restore the old values",
  }),
});

const logging = z.object({
  level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO").meta({
    description: "The least important messages that are logged: DEBUG, INFO, WARN or ERROR.",
  }),
  format: z.enum(["text", "json"]).default("json").meta({
    description: "Form of a log line: text for people, json for machines.",
  }),
  output: z.string().max(4096).regex(/^(stdout|stderr|\/.+)$/).default("stdout").meta({
    description:
      "Where the log goes: stdout, stderr, or an absolute path on one of the server's volumes.",
  }),
});

const controlPlane = z.object({
  port: z.int().min(1).max(65535).default(8080).meta({
    description:
      "TCP port of the REST API, such as 8080. The server runs without privileges, so most nodes refuse it a port below 1024.",
  }),
});

/** `spec` of a DittoServer. */
export const dittoServerSpec = z.object({
  image: z.string().min(1).max(512).default("marmos91c/dittofs:v0.29.0").meta({
    description: "Container image of the server, such as marmos91c/dittofs:v0.29.0.",
  }),
  replicas: z.int().min(0).max(1).default(1).meta({
    description:
      "1 runs the server, 0 stops it and keeps its volumes, Secrets and Services. More than one process on the same data would corrupt reads, so more is refused.",
  }),
  storage,
  controlPlane: controlPlane.prefault({}).meta({
    description: "The REST API through which shares, users and stores are managed.",
  }),
  logging: logging.prefault({}).meta({ description: "What the server logs, and where." }),
  resources: kubernetesSchema<ResourceRequirements>("io.k8s.api.core.v1.ResourceRequirements")
    .optional().meta({
      description: "CPU and memory requests and limits of the server's container.",
    }),
}).meta({ description: "The server as it should be." });

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

/** Rules on the resource as a whole. The longest name made of it is `NAME-adapter-nfs`. */
const resourceRules = rules(
  {
    rule: "self.metadata.name.size() <= 51",
    message:
      "metadata.name must have at most 51 characters, so that its Services can be named after it",
  },
  {
    rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message:
      "metadata.name must begin with a letter and have only lower-case letters, digits and '-', so that its Services can be named after it",
  },
);

/** Everything that the CRD of DittoServer is generated from. */
export const dittoServerDefinition = {
  kind: "DittoServer",
  plural: "dittoservers",
  singular: "dittoserver",
  shortNames: ["ditto", "dittofs"],
  categories: ["dittofs"],
  schema: z.object({ spec: dittoServerSpec, status: dittoServerStatus.optional() }).meta({
    description: "A DittoFS file server (NFS and SMB) and everything that it needs in the cluster.",
    ...resourceRules,
  }),
  columns: [
    { name: "Replicas", type: "integer", jsonPath: ".spec.replicas" },
    { name: "Ready", type: "integer", jsonPath: ".status.availableReplicas" },
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Image", type: "string", jsonPath: ".spec.image", priority: 1 },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].message',
      priority: 1,
    },
  ],
} as const;
