// The Secret with the way to a PostgreSQL database, in the two shapes that users have: the keys
// host, database, user and password (and port, sslmode), or one connection string.
//
// The pod reads single keys. So what a connection string says is written into a Secret of our
// own, and the pod reads that one; its values never go anywhere else.

import type { Secret } from "../../../api/kubernetes/types.ts";
import { childMeta, type Server } from "../server.ts";
import { parseConnectionString, type PostgresConnection } from "./connection_string.ts";
import { textOf } from "./secret_checks.ts";
import type { SecretFacts } from "./secret_facts.ts";
import type { SecretUse } from "./secret_uses.ts";

/** On our own Secret: the digest of the connection string that it says the same as. */
export const DERIVED_FROM_ANNOTATION = "dittofs.dittofs.com/derived-from";

/**
 * The key with the connection string that is used; undefined where it is the single keys. The
 * key that the spec names is a connection string if it looks like one: manifests of the Go
 * operator name a key, and have the single keys all the same.
 */
export function connectionStringKey(
  { connectionString: key }: SecretUse,
  facts: SecretFacts | undefined,
): string | undefined {
  return key !== undefined && facts?.[key]?.connectionString ? key : undefined;
}

/** What a Secret says under a key; undefined if it cannot be read. */
export function connectionIn(secret: Secret, key: string): PostgresConnection | undefined {
  const text = textOf(Uint8Array.fromBase64(secret.data?.[key] ?? ""));
  return text === undefined ? undefined : parseConnectionString(text).connection;
}

/**
 * Our own Secret with the single keys. `derivedFrom` is the digest of the connection string, by
 * which it is seen that the Secret is up to date without reading a value.
 */
export function databaseSecret(
  server: Server,
  { host, port, database, user, password, sslmode }: PostgresConnection,
  derivedFrom: string,
): Secret {
  const values = {
    host,
    ...(port !== undefined && { port: String(port) }),
    database,
    user,
    password,
    ...(sslmode !== undefined && { sslmode }),
  };
  const metadata = childMeta(server, server.names.databaseSecret);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...metadata, annotations: { [DERIVED_FROM_ANNOTATION]: derivedFrom } },
    type: "Opaque",
    // Not stringData: with server-side apply a key that is left out there would stay.
    data: Object.fromEntries(
      Object.entries(values).map((
        [key, value],
      ) => [key, new TextEncoder().encode(value).toBase64()]),
    ),
  };
}
