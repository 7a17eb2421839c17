// spec.database, and the one in percona.

import { FULL, MINIMAL } from "./_full.ts";
import { objectName, secretRef } from "./_forms.ts";
import { merged, withValue } from "./_json.ts";
import { between, bounds, form, longest, oneOf, required, type Row } from "./_table.ts";

const REF = { name: "postgres-credentials", key: "connection-string" };

const withoutPool = withValue(FULL, "database.postgres", {});

const connections = (maxOpenConns: number, maxIdleConns: number) =>
  merged(MINIMAL, {
    database: { postgresSecretRef: REF, postgres: { maxOpenConns, maxIdleConns } },
  });

export const database: readonly Row[] = [
  ...oneOf("database.type", ["sqlite", "postgres"]),
  ...form(
    "database.sqlite.path",
    "a file on one of the server's volumes, below /data/controlplane/ or /data/store/metadata/, so that it outlives the pod, such as /data/controlplane/controlplane.db",
    {
      accepted: ["/data/controlplane/x", "/data/store/metadata/a/b.db"],
      refused: ["/data/controlplane/", "/tmp/x.db", "controlplane.db", "/data/x.db", ""],
    },
  ),
  ...longest("database.sqlite.path", 512, { from: "/data/controlplane/x" }),
  ...secretRef("database.postgresSecretRef", "postgres-credentials", "connection-string"),
  ...required("database.postgresSecretRef.name"),
  ...required("database.postgresSecretRef.key"),
  ...objectName("database.postgres.sslRootCertSecretName", "postgres-ca"),
  ...bounds("database.postgres.maxOpenConns", 1, 10_000, withoutPool),
  ...bounds("database.postgres.maxIdleConns", 1, 10_000, withoutPool),
  ...between({
    field: "spec.database.postgres",
    message: "postgres.maxIdleConns must not be more than postgres.maxOpenConns; lower it",
    accepted: [connections(5, 5)],
    refused: [connections(5, 6)],
  }),
  ...between({
    field: "spec.database.postgres",
    message: "postgres has settings but the database is SQLite; set postgresSecretRef as well",
    accepted: [
      merged(MINIMAL, { database: { postgresSecretRef: REF, postgres: {} } }),
      merged(MINIMAL, { database: { type: "postgres", postgres: {} }, percona: { enabled: true } }),
    ],
    refused: [merged(MINIMAL, { database: { postgres: {} } })],
  }),
  ...between({
    field: "spec.database",
    message:
      "database.type is postgres but nothing says where the database is; set database.postgresSecretRef, or use sqlite",
    accepted: [
      merged(MINIMAL, { database: { type: "postgres", postgresSecretRef: REF } }),
      merged(MINIMAL, { database: { type: "sqlite", postgresSecretRef: REF } }),
      merged(MINIMAL, { database: { type: "postgres" }, percona: { enabled: true } }),
    ],
    refused: [
      merged(MINIMAL, { database: { type: "postgres" } }),
      merged(MINIMAL, { database: { type: "postgres" }, percona: { enabled: false } }),
    ],
  }),
  ...between({
    field: "spec.database",
    message:
      "there are two databases: percona.enabled and database.postgresSecretRef; remove one of them",
    accepted: [
      merged(MINIMAL, { database: { postgresSecretRef: REF }, percona: { enabled: false } }),
      merged(MINIMAL, { percona: { enabled: true } }),
    ],
    refused: [
      merged(MINIMAL, { database: { postgresSecretRef: REF }, percona: { enabled: true } }),
    ],
  }),
];
