import assert from "node:assert/strict";
import type { DittoServerInput } from "../../../api/dittoserver.ts";
import { testServer } from "../_fixture.ts";
import { secretUses } from "./secret_uses.ts";

const uses = (spec: Partial<DittoServerInput> = {}) => secretUses(testServer(spec));
const line = (spec: Partial<DittoServerInput>) =>
  uses(spec).map(({ field, secret, keys, rolls }) =>
    [field, secret, keys.map(({ key, check }) => `${key}:${check}`).join(" "), rolls] as const
  );

const OWN = [
  ["jwt", "demo-jwt-secret", "jwt-secret:jwtKey", true],
  ["admin", "demo-admin-bootstrap-credentials", "password:adminPassword", false],
] as const;

const ref = (name: string, key = "k") => ({ name, key });

const everything: Partial<DittoServerInput> = {
  database: {
    postgresSecretRef: ref("pg", "connection-string"),
    postgres: { sslRootCertSecretName: "pg-ca" },
  },
  controlPlane: {
    certSecretName: "api-tls",
    clientCASecretName: "api-ca",
    clientCertSecretName: "operator-tls",
  },
  identity: {
    jwt: { secretRef: ref("jwt") },
    admin: { passwordSecretRef: ref("root") },
    ldap: {
      enabled: true,
      url: "ldaps://dc",
      baseDN: "dc=x",
      bindDN: "cn=x",
      bindPasswordSecretRef: ref("ldap"),
      caCertSecretRef: ref("ldap-ca"),
      clientCertSecretName: "ldap-tls",
    },
    kerberos: {
      enabled: true,
      keytabSecretRef: ref("keytab"),
      krb5ConfSecretRef: ref("krb5"),
      machineAccount: {
        enabled: true,
        secretRef: ref("machine"),
        keytabSecretRef: ref("machine-keytab"),
        onlineJoin: {
          enabled: true,
          bindPasswordSecretRef: ref("join"),
          caCertSecretRef: ref("join-ca"),
        },
      },
    },
  },
  metrics: {
    enabled: true,
    bearerTokenSecret: ref("token"),
    tls: { certSecretName: "metrics-tls", clientCASecretName: "metrics-ca" },
  },
  adapters: { nfs: { tls: { certSecretName: "nfs-tls", clientCASecretName: "nfs-ca" } } },
  imagePullSecrets: [{ name: "registry" }],
};

Deno.test("secretUses() of a minimal server are the two Secrets that the operator generates", () => {
  assert.deepEqual(line({}), OWN);
  assert.ok(uses().every(({ generated }) => generated));
});

Deno.test("secretUses() has every Secret that the spec can name, except pull secrets", () => {
  const pair = "tls.crt:certificate tls.key:privateKey";
  const authorities = "ca.crt:authorities";
  const [kerberos, machine] = [
    "spec.identity.kerberos",
    "spec.identity.kerberos.machineAccount",
  ];
  assert.deepEqual(line(everything), [
    [
      "spec.database.postgresSecretRef",
      "pg",
      "host:line database:line user:line password:text port:port sslmode:sslMode",
      true,
    ],
    ["spec.database.postgres.sslRootCertSecretName", "pg-ca", authorities, true],
    ["spec.controlPlane.certSecretName", "api-tls", pair, false],
    ["spec.controlPlane.clientCASecretName", "api-ca", authorities, true],
    ["spec.controlPlane.clientCertSecretName", "operator-tls", pair, false],
    ["spec.identity.jwt.secretRef", "jwt", "k:jwtKey", true],
    ["spec.identity.admin.passwordSecretRef", "root", "k:adminPassword", false],
    ["spec.identity.ldap.bindPasswordSecretRef", "ldap", "k:text", false],
    ["spec.identity.ldap.caCertSecretRef", "ldap-ca", "k:authorities", false],
    ["spec.identity.ldap.clientCertSecretName", "ldap-tls", pair, false],
    [`${kerberos}.keytabSecretRef`, "keytab", "k:keytab", true],
    [`${kerberos}.krb5ConfSecretRef`, "krb5", "k:krb5Conf", true],
    [`${machine}.secretRef`, "machine", "k:text", true],
    [`${machine}.keytabSecretRef`, "machine-keytab", "k:keytab", true],
    [`${machine}.onlineJoin.bindPasswordSecretRef`, "join", "k:text", true],
    [`${machine}.onlineJoin.caCertSecretRef`, "join-ca", "k:authorities", true],
    ["spec.metrics.bearerTokenSecret", "token", "k:token", true],
    ["spec.metrics.tls.certSecretName", "metrics-tls", pair, false],
    ["spec.metrics.tls.clientCASecretName", "metrics-ca", authorities, true],
    ["spec.adapters.nfs.tls.certSecretName", "nfs-tls", pair, false],
    ["spec.adapters.nfs.tls.clientCASecretName", "nfs-ca", authorities, true],
  ]);
});

Deno.test("secretUses() names each field once, so that digests by field cannot collide", () => {
  const fields = uses(everything).map(({ field }) => field);
  assert.equal(new Set(fields).size, fields.length);
});

Deno.test("secretUses() knows which one only the operator reads, and which may be a connection string", () => {
  const all = uses(everything);
  const only = all.filter(({ operatorOnly }) => operatorOnly).map(({ secret }) => secret);
  assert.deepEqual(only, ["operator-tls"]);
  assert.equal(all[0]?.connectionString, "connection-string");
  assert.equal(all.filter(({ connectionString }) => connectionString).length, 1);
});

const { ldap, kerberos } = everything.identity ?? {};
const off: Record<string, Partial<DittoServerInput>> = {
  "LDAP that is not enabled": ldap ? { identity: { ldap: { ...ldap, enabled: false } } } : {},
  "Kerberos that is not enabled": { identity: { kerberos: { ...kerberos, enabled: false } } },
  "metrics that are not enabled": { metrics: { ...everything.metrics, enabled: false } },
  // W50: these gave pods that the API server refused.
  "references with an empty name (W50)": {
    identity: {
      jwt: { secretRef: ref("") },
      kerberos: { enabled: true, keytabSecretRef: ref("") },
    },
  },
};
for (const [what, spec] of Object.entries(off)) {
  Deno.test(`secretUses() wants nothing of ${what}`, () => assert.deepEqual(line(spec), OWN));
}

Deno.test("secretUses() wants nothing of a machine account or a join that is not enabled", () => {
  const account = kerberos?.machineAccount;
  const secrets = (machineAccount: typeof account) =>
    uses({ identity: { kerberos: { ...kerberos, machineAccount } } }).map(({ secret }) => secret);
  assert.ok(!secrets({ ...account, enabled: false }).some((name) => /machine|join/.test(name)));
  const joinless = secrets({ ...account, onlineJoin: { ...account?.onlineJoin, enabled: false } });
  assert.ok(joinless.includes("machine"));
  assert.ok(!joinless.some((name) => name.startsWith("join")));
});
