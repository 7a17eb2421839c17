import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { SECRET_DIRECTORY, secretFiles, secretPath } from "./secret_files.ts";

Deno.test("secretFiles() of a minimal server are none", () => {
  assert.deepEqual(secretFiles(testServer().spec), []);
});

const pair = { "tls.crt": "tls.crt", "tls.key": "tls.key" };
const ca = { "ca.crt": "ca.crt" };

Deno.test("secretFiles() has exactly the keys that are used, under the names that the server knows", () => {
  const files = secretFiles(testServer(everything).spec).map(
    ({ volume, secret, files }) => [volume, secret, files],
  );
  assert.deepEqual(files, [
    ["tls-cert", "api-tls", pair],
    ["tls-client-ca", "api-client-ca", ca],
    ["metrics-token", "metrics-token", { value: "token" }],
    ["metrics-tls", "metrics-tls", pair],
    ["metrics-tls-client-ca", "metrics-client-ca", ca],
    ["postgres-ca", "postgres-ca", ca],
    ["ldap-ca", "ldap-ca", { "bundle.pem": "ca.crt" }],
    ["ldap-client", "ldap-client", pair],
    ["kerberos-keytab", "keytab", { "files.keytab": "dittofs.keytab" }],
    ["kerberos-krb5", "krb5", { conf: "krb5.conf" }],
    ["kerberos-machine-keytab", "machine-keytab", { "files.keytab": "machine.keytab" }],
    ["domain-join-ca", "join-ca", { "bundle.pem": "ca.crt" }],
    ["nfs-tls", "nfs-tls", pair],
    ["nfs-tls-client-ca", "nfs-client-ca", ca],
  ]);
  assert.deepEqual(files.map(([volume]) => volume), Object.keys(SECRET_DIRECTORY));
});

Deno.test("secretPath() is where the Go operator had its files", () => {
  assert.deepEqual(
    [
      secretPath("tls-cert", "tls.crt"),
      secretPath("tls-client-ca", "ca.crt"),
      secretPath("metrics-token", "token"),
      secretPath("kerberos-keytab", "dittofs.keytab"),
      secretPath("kerberos-krb5", "krb5.conf"),
      secretPath("kerberos-machine-keytab", "machine.keytab"),
    ],
    [
      "/tls/tls.crt",
      "/tls-client-ca/ca.crt",
      "/metrics-token/token",
      "/kerberos/dittofs.keytab",
      "/kerberos-krb5/krb5.conf",
      "/kerberos-machine/machine.keytab",
    ],
  );
});

const { ldap, kerberos } = everything.identity;
const volumesOf = (identity: NonNullable<DittoServerInput["identity"]>) =>
  secretFiles(testServer({ identity }).spec).map(({ volume }) => volume);

Deno.test("secretFiles() needs no Secret of what is switched off", () => {
  const off = {
    ...everything.identity,
    ldap: { ...ldap, enabled: false },
    kerberos: { ...kerberos, enabled: false },
  };
  assert.deepEqual(volumesOf(off), []);
  const { machineAccount } = kerberos;
  const withoutMachine = { ...kerberos, machineAccount: { ...machineAccount, enabled: false } };
  assert.deepEqual(volumesOf({ ...off, kerberos: withoutMachine }), [
    "kerberos-keytab",
    "kerberos-krb5",
  ]);
  const metrics = { ...everything.metrics, enabled: false };
  assert.deepEqual(secretFiles(testServer({ metrics }).spec), []);
});

Deno.test("secretFiles() takes a reference with an empty name for none, as the Go operator did", () => {
  const none = { ...kerberos, krb5ConfSecretRef: { name: "", key: "krb5.conf" } };
  assert.ok(!volumesOf({ ...everything.identity, kerberos: none }).includes("kerberos-krb5"));
});

Deno.test("secretFiles() has the certificate of NFS also while NFS is off, so that to switch it on replaces no pod", () => {
  const nfs = { tls: { certSecretName: "nfs-tls" } };
  const [on, off] = [nfs, { ...nfs, enabled: false }].map((nfs) =>
    secretFiles(testServer({ adapters: { nfs } }).spec)
  );
  assert.deepEqual(on?.map(({ volume }) => volume), ["nfs-tls"]);
  assert.deepEqual(off, on);
});
