// The Secrets that the server gets as environment variables: everything secret that is not a
// file. The server reads each key of its configuration as DITTOFS_ and the path in upper case.
//
// None of them is optional. Of the JWT key and the admin password the very first start needs
// both (secrets.ts); a pod that waits for its Secret says so, one that starts without it is
// lost. Only port and sslmode of a database have defaults of their own.

import { adminPasswordRef, JWT_KEY } from "./secrets.ts";
import type { Server } from "./server.ts";

/** One environment variable from one key of a Secret. */
export interface SecretVariable {
  readonly variable: string;
  readonly secret: string;
  readonly key: string;
  /** The server does without; the Secret itself must exist all the same. */
  readonly optional?: true;
}

/** The keys of a PostgreSQL Secret, by the setting of the server that each is. */
const DATABASE_KEYS = ["host", "database", "user", "password"] as const;
const OPTIONAL_DATABASE_KEYS = ["port", "sslmode"] as const;

/**
 * Every Secret that the pod reads into its environment, in the order of the variables.
 * `databaseSecret` has the keys above; without it the database is SQLite.
 */
export function secretVariables(
  { spec, names }: Pick<Server, "spec" | "names">,
  databaseSecret: string | undefined,
): readonly SecretVariable[] {
  const { jwt, ldap, kerberos } = spec.identity;
  const machine = kerberos?.enabled && kerberos.machineAccount?.enabled
    ? kerberos.machineAccount
    : undefined;
  const join = machine?.onlineJoin?.enabled ? machine.onlineJoin : undefined;
  return [
    jwt.secretRef?.name
      ? variable("CONTROLPLANE_SECRET", jwt.secretRef)
      : variable("CONTROLPLANE_SECRET", { name: names.jwtSecret, key: JWT_KEY }),
    variable("ADMIN_INITIAL_PASSWORD", adminPasswordRef({ spec, names })),
    ...(ldap?.enabled && ldap.bindPasswordSecretRef
      ? [variable("LDAP_BIND_PASSWORD", ldap.bindPasswordSecretRef)]
      : []),
    ...(machine?.secretRef?.name
      ? [variable("KERBEROS_MACHINE_ACCOUNT_SECRET", machine.secretRef)]
      : []),
    ...(join?.bindPasswordSecretRef
      ? [variable("KERBEROS_MACHINE_ACCOUNT_ONLINE_JOIN_BIND_PASSWORD", join.bindPasswordSecretRef)]
      : []),
    ...(databaseSecret === undefined ? [] : databaseVariables(databaseSecret)),
  ];
}

function databaseVariables(secret: string): SecretVariable[] {
  const of = (key: string) =>
    variable(`DATABASE_POSTGRES_${key.toUpperCase()}`, { name: secret, key });
  return [
    ...DATABASE_KEYS.map(of),
    ...OPTIONAL_DATABASE_KEYS.map((key) => ({ ...of(key), optional: true as const })),
  ];
}

function variable(
  setting: string,
  { name, key }: { readonly name: string; readonly key: string },
): SecretVariable {
  return { variable: `DITTOFS_${setting}`, secret: name, key };
}
