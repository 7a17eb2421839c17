// Makes a random spec keep the rules between fields, one rule after another.

import type { DittoServerInput } from "../dittoserver.ts";

/** Changes what breaks one rule. */
export type Repair<T> = (spec: T) => void;

type ServerRepair = Repair<DittoServerInput>;

const oneDatabase: ServerRepair = ({ database, percona }) => {
  if (!database) return;
  if (percona?.enabled) delete database.postgresSecretRef;
  const sourced = percona?.enabled || database.postgresSecretRef !== undefined;
  if (!sourced) delete database.type;
  if (!database.postgresSecretRef && database.type !== "postgres") delete database.postgres;
  const { postgres } = database;
  if (postgres && (postgres.maxIdleConns ?? 0) > (postgres.maxOpenConns ?? Infinity)) {
    delete postgres.maxIdleConns;
  }
};

const certificates: ServerRepair = ({ controlPlane }) => {
  if (!controlPlane) return;
  if (!controlPlane.certSecretName) {
    delete controlPlane.clientCASecretName;
    delete controlPlane.tlsMinVersion;
  }
  if (!controlPlane.clientCASecretName) delete controlPlane.clientCertSecretName;
};

/** Ports that differ by their defaults differ. */
const differentPorts: ServerRepair = ({ controlPlane, metrics, adapters }) => {
  const ports = [
    controlPlane?.port ?? 8080,
    metrics?.port ?? 9090,
    adapters?.nfs?.port ?? 12049,
    adapters?.nfs?.portmapper?.port ?? 10111,
    adapters?.smb?.port ?? 1445,
  ];
  if (new Set(ports).size < ports.length) {
    for (const block of [controlPlane, metrics, adapters?.nfs, adapters?.smb]) delete block?.port;
    delete adapters?.nfs?.portmapper;
  }
  if (adapters?.nfs?.servicePort === 111) delete adapters.nfs.portmapper;
};

const directory: ServerRepair = ({ identity }) => {
  const ldap = identity?.ldap;
  if (!ldap) return;
  if (!ldap.bindPasswordSecretRef) ldap.enabled = false;
  if (ldap.url.startsWith("ldap://")) ldap.allowPlaintext = true;
  if (ldap.caCertSecretRef) delete ldap.caCertFile;
};

const tickets: ServerRepair = ({ identity }) => {
  const kerberos = identity?.kerberos;
  if (!kerberos) return;
  const { servicePrincipal, keytabSecretRef: keytab, krb5ConfSecretRef, krb5Conf } = kerberos;
  const conf = krb5Conf || krb5ConfSecretRef?.name;
  if (!servicePrincipal || !keytab?.name || !conf) kerberos.enabled = false;
  const { machineAccount } = kerberos;
  if (!machineAccount) return;
  const { onlineJoin: join, secretRef, keytabSecretRef } = machineAccount;
  if (join && !(join.ldapURL && join.bindDN && join.baseDN && join.bindPasswordSecretRef)) {
    join.enabled = false;
  }
  if (join?.ldapURL?.startsWith("ldap://")) join.startTLS = true;
  const password = secretRef?.name || keytabSecretRef?.name || join?.enabled;
  if (!machineAccount.accountName || !password) machineAccount.enabled = false;
};

const serviceTypes: ServerRepair = ({ service, adapterServices }) => {
  for (const block of [service, adapterServices]) {
    if (!block) continue;
    if (block.type !== "LoadBalancer") {
      delete block.loadBalancerClass;
      delete block.loadBalancerSourceRanges;
    }
    if (block.type === "ClusterIP" || !block.type) delete block.externalTrafficPolicy;
  }
};

const oneMonitor: ServerRepair = ({ metrics }) => {
  if (metrics?.serviceMonitor?.enabled) delete metrics.podMonitor;
};

const rotatedFiles: ServerRepair = ({ logging }) => {
  if (!logging?.output?.startsWith("/")) delete logging?.rotation;
};

const oneShareOnce: ServerRepair = (spec) => {
  if (!spec.snapshotPolicies) return;
  const byShare = new Map(spec.snapshotPolicies.map((policy) => [policy.share, policy]));
  spec.snapshotPolicies = [...byShare.values()];
};

const dialects: ServerRepair = ({ adapters }) => {
  const { minDialect, maxDialect } = adapters?.smb ?? {};
  if (minDialect && maxDialect && minDialect > maxDialect) delete adapters?.smb?.minDialect;
};

const backups: ServerRepair = ({ percona }) => {
  const backup = percona?.backup;
  if (backup && !(backup.bucket && backup.endpoint)) backup.enabled = false;
};

/** One for each rule or group of rules. */
export const REPAIRS: readonly ServerRepair[] = [
  ...[oneDatabase, certificates, differentPorts, directory, tickets, serviceTypes],
  ...[oneMonitor, rotatedFiles, oneShareOnce, dialects, backups],
];
