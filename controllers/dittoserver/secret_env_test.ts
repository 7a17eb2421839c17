import assert from "node:assert/strict";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { secretVariables } from "./secret_env.ts";

const variables = (...of: Parameters<typeof secretVariables>) =>
  secretVariables(...of).map(({ variable, secret, key, optional }) =>
    `${variable.replace("DITTOFS_", "")}=${secret}/${key}${optional ? "?" : ""}`
  );

Deno.test("secretVariables() of a minimal server are the two of its first start", () => {
  assert.deepEqual(variables(testServer(), undefined), [
    "CONTROLPLANE_SECRET=demo-jwt-secret/jwt-secret",
    "ADMIN_INITIAL_PASSWORD=demo-admin-bootstrap-credentials/password",
  ]);
});

Deno.test("secretVariables() has every password, and only port and sslmode are optional", () => {
  assert.deepEqual(variables(testServer(everything), "database"), [
    "CONTROLPLANE_SECRET=jwt/value",
    "ADMIN_INITIAL_PASSWORD=admin/value",
    "LDAP_BIND_PASSWORD=ldap/value",
    "KERBEROS_MACHINE_ACCOUNT_SECRET=machine/value",
    "KERBEROS_MACHINE_ACCOUNT_ONLINE_JOIN_BIND_PASSWORD=join/value",
    "DATABASE_POSTGRES_HOST=database/host",
    "DATABASE_POSTGRES_DATABASE=database/database",
    "DATABASE_POSTGRES_USER=database/user",
    "DATABASE_POSTGRES_PASSWORD=database/password",
    "DATABASE_POSTGRES_PORT=database/port?",
    "DATABASE_POSTGRES_SSLMODE=database/sslmode?",
  ]);
});

Deno.test("secretVariables() needs no password of what is switched off", () => {
  const { ldap, kerberos } = everything.identity;
  const of = (spec: Parameters<typeof testServer>[0]) => variables(testServer(spec), undefined);
  assert.equal(of({ identity: { ldap: { ...ldap, enabled: false } } }).length, 2);
  assert.equal(of({ identity: { kerberos: { ...kerberos, enabled: false } } }).length, 2);
  const { machineAccount } = kerberos;
  const joinless = {
    ...machineAccount,
    onlineJoin: { ...machineAccount.onlineJoin, enabled: false },
  };
  const identity = { kerberos: { ...kerberos, machineAccount: joinless } };
  assert.equal(of({ identity }).at(-1), "KERBEROS_MACHINE_ACCOUNT_SECRET=machine/value");
});

Deno.test("secretVariables() uses our own JWT key where the reference has an empty name", () => {
  const identity = { jwt: { secretRef: { name: "", key: "x" } } };
  const [jwt] = variables(testServer({ identity }), undefined);
  assert.equal(jwt, "CONTROLPLANE_SECRET=demo-jwt-secret/jwt-secret");
});
