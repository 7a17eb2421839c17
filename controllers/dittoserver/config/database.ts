// The block `database`: where the server keeps users, shares and stores.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { secretPath } from "../secret_files.ts";
import { CONTROL_PLANE_DIRECTORY } from "../volumes.ts";
import type { ConfigBlock } from "./block.ts";

/** Which database the spec wants. A reference to PostgreSQL wins over the type. */
export function databaseType({ database }: DittoServerSpec): "sqlite" | "postgres" {
  return database.postgresSecretRef ? "postgres" : database.type;
}

/**
 * `database`. Host, database, user and password of PostgreSQL, and its port and sslmode, come
 * from the environment (secret_env.ts); the server asks for no placeholders in their place.
 */
export function databaseConfig(spec: DittoServerSpec): ConfigBlock {
  const { sqlite, postgres } = spec.database;
  const type = databaseType(spec);
  if (type === "sqlite") {
    const path = sqlite?.path ?? `${CONTROL_PLANE_DIRECTORY}/controlplane.db`;
    return { type, sqlite: { path } };
  }
  const authorities = postgres?.sslRootCertSecretName;
  return {
    type,
    postgres: {
      ssl_root_cert: authorities && secretPath("postgres-ca", "ca.crt"),
      max_open_conns: postgres?.maxOpenConns,
      max_idle_conns: postgres?.maxIdleConns,
    },
  };
}
