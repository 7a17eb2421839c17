// `spec` of a DittoServer: its blocks, each in a file of its own, and the rules between them.

import * as z from "zod";
import { duration, text } from "../fields.ts";
import { management } from "../managed.ts";
import { listSet, rules } from "../schema.ts";
import { controlPlane } from "./control_plane.ts";
import { database } from "./database.ts";
import { blockStore, gc, memory, snapshots } from "./engine.ts";
import { identity } from "./identity.ts";
import { lifecycleFields } from "./lifecycle.ts";
import { logging } from "./logging.ts";
import { metrics } from "./metrics.ts";
import { percona } from "./percona.ts";
import { pod, podFields } from "./pod.ts";
import {
  adapterDiscovery,
  adapters,
  adapterServices,
  apiService,
  networkPolicy,
} from "./services.ts";
import { snapshotPolicies } from "./snapshot_policies.ts";
import { storage } from "./storage.ts";

const IN_POD_PORTS = {
  nfs: "(has(self.adapters) && has(self.adapters.nfs.port) ? self.adapters.nfs.port : 12049)",
  smb: "(has(self.adapters) && has(self.adapters.smb.port) ? self.adapters.smb.port : 1445)",
  portmapper:
    "(has(self.adapters) && has(self.adapters.nfs.portmapper) && self.adapters.nfs.portmapper.enabled ? self.adapters.nfs.portmapper.port : 0)",
} as const;

const portRule = (field: string, block: string, portPath: string, when = "true") => ({
  rule: `!(${when}) || (${
    Object.values(IN_POD_PORTS).map((other) => `${portPath} != ${other}`).join(" && ")
  })`,
  message:
    `${field} is also the port of NFS (12049 unless adapters.nfs.port says otherwise), of SMB (1445 unless adapters.smb.port does) or of the portmapper, and a port can serve one protocol; change one of them`,
  fieldPath: `.${block}`,
});

/** `spec` of a DittoServer. */
export const dittoServerSpec = z.object({
  image: text(
    /^\S+$/,
    512,
    "the name of an image, without blanks",
    "marmos91c/dittofs:v0.29.0",
  ).default("marmos91c/dittofs:v0.29.0").meta({
    description: "Container image of the server.",
  }),
  replicas: z.int().min(0).max(1).default(1).meta({
    description:
      "1 runs the server, 0 stops it and keeps its volumes, Secrets and Services. More than one process on the same data would corrupt reads, so more is refused.",
    examples: [1],
  }),
  storage,
  database: database.prefault({}),
  controlPlane: controlPlane.prefault({}).meta({
    description: "The REST API through which shares, users and stores are managed.",
  }),
  identity: identity.prefault({}).meta({ description: "Who may log in." }),
  adapters: adapters.prefault({}).meta({
    description: "The protocols that files are served by.",
  }),
  adapterServices: adapterServices.prefault({}).meta({
    description: "The Services through which files are reached.",
  }),
  adapterDiscovery: adapterDiscovery.optional().meta({
    description: "How the Go operator looked for adapters.",
  }),
  service: apiService.prefault({}).meta({
    description: "The Service of the REST API.",
  }),
  networkPolicy: networkPolicy.prefault({}).meta({ description: "Who may reach the server." }),
  allowedNamespaces: listSet(
    z.array(
      text(
        /^([*]|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$/,
        63,
        "the name of a namespace, or * for all",
        "team-a",
      ),
    ).max(64),
  ).optional().meta({
    description:
      "Namespaces besides this one whose DittoShares, DittoUsers and DittoGroups may be on this server; * is all. Without it none.",
  }),
  management: management("what is said here of adapters, identity providers and snapshots"),
  checkInterval: duration("1m", "24h", "5m").default("5m").meta({
    description:
      "How often the operator compares what is on the server with what should be, because the server does not tell it of changes. Everything that is changed in Kubernetes takes effect at once. Whether the bucket of a share answers is asked at least every 45 s, whatever is set here.",
  }),
  metrics: metrics.prefault({}).meta({ description: "Metrics of the server for Prometheus." }),
  logging: logging.prefault({}).meta({ description: "What the server logs, and where." }),
  ...podFields,
  pod: pod.optional(),
  ...lifecycleFields,
  memory: memory.optional().meta({
    description: "Memory of the server's caches, where it should not follow from its limit.",
  }),
  blockStore: blockStore.optional().meta({ description: "The local store of file contents." }),
  gc: gc.prefault({}).meta({
    description: "Removal of file contents that nothing refers to any more.",
  }),
  snapshots: snapshots.prefault({}).meta({ description: "Snapshots of shares." }),
  snapshotPolicies: snapshotPolicies.optional().meta({
    description: "Snapshots of shares that the server makes by itself.",
  }),
  percona: percona.optional().meta({
    description: "A PostgreSQL cluster of the Percona operator for the control-plane database.",
  }),
}).meta({
  description: "The server as it should be.",
  ...rules(
    {
      rule: "!(has(self.percona) && self.percona.enabled && has(self.database.postgresSecretRef))",
      message:
        "there are two databases: percona.enabled and database.postgresSecretRef; remove one of them",
      fieldPath: ".database",
    },
    {
      rule:
        "self.database.type != 'postgres' || has(self.database.postgresSecretRef) || (has(self.percona) && self.percona.enabled)",
      message:
        "database.type is postgres but nothing says where the database is; set database.postgresSecretRef, or use sqlite",
      fieldPath: ".database",
    },
    {
      rule: "!self.metrics.enabled || self.metrics.port != self.controlPlane.port",
      message:
        "metrics.port and controlPlane.port are the same, and a port can serve one of them; change one",
      fieldPath: ".metrics",
    },
    portRule("controlPlane.port", "controlPlane", "self.controlPlane.port"),
    portRule("metrics.port", "metrics", "self.metrics.port", "self.metrics.enabled"),
  ),
});
