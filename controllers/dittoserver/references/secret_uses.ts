// Which Secrets the server's pod consumes, and what it wants to find in them.
//
// One table from the spec to Secrets: the watch of Secrets, the checks, the rollout digest and
// the status all follow from it, so that none of them can forget one.
//
// Not here: pull secrets of the image, which the kubelet reads and not the pod.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { ADMIN_PASSWORD_KEY, JWT_KEY } from "../secrets.ts";
import type { Server } from "../server.ts";
import type { CheckKind } from "./secret_checks.ts";

/** One key of a Secret, and what its value has to be. */
export interface KeyUse {
  readonly key: string;
  readonly check: CheckKind;
  /** It may be absent. */
  readonly optional?: true;
}

/** One use that is made of a Secret. */
export interface SecretUse {
  /**
   * The field of the spec that names the Secret; {@link OWN_JWT} or {@link OWN_ADMIN} for those
   * that the operator has generated. No two uses have the same.
   */
  readonly field: string;
  readonly secret: string;
  readonly keys: readonly KeyUse[];
  /** A key that may hold a connection string, which then counts instead of `keys`. */
  readonly connectionString?: string;
  /**
   * Whether a change of the content replaces the pod: the server reads it at its start and not
   * again. Certificates that it serves with, it reads again by itself.
   */
  readonly rolls: boolean;
  /** The operator has generated it, so no field of the spec can be wrong. */
  readonly generated?: true;
  /** Only the operator itself reads it: the pod starts without. */
  readonly operatorOnly?: true;
}

/** The field that names a JWT key of the user's. */
export const JWT_FIELD = "spec.identity.jwt.secretRef";
/** Our own JWT key, in the rollout digest. */
export const OWN_JWT = "jwt";
/** Our own admin password, in the rollout digest. */
export const OWN_ADMIN = "admin";

/** Every use of a Secret, in the order of the spec. */
export function secretUses(server: Server): readonly SecretUse[] {
  const { spec } = server;
  return [
    ...database(spec),
    ...controlPlane(spec),
    jwt(server),
    admin(server),
    ...ldap(spec),
    ...kerberos(spec),
    ...metrics(spec),
    ...adapters(spec),
  ];
}

function database({ database }: DittoServerSpec): SecretUse[] {
  const { postgresSecretRef: ref, postgres } = database;
  if (!ref) return [];
  const field = "spec.database";
  const credentials: SecretUse = {
    field: `${field}.postgresSecretRef`,
    secret: ref.name,
    keys: [
      { key: "host", check: "line" },
      { key: "database", check: "line" },
      { key: "user", check: "line" },
      { key: "password", check: "text" },
      { key: "port", check: "port", optional: true },
      { key: "sslmode", check: "sslMode", optional: true },
    ],
    connectionString: ref.key,
    rolls: true,
  };
  const authorities = postgres?.sslRootCertSecretName;
  return [
    credentials,
    ...authoritiesIn(`${field}.postgres.sslRootCertSecretName`, authorities),
  ];
}

function controlPlane({ controlPlane }: DittoServerSpec): SecretUse[] {
  const { certSecretName, clientCASecretName, clientCertSecretName } = controlPlane;
  const field = "spec.controlPlane";
  return [
    ...keyPair(`${field}.certSecretName`, certSecretName, { rolls: false }),
    ...authoritiesIn(`${field}.clientCASecretName`, clientCASecretName),
    ...keyPair(`${field}.clientCertSecretName`, clientCertSecretName, {
      rolls: false,
      operatorOnly: true,
    }),
  ];
}

function jwt({ spec, names }: Server): SecretUse {
  const [use] = value(JWT_FIELD, spec.identity.jwt.secretRef, "jwtKey");
  return use ?? {
    field: OWN_JWT,
    secret: names.jwtSecret,
    keys: [{ key: JWT_KEY, check: "jwtKey" }],
    rolls: true,
    generated: true,
  };
}

/**
 * The admin password. The server reads it at its very first start only, so it has to be there,
 * and a change of it replaces nobody's pod: the password is changed over the REST API.
 */
function admin({ spec, names }: Server): SecretUse {
  const [use] = value(
    "spec.identity.admin.passwordSecretRef",
    spec.identity.admin.passwordSecretRef,
    "adminPassword",
  );
  return use ? { ...use, rolls: false } : {
    field: OWN_ADMIN,
    secret: names.adminSecret,
    keys: [{ key: ADMIN_PASSWORD_KEY, check: "adminPassword" }],
    rolls: false,
    generated: true,
  };
}

function ldap({ identity: { ldap } }: DittoServerSpec): SecretUse[] {
  if (!ldap?.enabled) return [];
  const field = "spec.identity.ldap";
  return [
    // The password reaches the server over its REST API.
    ...value(`${field}.bindPasswordSecretRef`, ldap.bindPasswordSecretRef, "text", false),
    // The server reads these files again for each connection to the directory.
    ...value(`${field}.caCertSecretRef`, ldap.caCertSecretRef, "authorities", false),
    ...keyPair(`${field}.clientCertSecretName`, ldap.clientCertSecretName, { rolls: false }),
  ];
}

function kerberos({ identity: { kerberos } }: DittoServerSpec): SecretUse[] {
  if (!kerberos?.enabled) return [];
  const field = "spec.identity.kerberos";
  const { keytabSecretRef, krb5ConfSecretRef, machineAccount } = kerberos;
  return [
    ...value(`${field}.keytabSecretRef`, keytabSecretRef, "keytab"),
    ...value(`${field}.krb5ConfSecretRef`, krb5ConfSecretRef, "krb5Conf"),
    ...machine(`${field}.machineAccount`, machineAccount),
  ];
}

type MachineAccount = NonNullable<DittoServerSpec["identity"]["kerberos"]>["machineAccount"];

function machine(field: string, account: MachineAccount): SecretUse[] {
  if (!account?.enabled) return [];
  const join = account.onlineJoin?.enabled ? account.onlineJoin : undefined;
  return [
    ...value(`${field}.secretRef`, account.secretRef, "text"),
    ...value(`${field}.keytabSecretRef`, account.keytabSecretRef, "keytab"),
    ...value(`${field}.onlineJoin.bindPasswordSecretRef`, join?.bindPasswordSecretRef, "text"),
    ...value(`${field}.onlineJoin.caCertSecretRef`, join?.caCertSecretRef, "authorities"),
  ];
}

function metrics({ metrics }: DittoServerSpec): SecretUse[] {
  if (!metrics.enabled) return [];
  const field = "spec.metrics";
  const { bearerTokenSecret, tls } = metrics;
  return [
    ...value(`${field}.bearerTokenSecret`, bearerTokenSecret, "token"),
    ...keyPair(`${field}.tls.certSecretName`, tls?.certSecretName, { rolls: false }),
    ...authoritiesIn(`${field}.tls.clientCASecretName`, tls?.clientCASecretName),
  ];
}

/** A renewed certificate is read again by itself; the authorities, when NFS starts. */
function adapters({ adapters: { nfs } }: DittoServerSpec): SecretUse[] {
  const field = "spec.adapters.nfs.tls";
  return [
    ...keyPair(`${field}.certSecretName`, nfs.tls?.certSecretName, { rolls: false }),
    ...authoritiesIn(`${field}.clientCASecretName`, nfs.tls?.clientCASecretName),
  ];
}

/** One value under a key of the user's choice; an empty name refers to nothing. */
function value(
  field: string,
  ref: { readonly name: string; readonly key: string } | undefined,
  check: CheckKind,
  rolls = true,
): SecretUse[] {
  if (!ref?.name) return [];
  return [{ field, secret: ref.name, keys: [{ key: ref.key, check }], rolls }];
}

/** A certificate and its key, as cert-manager writes them. */
function keyPair(
  field: string,
  secret: string | undefined,
  more: Pick<SecretUse, "rolls" | "operatorOnly">,
): SecretUse[] {
  if (!secret) return [];
  const keys: KeyUse[] = [
    { key: "tls.crt", check: "certificate" },
    { key: "tls.key", check: "privateKey" },
  ];
  return [{ field, secret, keys, ...more }];
}

/** The certificates of authorities that somebody's own is verified with. */
function authoritiesIn(field: string, secret: string | undefined): SecretUse[] {
  if (!secret) return [];
  return [{ field, secret, keys: [{ key: "ca.crt", check: "authorities" }], rolls: true }];
}
