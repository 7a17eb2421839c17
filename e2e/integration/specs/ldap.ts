// spec.identity.ldap.

import { FULL, MINIMAL } from "./_full.ts";
import { absolutePath, duration, objectName, secretRef } from "./_forms.ts";
import { type JsonObject, withValue } from "./_json.ts";
import { between, bounds, form, longest, notEmpty, oneOf, required, type Row } from "./_table.ts";

const CA = { name: "directory-ca", key: "ca.crt" };

const directory = (fields: JsonObject): JsonObject => ({
  ...MINIMAL,
  identity: {
    ldap: {
      enabled: true,
      url: "ldap://dc1.example.com",
      baseDN: "dc=example,dc=com",
      bindDN: "cn=dittofs,dc=example,dc=com",
      bindPasswordSecretRef: { name: "ldap", key: "password" },
      ...fields,
    },
  },
});

const withoutPassword = (enabled: boolean) =>
  withValue(
    directory({ enabled, url: "ldaps://dc1.example.com" }),
    "identity.ldap.bindPasswordSecretRef",
    undefined,
  );

export const ldap: readonly Row[] = [
  ...form(
    "identity.ldap.url",
    "ldaps://HOST[:PORT] or ldap://HOST[:PORT], such as ldaps://dc1.example.com:636",
    {
      accepted: ["ldaps://a", "ldaps://10.0.0.1:636/", "ldaps://[2001:db8::1]:636/dc=example"],
      refused: ["ldaps://", "dc1.example.com", "https://dc1.example.com", "ldaps://a b", ""],
    },
  ),
  ...longest("identity.ldap.url", 512, { from: "ldaps://x" }),
  ...required("identity.ldap.url"),
  ...required("identity.ldap.baseDN"),
  ...required("identity.ldap.bindDN"),
  ...notEmpty("identity.ldap.baseDN"),
  ...longest("identity.ldap.baseDN", 1024),
  ...notEmpty("identity.ldap.bindDN"),
  ...longest("identity.ldap.bindDN", 1024),
  ...secretRef("identity.ldap.bindPasswordSecretRef", "files-ldap", "password"),
  ...required("identity.ldap.bindPasswordSecretRef.name"),
  ...required("identity.ldap.bindPasswordSecretRef.key"),
  ...form("identity.ldap.userAttr", "the name of an LDAP attribute, such as uid", {
    accepted: ["u", "sAMAccountName", "x-1"],
    refused: ["1a", "a b", "uid;lang-en", "(uid", ""],
  }),
  ...longest("identity.ldap.userAttr", 128),
  ...notEmpty("identity.ldap.realm"),
  ...longest("identity.ldap.realm", 253),
  ...oneOf("identity.ldap.idmap", ["rfc2307", "rid"]),
  ...duration("identity.ldap.timeout", {
    ...{ from: "1s", to: "10m", example: "10s", tooShort: "999ms", tooLong: "601s" },
  }),
  ...bounds("identity.ldap.maxGroupResults", 1, 100_000),
  ...secretRef("identity.ldap.caCertSecretRef", "directory-ca", "ca.crt"),
  ...required("identity.ldap.caCertSecretRef.name"),
  ...required("identity.ldap.caCertSecretRef.key"),
  ...absolutePath(
    "identity.ldap.caCertFile",
    "/tls/ca.crt",
    withValue(FULL, "identity.ldap.caCertSecretRef", undefined),
  ),
  ...objectName("identity.ldap.clientCertSecretName", "files-ldap-client"),
  ...oneOf("identity.ldap.tlsMinVersion", ["1.2", "1.3"]),
  ...between({
    field: "spec.identity.ldap.url",
    message:
      "url is unencrypted, and the server refuses that; use ldaps://, or set startTLS, or consent with allowPlaintext",
    accepted: [
      directory({ startTLS: true }),
      directory({ allowPlaintext: true }),
      directory({ enabled: false }),
      directory({ url: "ldaps://dc1.example.com" }),
      // The server ignores it there.
      directory({ url: "ldaps://dc1.example.com", startTLS: true }),
    ],
    refused: [directory({}), directory({ startTLS: false, allowPlaintext: false })],
  }),
  ...between({
    field: "spec.identity.ldap.bindPasswordSecretRef",
    message:
      "ldap needs bindPasswordSecretRef, because the server refuses to log in to the directory without a password; set it",
    accepted: [withoutPassword(false)],
    refused: [withoutPassword(true)],
  }),
  ...between({
    field: "spec.identity.ldap.caCertFile",
    message: "caCertSecretRef and caCertFile say the same twice; remove caCertFile",
    accepted: [
      directory({ startTLS: true, caCertFile: "/tls/ca.crt" }),
      directory({ startTLS: true, caCertSecretRef: CA }),
    ],
    refused: [directory({ startTLS: true, caCertFile: "/tls/ca.crt", caCertSecretRef: CA })],
  }),
];
