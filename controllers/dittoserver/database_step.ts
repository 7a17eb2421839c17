// Which database holds users, shares and stores, and whether it is one that we can use.

import type { Pass } from "./pass.ts";

/** A PostgreSQL cluster made by us would be it; until then no server starts on another one. */
export function databaseInOrder({ server: { spec }, problems }: Pass): void {
  if (!spec.percona?.enabled) return;
  problems.push({
    aspect: "DatabaseReady",
    reason: "PerconaNotSupported",
    message:
      "spec.percona: this version of the operator does not make a PerconaPGCluster; a running server stays as it is. Name a cluster of yours in spec.database.postgresSecretRef, or set spec.percona.enabled to false",
    stalled: true,
  });
}

/** The reason of DatabaseReady while nothing is wrong. */
export function databaseReason({ server: { spec } }: Pass): "SQLite" | "PostgreSQL" {
  return spec.database.postgresSecretRef ? "PostgreSQL" : "SQLite";
}
