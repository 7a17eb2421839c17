// The Secrets that the pod reads as files: one table for its volumes and for the paths in the
// server's configuration.
//
// Directories and volume names are those of the Go operator where it had them.

import type { DittoServerSpec } from "../../api/dittoserver.ts";

/** Where the server finds the files, by the name of their volume. */
export const SECRET_DIRECTORY = {
  "tls-cert": "/tls",
  "tls-client-ca": "/tls-client-ca",
  "metrics-token": "/metrics-token",
  "metrics-tls": "/metrics-tls",
  "metrics-tls-client-ca": "/metrics-tls-client-ca",
  "postgres-ca": "/postgres-ca",
  "ldap-ca": "/ldap-ca",
  "ldap-client": "/ldap-client",
  "kerberos-keytab": "/kerberos",
  "kerberos-krb5": "/kerberos-krb5",
  "kerberos-machine-keytab": "/kerberos-machine",
  "domain-join-ca": "/domain-join-ca",
  "nfs-tls": "/nfs-tls",
  "nfs-tls-client-ca": "/nfs-tls-client-ca",
} as const;

/** A volume of files from a Secret. */
export type SecretVolume = keyof typeof SECRET_DIRECTORY;

/** Files from one Secret in one directory. */
export interface SecretFiles {
  readonly volume: SecretVolume;
  readonly secret: string;
  /** The file of each key that is used; the Secret must have them all. */
  readonly files: Readonly<Record<string, string>>;
}

/** Path of a file from a Secret, as the server's configuration names it. */
export function secretPath(volume: SecretVolume, file: string): string {
  return `${SECRET_DIRECTORY[volume]}/${file}`;
}

/** Every Secret that the pod of this spec reads as files, in the order of its volumes. */
export function secretFiles(spec: DittoServerSpec): readonly SecretFiles[] {
  return [
    ...tlsFiles(spec),
    ...databaseFiles(spec),
    ...ldapFiles(spec),
    ...kerberosFiles(spec),
    ...adapterFiles(spec),
  ];
}

const PAIR = { "tls.crt": "tls.crt", "tls.key": "tls.key" } as const;
const CA = { "ca.crt": "ca.crt" } as const;

interface Reference {
  readonly name: string;
  readonly key: string;
}

/** A whole Secret with keys of known names; nothing without a name. */
function named(
  volume: SecretVolume,
  secret: string | undefined,
  files: SecretFiles["files"],
): SecretFiles[] {
  return secret ? [{ volume, secret, files }] : [];
}

/** One key of a Secret as one file; nothing without a reference. */
function single(
  volume: SecretVolume,
  reference: Reference | undefined,
  file: string,
): SecretFiles[] {
  return reference?.name
    ? [{ volume, secret: reference.name, files: { [reference.key]: file } }]
    : [];
}

function tlsFiles({ controlPlane, metrics }: DittoServerSpec): SecretFiles[] {
  return [
    ...named("tls-cert", controlPlane.certSecretName, PAIR),
    ...named("tls-client-ca", controlPlane.clientCASecretName, CA),
    ...(metrics.enabled
      ? [
        ...single("metrics-token", metrics.bearerTokenSecret, "token"),
        ...named("metrics-tls", metrics.tls?.certSecretName, PAIR),
        ...named("metrics-tls-client-ca", metrics.tls?.clientCASecretName, CA),
      ]
      : []),
  ];
}

function databaseFiles({ database }: DittoServerSpec): SecretFiles[] {
  return named("postgres-ca", database.postgres?.sslRootCertSecretName, CA);
}

function ldapFiles({ identity: { ldap } }: DittoServerSpec): SecretFiles[] {
  if (!ldap?.enabled) return [];
  return [
    ...single("ldap-ca", ldap.caCertSecretRef, "ca.crt"),
    ...named("ldap-client", ldap.clientCertSecretName, PAIR),
  ];
}

function kerberosFiles({ identity: { kerberos } }: DittoServerSpec): SecretFiles[] {
  if (!kerberos?.enabled) return [];
  const { machineAccount } = kerberos;
  const files = [
    ...single("kerberos-keytab", kerberos.keytabSecretRef, "dittofs.keytab"),
    ...single("kerberos-krb5", kerberos.krb5ConfSecretRef, "krb5.conf"),
  ];
  if (!machineAccount?.enabled) return files;
  const { keytabSecretRef, onlineJoin } = machineAccount;
  return [
    ...files,
    ...single("kerberos-machine-keytab", keytabSecretRef, "machine.keytab"),
    ...(onlineJoin?.enabled ? single("domain-join-ca", onlineJoin.caCertSecretRef, "ca.crt") : []),
  ];
}

/** Also while NFS is off: to switch it on must not replace the pod. */
function adapterFiles({ adapters: { nfs } }: DittoServerSpec): SecretFiles[] {
  return [
    ...named("nfs-tls", nfs.tls?.certSecretName, PAIR),
    ...named("nfs-tls-client-ca", nfs.tls?.clientCASecretName, CA),
  ];
}
