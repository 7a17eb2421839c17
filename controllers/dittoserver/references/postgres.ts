// The Secret with the way to a PostgreSQL database, in the two shapes that users have: the keys
// host, database, user and password (and port, sslmode), or one connection string.
//
// The pod reads single keys. So what a connection string says is written into a Secret of our
// own, and the pod reads that one; its values never go anywhere else. Two digests on the Secret
// tell whether it is up to date and whether somebody has edited it, without reading a value.

import type { Secret } from "../../../api/kubernetes/types.ts";
import { covers } from "../../../kube/covers.ts";
import { digestOf } from "../../../kube/digest.ts";
import type { Live } from "../../../kube/object.ts";
import type { SecretView } from "../secrets.ts";
import { childMeta, type Server } from "../server.ts";
import { parseConnectionString, type PostgresConnection } from "./connection_string.ts";
import { textOf } from "./secret_checks.ts";
import { factsOf, type SecretFacts } from "./secret_facts.ts";
import type { SecretUse } from "./secret_uses.ts";

/** On our own Secret: the digest of the connection string that it says the same as. */
export const DERIVED_FROM_ANNOTATION = "dittofs.dittofs.com/derived-from";

/** On our own Secret: the digest of what it says. */
const CONTENT_ANNOTATION = "dittofs.dittofs.com/content";

/** What the server takes where a connection string does not say it. */
const DEFAULTS = { port: 5432, sslmode: "disable" } as const;

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
 * Our own Secret with all keys that the pod reads, also those that the connection string leaves
 * open: a key that is not ours could be added by anybody, and would stay. `derivedFrom` is the
 * digest of the connection string.
 */
export function databaseSecret(
  server: Server,
  { host, port = DEFAULTS.port, database, user, password, sslmode = DEFAULTS.sslmode }:
    PostgresConnection,
  derivedFrom: string,
): Secret {
  const values = { host, port: String(port), database, user, password, sslmode };
  // Not stringData: with server-side apply a key that is left out there would stay.
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, new TextEncoder().encode(value).toBase64()]),
  );
  const annotations = {
    [DERIVED_FROM_ANNOTATION]: derivedFrom,
    [CONTENT_ANNOTATION]: contentDigest(factsOf({ data })),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...childMeta(server, server.names.databaseSecret), annotations },
    type: "Opaque",
    data,
  };
}

/** Whether our own Secret is as it was written, whatever it was derived from. */
export function isAsWritten(server: Server, { metadata, facts }: Live<SecretView>): boolean {
  return metadata.annotations?.[CONTENT_ANNOTATION] === contentDigest(facts) &&
    covers(metadata, childMeta(server, server.names.databaseSecret));
}

function contentDigest({ host, port, database, user, password, sslmode }: SecretFacts): string {
  const keys = [host, port, database, user, password, sslmode];
  return digestOf(keys.map((facts) => facts?.digest ?? null));
}
