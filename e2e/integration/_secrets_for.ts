// Every Secret that servers refer to, with values that the server could start with.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { CheckKind } from "../../controllers/dittoserver/references/secret_checks.ts";
import { secretUses } from "../../controllers/dittoserver/references/secret_uses.ts";
import { InvalidSpecError, readServer } from "../../controllers/dittoserver/server.ts";
import type { Live } from "../../kube/object.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";

/** At least 32 characters for a JWT key, at most 72 for a password. */
const TEXT = "postgres://dittofs:password@db.example.com:5432/dittofs";

/** Values that are not only text. */
const VALUES: Partial<Readonly<Record<CheckKind, string>>> = {
  certificate: cert,
  privateKey: key,
  authorities: ca,
  keytab: "\u0005\u0002",
  port: "5432",
  sslMode: "require",
};

/** The Secrets, each with every key that any of the servers wants in it. */
export function secretsFor(servers: readonly Live<DittoServer>[]) {
  const secrets = new Map<string, Record<string, string>>();
  for (const { secret, keys, connectionString } of servers.flatMap(usesOf)) {
    const values = secrets.get(secret) ?? {};
    for (const { key, check } of keys) values[key] = VALUES[check] ?? TEXT;
    if (connectionString !== undefined) values[connectionString] = TEXT;
    secrets.set(secret, values);
  }
  return Array.from(secrets, ([name, stringData]) => ({
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name } },
    stringData,
  }));
}

function usesOf(resource: Live<DittoServer>) {
  try {
    return secretUses(readServer(resource)).filter(({ generated }) => !generated);
  } catch (error) {
    if (error instanceof InvalidSpecError) return [];
    throw error;
  }
}
