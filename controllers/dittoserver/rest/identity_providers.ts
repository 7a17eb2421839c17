// Settings of LDAP and Kerberos: what the server should have, and how what it has differs.
//
// The configuration file fills the server's database at the first start and never again (W09), so
// every change goes over the API. What the spec leaves open is left open to the server as well:
// only what it says is compared, because what the server takes by itself is its own affair.
// Passwords cannot be read back: whether the server has the present one is known from what it was
// given last.

import type { DittoServerSpec } from "../../../api/dittoserver.ts";
import { millisecondsOf } from "../../../dittofs/duration.ts";
import type { KerberosConfig, LdapConfig, NewConfig } from "../../../dittofs/identity_providers.ts";
import { same } from "../../../kube/covers.ts";
import { digestOf } from "../../../kube/digest.ts";
import { secretPath } from "../secret_files.ts";

export type ProviderType = "ldap" | "kerberos";

/** The providers, in the order in which they are seen to. */
export const PROVIDERS = ["ldap", "kerberos"] as const;

/** A Secret's key with a password that the server is given along with the settings. */
export interface PasswordRef {
  readonly name: string;
  readonly key: string;
}

/** Settings as the spec has them, without the password. */
export type ProviderConfig = NewConfig<LdapConfig> | NewConfig<KerberosConfig>;

/** What the spec wants of a provider. */
export interface WantedProvider {
  readonly config: ProviderConfig;
  readonly password: PasswordRef | undefined;
  /** The whole settings with the password, as the server is given them. */
  readonly withPassword: (password: string) => ProviderConfig;
}

/** What the spec wants of a provider; undefined while that is off, or not spoken of. */
export function wantedProvider(
  type: ProviderType,
  spec: DittoServerSpec,
): WantedProvider | undefined {
  return type === "ldap" ? wantedLdap(spec) : wantedKerberos(spec);
}

/** Whether the spec says in so many words that a provider is off. */
export function isSwitchedOff(type: ProviderType, { identity }: DittoServerSpec): boolean {
  return identity[type]?.enabled === false;
}

function wantedLdap({ identity: { ldap } }: DittoServerSpec): WantedProvider | undefined {
  if (!ldap?.enabled) return undefined;
  const client = ldap.clientCertSecretName !== undefined;
  const wish: Said<NewConfig<LdapConfig>> = {
    enabled: true,
    url: ldap.url,
    startTls: ldap.startTLS,
    allowPlaintext: ldap.allowPlaintext,
    baseDn: ldap.baseDN,
    bindDn: ldap.bindDN,
    userAttr: ldap.userAttr,
    realm: ldap.realm,
    idmap: ldap.idmap,
    nestedGroups: ldap.nestedGroups,
    timeout: ldap.timeout,
    maxGroupResults: ldap.maxGroupResults,
    tls: said({
      caCertFile: ldap.caCertSecretRef ? secretPath("ldap-ca", "ca.crt") : ldap.caCertFile,
      clientCertFile: client ? secretPath("ldap-client", "tls.crt") : undefined,
      clientKeyFile: client ? secretPath("ldap-client", "tls.key") : undefined,
      minVersion: ldap.tlsMinVersion,
      insecureSkipVerify: ldap.insecureSkipVerify,
    }),
  };
  const config: NewConfig<LdapConfig> = said(wish);
  return {
    config,
    password: ldap.bindPasswordSecretRef,
    withPassword: (bindPassword) => ({ ...config, bindPassword }),
  };
}

function wantedKerberos({ identity: { kerberos } }: DittoServerSpec): WantedProvider | undefined {
  if (!kerberos?.enabled) return undefined;
  const { machineAccount: account } = kerberos;
  const machine = account?.enabled ? account : undefined;
  const wish: Said<NewConfig<KerberosConfig>> = {
    enabled: true,
    keytabPath: kerberos.keytabSecretRef?.name
      ? secretPath("kerberos-keytab", "dittofs.keytab")
      : undefined,
    servicePrincipal: kerberos.servicePrincipal,
    realm: kerberos.realm,
    netbiosDomain: kerberos.netbiosDomain,
    dnsDomain: kerberos.dnsDomain,
    krb5Conf: kerberos.krb5ConfSecretRef?.name
      ? secretPath("kerberos-krb5", "krb5.conf")
      : kerberos.krb5Conf,
    maxClockSkew: kerberos.maxClockSkew,
    contextTtl: kerberos.contextTTL,
    maxContexts: kerberos.maxContexts,
    machineAccount: said({
      enabled: machine !== undefined,
      accountName: machine?.accountName,
      keytabPath: machine?.keytabSecretRef?.name
        ? secretPath("kerberos-machine-keytab", "machine.keytab")
        : undefined,
      dcAddress: machine?.dcAddress && [...machine.dcAddress],
    }),
  };
  const config: NewConfig<KerberosConfig> = said(wish);
  return {
    config,
    password: machine?.secretRef?.name ? machine.secretRef : undefined,
    withPassword: (secret) => ({
      ...config,
      machineAccount: { ...config.machineAccount, secret },
    }),
  };
}

/**
 * Digest of the settings and of which password goes with them. `version` tells passwords apart
 * without being derived from one.
 */
export function providerDigest({ config }: WantedProvider, version: string | undefined): string {
  return digestOf({ config, version }).slice(0, 16);
}

/** Names of the settings that the server has otherwise. Passwords are none of them. */
export function providerDifferences(wanted: ProviderConfig, live: object): readonly string[] {
  return differences(wanted, live, "");
}

function differences(wanted: object, live: object, prefix: string): string[] {
  const has: Readonly<Record<string, unknown>> = { ...live };
  return Object.entries(wanted).flatMap(([name, value]) => {
    const found = has[name];
    if (isObject(value)) {
      return differences(value, isObject(found) ? found : {}, `${prefix}${name}.`);
    }
    return equal(name, value, found) ? [] : [`${prefix}${name}`];
  });
}

/** Durations come back in other words. */
const DURATIONS = new Set(["timeout", "maxClockSkew", "contextTtl"]);

function equal(name: string, a: unknown, b: unknown): boolean {
  if (!DURATIONS.has(name) || typeof a !== "string" || typeof b !== "string" || b === "") {
    return same(a, b);
  }
  return millisecondsOf(a) === millisecondsOf(b);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object some of whose fields may be left open. */
type Said<T> = { readonly [Field in keyof T]?: T[Field] | undefined };

/** The fields that are not left open. */
function said(fields: object) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
