// The blocks `ldap` and `kerberos`: who may log in besides the server's own users.
//
// The server takes them from the file at its first start and from its database later, except
// for the paths of keytabs and krb5.conf and for the join of a domain.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { secretPath } from "../secret_files.ts";
import { type ConfigBlock, unless } from "./block.ts";

/** `ldap`; nothing while it is off. The bind password comes from the environment. */
export function ldapConfig({ identity: { ldap } }: DittoServerSpec): ConfigBlock {
  if (!ldap?.enabled) return {};
  const client = ldap.clientCertSecretName !== undefined;
  return {
    enabled: true,
    url: ldap.url,
    start_tls: unless(false, ldap.startTLS),
    allow_plaintext: unless(false, ldap.allowPlaintext),
    base_dn: ldap.baseDN,
    bind_dn: ldap.bindDN,
    user_attr: ldap.userAttr,
    realm: ldap.realm,
    idmap: ldap.idmap,
    nested_groups: unless(false, ldap.nestedGroups),
    timeout: ldap.timeout,
    max_group_results: ldap.maxGroupResults,
    tls: {
      ca_cert_file: ldap.caCertSecretRef ? secretPath("ldap-ca", "ca.crt") : ldap.caCertFile,
      client_cert_file: client ? secretPath("ldap-client", "tls.crt") : undefined,
      client_key_file: client ? secretPath("ldap-client", "tls.key") : undefined,
      min_version: ldap.tlsMinVersion,
      insecure_skip_verify: unless(false, ldap.insecureSkipVerify),
    },
  };
}

type Kerberos = NonNullable<DittoServerSpec["identity"]["kerberos"]>;
type MachineAccount = NonNullable<Kerberos["machineAccount"]>;

/** `kerberos`; nothing while it is off. */
export function kerberosConfig({ identity: { kerberos } }: DittoServerSpec): ConfigBlock {
  if (!kerberos?.enabled) return {};
  return {
    enabled: true,
    keytab_path: kerberos.keytabSecretRef?.name
      ? secretPath("kerberos-keytab", "dittofs.keytab")
      : undefined,
    service_principal: kerberos.servicePrincipal,
    realm: kerberos.realm,
    netbios_domain: kerberos.netbiosDomain,
    dns_domain: kerberos.dnsDomain,
    krb5_conf: kerberos.krb5ConfSecretRef?.name
      ? secretPath("kerberos-krb5", "krb5.conf")
      : kerberos.krb5Conf,
    max_clock_skew: kerberos.maxClockSkew,
    context_ttl: kerberos.contextTTL,
    max_contexts: kerberos.maxContexts,
    machine_account: machineAccountConfig(kerberos.machineAccount),
  };
}

/** Its password comes from the environment. */
function machineAccountConfig(account: MachineAccount | undefined): ConfigBlock {
  if (!account?.enabled) return {};
  return {
    enabled: true,
    account_name: account.accountName,
    keytab_path: account.keytabSecretRef?.name
      ? secretPath("kerberos-machine-keytab", "machine.keytab")
      : undefined,
    dc_address: account.dcAddress,
    online_join: onlineJoinConfig(account.onlineJoin),
  };
}

/** The bind password comes from the environment. */
function onlineJoinConfig(join: MachineAccount["onlineJoin"]): ConfigBlock {
  if (!join?.enabled) return {};
  return {
    enabled: true,
    ldap_url: join.ldapURL,
    start_tls: unless(false, join.startTLS),
    bind_dn: join.bindDN,
    base_dn: join.baseDN,
    ou: join.ou,
    dns_host_name: join.dnsHostName,
    spns: join.spns,
    rotation_interval: join.rotationInterval,
    ca_cert_file: join.caCertSecretRef ? secretPath("domain-join-ca", "ca.crt") : undefined,
    insecure_skip_verify: unless(false, join.insecureSkipVerify),
  };
}
