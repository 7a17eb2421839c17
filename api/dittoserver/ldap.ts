// Users and groups from an LDAP directory, such as Active Directory.

import * as z from "zod";
import {
  absolutePath,
  anyText,
  duration,
  objectName,
  secretRef,
  text,
  tlsVersion,
} from "../fields.ts";
import { rules } from "../schema.ts";

export const ldap = z.object({
  enabled: z.boolean().default(false).meta({
    description: "Looks users and groups up in the directory.",
  }),
  url: text(
    /^ldaps?:\/\/[^\s\/]+(\/\S*)?$/,
    512,
    "ldaps://HOST[:PORT] or ldap://HOST[:PORT]",
    "ldaps://dc1.example.com:636",
  ).meta({ description: "Address of the directory." }),
  startTLS: z.boolean().default(false).meta({
    description:
      "Encrypts a connection to an ldap:// address before anything is sent; a connection to ldaps:// is encrypted anyway.",
  }),
  allowPlaintext: z.boolean().default(false).meta({
    description:
      "Consents to an unencrypted connection, on which the bind password can be read by others.",
  }),
  baseDN: anyText(1024, "dc=example,dc=com").meta({
    description: "Where in the directory users and groups are searched.",
  }),
  bindDN: anyText(1024, "cn=dittofs,ou=services,dc=example,dc=com").meta({
    description: "As whom the server logs in to the directory.",
  }),
  bindPasswordSecretRef: secretRef("files-ldap", "password").optional().meta({
    description: "Password of bindDN.",
  }),
  userAttr: text(/^[A-Za-z][A-Za-z0-9-]*$/, 128, "the name of an LDAP attribute", "uid")
    .optional().meta({
      description: "Attribute that holds the login name; the default is sAMAccountName.",
    }),
  realm: anyText(253, "EXAMPLE.COM").optional().meta({
    description: "Kerberos realm of the directory's users.",
  }),
  idmap: z.enum(["rfc2307", "rid"]).optional().meta({
    description:
      "Where numeric IDs come from: attributes of RFC 2307, the default, or the last part of the SID.",
  }),
  nestedGroups: z.boolean().default(false).meta({
    description: "Counts members of groups within groups.",
  }),
  timeout: duration("1s", "10m", "10s").optional().meta({
    description: "How long the directory may take to answer.",
  }),
  maxGroupResults: z.int().min(1).max(100_000).optional().meta({
    description: "Groups of one user that are read at most.",
    examples: [1000],
  }),
  caCertSecretRef: secretRef("directory-ca", "ca.crt").optional().meta({
    description:
      "Certificates in PEM that the directory's own is verified with; the operator mounts them.",
  }),
  caCertFile: absolutePath("/tls/ca.crt").optional().meta({
    description:
      "Path in the pod of such a file, where the image or a mount of yours has one; caCertSecretRef is easier.",
  }),
  clientCertSecretName: objectName("files-ldap-client").optional().meta({
    description: "Secret with tls.crt and tls.key that the server presents to the directory.",
  }),
  tlsMinVersion: tlsVersion.optional().meta({
    description: "The oldest version of TLS that is spoken with the directory.",
    examples: ["1.3"],
  }),
  insecureSkipVerify: z.boolean().default(false).meta({
    description:
      "Does not verify the directory's certificate, so that anybody in between can pose as it.",
  }),
}).meta({
  description: "Users and groups from an LDAP directory.",
  ...rules(
    {
      rule:
        "!self.enabled || !self.url.startsWith('ldap://') || self.startTLS || self.allowPlaintext",
      message:
        "url is unencrypted, and the server refuses that; use ldaps://, or set startTLS, or consent with allowPlaintext",
      fieldPath: ".url",
    },
    {
      rule: "!self.enabled || has(self.bindPasswordSecretRef)",
      message:
        "ldap needs bindPasswordSecretRef, because the server refuses to log in to the directory without a password; set it",
      fieldPath: ".bindPasswordSecretRef",
    },
    {
      rule: "!(has(self.caCertFile) && has(self.caCertSecretRef))",
      message: "caCertSecretRef and caCertFile say the same twice; remove caCertFile",
      fieldPath: ".caCertFile",
    },
  ),
});
