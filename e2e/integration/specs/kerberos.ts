// spec.identity.kerberos and the machine account in it.

import { FULL, MINIMAL } from "./_full.ts";
import { absolutePath, duration, lenientRef, secretRef } from "./_forms.ts";
import { type JsonObject, withValue } from "./_json.ts";
import {
  between,
  bounds,
  form,
  longest,
  most,
  notEmpty,
  refused,
  required,
  type Row,
} from "./_table.ts";

const KEYTAB = { name: "keytab", key: "dittofs.keytab" };
const KRB5 = { krb5ConfSecretRef: { name: "krb5", key: "krb5.conf" } } as const;
const PRINCIPAL = "nfs/files.example.com@EXAMPLE.COM";
const MACHINE = "identity.kerberos.machineAccount";
const JOIN = `${MACHINE}.onlineJoin`;

const kerberosSpec = (kerberos: JsonObject): JsonObject => ({
  ...MINIMAL,
  identity: { kerberos: { enabled: true, ...kerberos } },
});

/** All that tickets need, but for the krb5.conf. */
const tickets = (kerberos: JsonObject): JsonObject =>
  kerberosSpec({ servicePrincipal: PRINCIPAL, keytabSecretRef: KEYTAB, ...kerberos });

const machine = (machineAccount: JsonObject): JsonObject =>
  kerberosSpec({
    ...{ servicePrincipal: PRINCIPAL, keytabSecretRef: KEYTAB, ...KRB5 },
    machineAccount: { enabled: true, ...machineAccount },
  });

const JOINING = {
  enabled: true,
  ldapURL: "ldaps://dc1.example.com",
  bindDN: "cn=joiner",
  baseDN: "dc=example",
} as const;
const PASSWORD = { bindPasswordSecretRef: { name: "join", key: "password" } } as const;

const join = (onlineJoin: JsonObject): JsonObject =>
  machine({ accountName: "FILES$", onlineJoin: { ...JOINING, ...PASSWORD, ...onlineJoin } });

const domain = (path: string, example: string): Row[] => [
  ...form(path, `a name without spaces, '@' and '/', such as ${example}`, {
    accepted: ["a", "EXAMPLE.COM"],
    refused: ["", "a b", "a@b", "a/b"],
  }),
  ...longest(path, 253),
];

export const kerberos: readonly Row[] = [
  ...form(
    "identity.kerberos.servicePrincipal",
    "SERVICE/HOST or SERVICE/HOST@REALM, such as nfs/files.example.com@EXAMPLE.COM",
    { accepted: ["nfs/a", PRINCIPAL], refused: ["nfs", "nfs/", "/a", "nfs/a@", "nfs/a b", ""] },
  ),
  ...longest("identity.kerberos.servicePrincipal", 512, { from: "nfs/x" }),
  ...domain("identity.kerberos.realm", "EXAMPLE.COM"),
  ...domain("identity.kerberos.dnsDomain", "example.com"),
  ...form(
    "identity.kerberos.netbiosDomain",
    "a NetBIOS name: letters, digits, '_' and '-'; a name with dots is the DNS name of the domain, such as EXAMPLE",
    { accepted: ["A", "A_b-1"], refused: ["", "a.b", "a b"] },
  ),
  ...longest("identity.kerberos.netbiosDomain", 15),
  ...lenientRef(
    "identity.kerberos.keytabSecretRef",
    "files-keytab",
    "dittofs.keytab",
    withValue(FULL, "identity.kerberos.enabled", false),
  ),
  ...required("identity.kerberos.keytabSecretRef.key"),
  ...lenientRef("identity.kerberos.krb5ConfSecretRef", "files-krb5", "krb5.conf"),
  ...required("identity.kerberos.krb5ConfSecretRef.key"),
  ...absolutePath("identity.kerberos.krb5Conf", "/etc/krb5.conf"),
  ...duration("identity.kerberos.maxClockSkew", {
    ...{ from: "1s", to: "1h", example: "5m", tooShort: "999ms", tooLong: "61m" },
  }),
  ...duration("identity.kerberos.contextTTL", {
    ...{ from: "1m", to: "168h", example: "8h", tooShort: "59s", tooLong: "169h" },
  }),
  ...bounds("identity.kerberos.maxContexts", 1, 10_000_000),
  ...between({
    field: "spec.identity.kerberos.servicePrincipal",
    message: "kerberos needs servicePrincipal; set it, such as nfs/files.example.com@EXAMPLE.COM",
    accepted: [kerberosSpec({ enabled: false })],
    refused: [kerberosSpec({ keytabSecretRef: KEYTAB, ...KRB5 })],
  }),
  ...between({
    field: "spec.identity.kerberos.keytabSecretRef",
    message: "kerberos needs keytabSecretRef with the name of a Secret; set it",
    accepted: [kerberosSpec({ servicePrincipal: PRINCIPAL, keytabSecretRef: KEYTAB, ...KRB5 })],
    refused: [
      kerberosSpec({ servicePrincipal: PRINCIPAL, ...KRB5 }),
      kerberosSpec({
        ...{ servicePrincipal: PRINCIPAL, keytabSecretRef: { name: "", key: "k" }, ...KRB5 },
      }),
    ],
  }),
  ...between({
    field: "spec.identity.kerberos.krb5ConfSecretRef",
    message:
      "kerberos needs a krb5.conf, without which the server does not start: set krb5ConfSecretRef with the name of a Secret, or krb5Conf where your image has one",
    accepted: [
      tickets({ krb5Conf: "/etc/krb5.conf" }),
      tickets({ krb5Conf: "/etc/krb5.conf", krb5ConfSecretRef: { name: "", key: "krb5.conf" } }),
    ],
    refused: [tickets({}), tickets({ krb5ConfSecretRef: { name: "", key: "krb5.conf" } })],
  }),
];

export const machineAccount: readonly Row[] = [
  ...form(
    `${MACHINE}.accountName`,
    `an account name without spaces and without any of "/\\[]:;|=,+*?<>, such as FILES$`,
    { accepted: ["A", "FILES$", "files-1"], refused: ["", "a b", "A\\B$", "a@b,c"] },
  ),
  ...longest(`${MACHINE}.accountName`, 64),
  ...lenientRef(`${MACHINE}.secretRef`, "files-machine", "password"),
  ...required(`${MACHINE}.secretRef.key`),
  ...lenientRef(`${MACHINE}.keytabSecretRef`, "files-machine", "machine.keytab"),
  ...required(`${MACHINE}.keytabSecretRef.key`),
  ...most(`${MACHINE}.dcAddress`, 16, (index) => `dc${index}.example.com`),
  ...notEmpty(`${MACHINE}.dcAddress[0]`),
  ...longest(`${MACHINE}.dcAddress[0]`, 512),
  ...between({
    field: "spec.identity.kerberos.machineAccount.accountName",
    message: "machineAccount needs accountName; set it, such as FILES$",
    accepted: [machine({ enabled: false })],
    refused: [machine({ secretRef: KEYTAB })],
  }),
  ...between({
    field: "spec.identity.kerberos.machineAccount",
    message:
      "machineAccount needs the password of the account: set secretRef or keytabSecretRef with the name of a Secret, or join with onlineJoin",
    accepted: [
      machine({ accountName: "FILES$", secretRef: KEYTAB }),
      machine({ accountName: "FILES$", keytabSecretRef: KEYTAB }),
      machine({ accountName: "FILES$", onlineJoin: { ...JOINING, ...PASSWORD } }),
    ],
    refused: [
      machine({ accountName: "FILES$" }),
      machine({ accountName: "FILES$", secretRef: { name: "", key: "password" } }),
      machine({ accountName: "FILES$", onlineJoin: { ...JOINING, ...PASSWORD, enabled: false } }),
    ],
  }),
];

export const onlineJoin: readonly Row[] = [
  ...form(
    `${JOIN}.ldapURL`,
    "ldaps://HOST[:PORT] or ldap://HOST[:PORT], such as ldaps://dc1.example.com",
    { accepted: ["ldaps://a", "ldaps://a:636/"], refused: ["ldaps://", "dc1", ""] },
  ),
  ...longest(`${JOIN}.ldapURL`, 512, { from: "ldaps://x" }),
  ...["bindDN", "baseDN", "ou"].flatMap((field) => [
    ...notEmpty(`${JOIN}.${field}`),
    ...longest(`${JOIN}.${field}`, 1024),
  ]),
  ...notEmpty(`${JOIN}.dnsHostName`),
  ...longest(`${JOIN}.dnsHostName`, 253),
  ...most(`${JOIN}.spns`, 64, (index) => `cifs/files${index}`),
  ...notEmpty(`${JOIN}.spns[0]`),
  ...longest(`${JOIN}.spns[0]`, 512),
  ...secretRef(`${JOIN}.bindPasswordSecretRef`, "files-domain-join", "password"),
  ...required(`${JOIN}.bindPasswordSecretRef.name`),
  ...required(`${JOIN}.bindPasswordSecretRef.key`),
  ...secretRef(`${JOIN}.caCertSecretRef`, "domain-ca", "ca.crt"),
  ...required(`${JOIN}.caCertSecretRef.name`),
  ...required(`${JOIN}.caCertSecretRef.key`),
  ...duration(`${JOIN}.rotationInterval`, {
    ...{ from: "1h", to: "8760h", example: "720h", tooShort: "59m", tooLong: "8761h" },
  }),
  refused(
    `${JOIN}.enabled`,
    "yes",
    FULL,
    `Invalid value: "string": spec.${JOIN}.enabled in body must be of type boolean: "string"`,
  ),
  ...between({
    field: `spec.${JOIN}`,
    message: "onlineJoin needs ldapURL, bindDN and baseDN to make the account; set them",
    accepted: [machine({ enabled: false, onlineJoin: { enabled: false } })],
    refused: [
      withValue(join({}), `${JOIN}.ldapURL`, undefined),
      withValue(join({}), `${JOIN}.bindDN`, undefined),
      withValue(join({}), `${JOIN}.baseDN`, undefined),
    ],
  }),
  ...between({
    field: `spec.${JOIN}.bindPasswordSecretRef`,
    message: "onlineJoin needs bindPasswordSecretRef; set it",
    accepted: [join({})],
    refused: [machine({ accountName: "FILES$", onlineJoin: JOINING })],
  }),
  ...between({
    field: `spec.${JOIN}.ldapURL`,
    message:
      "ldapURL is unencrypted, and a domain controller takes no password that way; use ldaps://, or set startTLS",
    accepted: [join({ ldapURL: "ldap://dc1", startTLS: true }), join({ ldapURL: "ldaps://dc1" })],
    refused: [join({ ldapURL: "ldap://dc1" })],
  }),
];
