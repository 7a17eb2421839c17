// Logins with Kerberos tickets, and the machine account for Windows domains.
//
// The server's static map of principals to numeric IDs is left out: v0.29.0 reads it and then
// always asks its user database instead, where the REST API keeps such mappings.

import * as z from "zod";
import { absolutePath, anyText, duration, lenientSecretRef, secretRef, text } from "../fields.ts";
import { rules } from "../schema.ts";

/** Whether a reference whose name may be empty refers to something. */
const named = (ref: string) => `(has(self.${ref}) && self.${ref}.name != '')`;

/** A realm or domain as the server takes it. */
const domain = (example: string) =>
  text(/^[^\s@\/]+$/, 253, "a name without spaces, '@' and '/'", example);

const onlineJoin = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Makes the machine account in the domain, and renews its password.",
  }),
  ldapURL: text(
    /^ldaps?:\/\/[^\s\/]+\/?$/,
    512,
    "ldaps://HOST[:PORT] or ldap://HOST[:PORT]",
    "ldaps://dc1.example.com",
  ).optional().meta({ description: "Address of the domain controller." }),
  startTLS: z.boolean().default(false).meta({
    description: "Encrypts a connection to an ldap:// address before anything is sent.",
  }),
  bindDN: anyText(1024, "cn=joiner,dc=example,dc=com").optional().meta({
    description: "As whom the account is made.",
  }),
  bindPasswordSecretRef: secretRef("files-domain-join", "password").optional().meta({
    description: "Password of bindDN.",
  }),
  baseDN: anyText(1024, "dc=example,dc=com").optional().meta({
    description: "Root of the domain.",
  }),
  ou: anyText(1024, "ou=servers,dc=example,dc=com").optional().meta({
    description: "Where in the domain the account is made.",
  }),
  dnsHostName: anyText(253, "files.example.com").optional().meta({
    description: "DNS name that clients use for the server.",
  }),
  spns: z.array(anyText(512, "cifs/files.example.com")).max(64).optional().meta({
    description: "Service principals of the account.",
  }),
  rotationInterval: duration("1h", "8760h", "720h").optional().meta({
    description: "How often the password of the account is renewed; never else.",
  }),
  caCertSecretRef: secretRef("domain-ca", "ca.crt").optional().meta({
    description: "Certificates in PEM that the domain controller's own is verified with.",
  }),
  insecureSkipVerify: z.boolean().default(false).meta({
    description: "Does not verify the domain controller's certificate.",
  }),
}).meta(rules(
  {
    rule: "!self.enabled || (has(self.ldapURL) && has(self.bindDN) && has(self.baseDN))",
    message: "onlineJoin needs ldapURL, bindDN and baseDN to make the account; set them",
  },
  {
    rule: "!self.enabled || has(self.bindPasswordSecretRef)",
    message: "onlineJoin needs bindPasswordSecretRef; set it",
    fieldPath: ".bindPasswordSecretRef",
  },
  {
    rule:
      "!self.enabled || !has(self.ldapURL) || !self.ldapURL.startsWith('ldap://') || self.startTLS",
    message:
      "ldapURL is unencrypted, and a domain controller takes no password that way; use ldaps://, or set startTLS",
    fieldPath: ".ldapURL",
  },
));

const machineAccount = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Lets domain users log in over SMB with their NTLM passwords.",
  }),
  accountName: text(
    /^[^\s"\/\\\[\]:;|=,+*?<>]+\$?$/,
    64,
    'an account name without spaces and without any of "/\\[]:;|=,+*?<>',
    "FILES$",
  )
    .optional().meta({ description: "Name of the machine account." }),
  secretRef: lenientSecretRef("files-machine", "password").optional().meta({
    description: "Password of the machine account in clear text.",
  }),
  keytabSecretRef: lenientSecretRef("files-machine", "machine.keytab").optional().meta({
    description: "Keytab of the machine account, instead of its password.",
  }),
  dcAddress: z.array(anyText(512, "dc1.example.com")).max(16).optional().meta({
    description: "Domain controllers, in the order in which they are asked.",
  }),
  onlineJoin: onlineJoin.optional().meta({
    description: "Joins the domain from within the server.",
  }),
}).meta(rules(
  {
    rule: "!self.enabled || has(self.accountName)",
    message: "machineAccount needs accountName; set it, such as FILES$",
    fieldPath: ".accountName",
  },
  {
    rule: `!self.enabled || ${named("secretRef")} || ${
      named("keytabSecretRef")
    } || (has(self.onlineJoin) && self.onlineJoin.enabled)`,
    message:
      "machineAccount needs the password of the account: set secretRef or keytabSecretRef with the name of a Secret, or join with onlineJoin",
  },
));

export const kerberos = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Accepts Kerberos tickets over NFS and SMB.",
  }),
  servicePrincipal: text(
    /^[^\s\/@]+\/[^\s\/@]+(@[^\s\/@]+)?$/,
    512,
    "SERVICE/HOST or SERVICE/HOST@REALM",
    "nfs/files.example.com@EXAMPLE.COM",
  ).optional().meta({ description: "Service principal of the server." }),
  realm: domain("EXAMPLE.COM").optional().meta({
    description: "Kerberos realm; that of the principal else.",
  }),
  netbiosDomain: text(
    /^[A-Za-z0-9_-]+$/,
    15,
    "a NetBIOS name: letters, digits, '_' and '-'; a name with dots is the DNS name of the domain",
    "EXAMPLE",
  )
    .optional().meta({ description: "Short name of the Windows domain; WORKGROUP else." }),
  dnsDomain: domain("example.com").optional().meta({
    description: "DNS name of the Windows domain; the realm in lower case else.",
  }),
  keytabSecretRef: lenientSecretRef("files-keytab", "dittofs.keytab").optional().meta({
    description: "Keytab of the service principal.",
  }),
  krb5ConfSecretRef: lenientSecretRef("files-krb5", "krb5.conf").optional().meta({
    description:
      "The krb5.conf of the realm. The server does not start without one: name it here, or a path in krb5Conf.",
  }),
  krb5Conf: absolutePath("/etc/krb5.conf").optional().meta({
    description:
      "Path in the pod of a krb5.conf, where an image of yours has one; the usual image has none. krb5ConfSecretRef wins.",
  }),
  maxClockSkew: duration("1s", "1h", "5m").optional().meta({
    description: "How far clocks may be apart; the default is 5m.",
  }),
  contextTTL: duration("1m", "168h", "8h").optional().meta({
    description: "How long a session is kept; the default is 8h.",
  }),
  maxContexts: z.int().min(1).max(10_000_000).optional().meta({
    description: "Sessions that are kept at most; the default is 10000.",
    examples: [10000],
  }),
  machineAccount: machineAccount.optional().meta({
    description: "Account of the server in a Windows domain. It needs kerberos.enabled.",
  }),
}).meta({
  description: "Logins with Kerberos tickets.",
  ...rules(
    {
      rule: "!self.enabled || has(self.servicePrincipal)",
      message: "kerberos needs servicePrincipal; set it, such as nfs/files.example.com@EXAMPLE.COM",
      fieldPath: ".servicePrincipal",
    },
    {
      rule: `!self.enabled || ${named("keytabSecretRef")}`,
      message: "kerberos needs keytabSecretRef with the name of a Secret; set it",
      fieldPath: ".keytabSecretRef",
    },
    {
      rule: `!self.enabled || has(self.krb5Conf) || ${named("krb5ConfSecretRef")}`,
      message:
        "kerberos needs a krb5.conf, without which the server does not start: set krb5ConfSecretRef with the name of a Secret, or krb5Conf where your image has one",
      fieldPath: ".krb5ConfSecretRef",
    },
  ),
});
