// The control-plane database: where the server keeps users, shares and stores.

import * as z from "zod";
import { objectName, secretRef, text } from "../fields.ts";
import { rules } from "../schema.ts";

const sqlite = z.object({
  path: text(
    /^\/data\/(controlplane|store\/metadata)\/[^\0]+$/,
    512,
    "a file on one of the server's volumes, below /data/controlplane/ or /data/store/metadata/, so that it outlives the pod",
    "/data/controlplane/controlplane.db",
  ).default("/data/controlplane/controlplane.db").meta({
    description: "File of the SQLite database, on a volume of the server.",
  }),
});

const postgres = z.object({
  maxOpenConns: z.int().min(1).max(10000).optional().meta({
    description: "Connections that may be open at the same time; the default is 25.",
    examples: [25],
  }),
  maxIdleConns: z.int().min(1).max(10000).optional().meta({
    description: "Connections that are kept open without work; the default is 5.",
    examples: [5],
  }),
  sslRootCertSecretName: objectName("postgres-ca").optional().meta({
    description:
      "Secret whose key ca.crt holds the certificates that the database's own is verified with, for sslmode verify-ca and verify-full.",
  }),
});

export const database = z.object({
  type: z.enum(["sqlite", "postgres"]).default("sqlite").meta({
    description:
      "Kind of the database. With postgresSecretRef it is PostgreSQL whatever this says.",
  }),
  sqlite: sqlite.optional().meta({ description: "Settings of SQLite." }),
  postgresSecretRef: secretRef("postgres-credentials", "connection-string").optional().meta({
    description:
      "Secret with the way to the PostgreSQL database: either the keys host, database, user and password (and optionally port and sslmode), or a connection string (postgres://…) under the key that is named here. It makes the database PostgreSQL.",
  }),
  postgres: postgres.optional().meta({ description: "Settings of the PostgreSQL connection." }),
}).meta({
  description: "The database that holds users, shares and stores.",
  ...rules(
    {
      rule: "!has(self.postgres) || has(self.postgresSecretRef) || self.type == 'postgres'",
      message: "postgres has settings but the database is SQLite; set postgresSecretRef as well",
      fieldPath: ".postgres",
    },
    {
      rule:
        "!has(self.postgres) || !has(self.postgres.maxOpenConns) || !has(self.postgres.maxIdleConns) || self.postgres.maxIdleConns <= self.postgres.maxOpenConns",
      message: "postgres.maxIdleConns must not be more than postgres.maxOpenConns; lower it",
      fieldPath: ".postgres",
    },
  ),
});
