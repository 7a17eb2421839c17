// Identity providers of a server, seen to by both controllers together, in virtual time and with a
// server in memory. W09 is a weakness of the Go operator.

import assert from "node:assert/strict";
import type { DittoServerInput } from "../../../api/dittoserver.ts";
import { everything } from "../_everything.ts";
import { path, World } from "../_world.ts";
import { drift, MINUTE, said } from "./_serving.ts";

const ldap = { ...everything.identity.ldap, bindPasswordSecretRef: { name: "ldap", key: "pw" } };
const { caCertSecretRef: _ca, clientCertSecretName: _client, ...withoutFiles } = ldap;
const directory = { identity: { ldap: withoutFiles } };

async function withDirectory(spec: Partial<DittoServerInput> = directory): Promise<World> {
  const world = new World();
  await world.secret("ldap", { pw: "bind-1" });
  await world.apply(spec);
  await world.serve();
  return world;
}

Deno.test("reconcileRest() (W09) gives the server the settings of LDAP, and another password when that changes", async () => {
  await using world = await withDirectory();
  assert.equal(world.dfs.providers.get("ldap")?.bind_password, "bind-1");
  assert.equal(said(world, "IdentityProvidersReady"), "True Applied");
  const template = world.template();
  world.dfs.asked();
  await world.secret("ldap", { pw: "bind-2" });
  await world.clock.advance(5_000);
  assert.equal(world.dfs.providers.get("ldap")?.bind_password, "bind-2");
  await world.apply({ identity: { ldap: { ...withoutFiles, baseDN: "dc=other" } } });
  await world.clock.advance(5_000);
  assert.equal(world.dfs.providers.get("ldap")?.base_dn, "dc=other");
  assert.deepEqual(world.template(), template, "the server takes it over by itself");
});

Deno.test("reconcileRest() tells no password in the status, in no form", async () => {
  await using world = await withDirectory();
  await world.secret("ldap", { pw: "bind-1" });
  const { managed } = world.status();
  assert.equal(managed?.identityProviders?.[0]?.type, "ldap");
  assert.match(managed?.identityProviders?.[0]?.applied ?? "", /^[0-9a-f]{16}$/);
});

Deno.test("reconcileRest() gives a provider its settings again only when something has changed", async () => {
  await using world = await withDirectory();
  world.dfs.asked();
  await world.clock.advance(60 * MINUTE);
  await world.restart();
  await world.clock.advance(MINUTE);
  assert.ok(!world.dfs.asked().some((request) => request.startsWith("PUT")));
});

Deno.test("reconcileRest() (W09) switches off a provider that the spec had, and none that it never had", async () => {
  await using world = await withDirectory();
  world.dfs.providers.set("kerberos", { enabled: true, max_contexts: 0 });
  await world.apply({});
  assert.equal(world.dfs.providers.get("ldap")?.enabled, false);
  assert.equal(world.dfs.providers.get("kerberos")?.enabled, true);
  assert.equal(world.status().managed, undefined);
  const off = { kerberos: { ...everything.identity.kerberos, enabled: false } };
  await world.apply({ identity: off });
  assert.equal(world.dfs.providers.get("kerberos")?.enabled, false);
});

const { kerberos } = everything.identity;
const realm = (realm: string) => ({
  identity: {
    kerberos: {
      ...{ enabled: true, servicePrincipal: kerberos.servicePrincipal, realm },
      keytabSecretRef: { name: "keytab", key: "k" },
    },
  },
});

/** A server that is about to start, and finds this realm in its database. */
async function withKerberos(inDatabase = "EXAMPLE.COM"): Promise<World> {
  const world = new World();
  await world.secret("keytab", { k: "\u0005\u0002rest" });
  await world.apply(realm("EXAMPLE.COM"));
  world.dfs.providers.set("kerberos", {
    ...{ enabled: true, realm: inDatabase, service_principal: kerberos.servicePrincipal },
    ...{ keytab_path: "/kerberos/dittofs.keytab", max_contexts: 0, machine_account: {} },
  });
  return world;
}

Deno.test("reconcileRest() restarts a pod that started with other settings of Kerberos, once and announced (W09)", async () => {
  // As the Go operator leaves it: the database has what the file said years ago.
  await using world = await withKerberos("OLD.COM");
  await world.serve();
  assert.equal(world.dfs.providers.get("kerberos")?.realm, "EXAMPLE.COM");
  assert.equal(said(world, "IdentityProvidersReady"), "False RestartNeeded");
  const uid = world.server.read(path.pod)?.metadata.uid;
  assert.equal(world.status().managed?.restart, uid);
  assert.deepEqual(world.status().rollout?.reasons, ["settings of identity providers"]);
  const before = world.template();
  await world.clock.advance(2_000);
  assert.notDeepEqual(world.template(), before);
  await world.replacePod();
  assert.equal(world.status().managed?.restart, undefined);
  const after = world.template();
  await world.clock.advance(10 * MINUTE);
  assert.equal(said(world, "Ready"), "True Serving");
  assert.deepEqual(world.template(), after);
});

Deno.test("reconcileRest() puts Kerberos back without a restart where the pod has started right", async () => {
  await using world = await withKerberos();
  await world.serve();
  await world.clock.advance(MINUTE);
  const before = world.template();
  const config = world.dfs.providers.get("kerberos");
  world.dfs.providers.set("kerberos", { ...config, realm: "EVIL.COM" });
  await world.clock.advance(6 * MINUTE);
  assert.equal(world.dfs.providers.get("kerberos")?.realm, "EXAMPLE.COM");
  assert.deepEqual(world.template(), before);
  assert.equal(await drift(world, "identityProvider"), 1);
});

Deno.test("reconcileRest() lets a restart wait until the server has what it needs at its start, but not for ever", async () => {
  await using world = await withKerberos();
  await world.serve();
  await world.clock.advance(MINUTE);
  const before = world.template();
  const gate = Promise.withResolvers<undefined>();
  world.dfs.fault = ({ method }) => method === "PUT" ? gate.promise : undefined;
  await world.apply(realm("OTHER.COM"));
  await world.clock.advance(9_000);
  assert.deepEqual(world.template(), before);
  gate.resolve(undefined);
  await world.clock.advance(2_000);
  assert.notDeepEqual(world.template(), before);
  assert.equal(world.dfs.providers.get("kerberos")?.realm, "OTHER.COM");
});

Deno.test("reconcileRest() gives the server another realm before the one restart that it needs", async () => {
  await using world = await withKerberos();
  await world.serve();
  await world.clock.advance(MINUTE);
  const before = world.template();
  await world.apply(realm("OTHER.COM"));
  assert.deepEqual(world.template(), before);
  await world.clock.advance(2_000);
  assert.equal(world.dfs.providers.get("kerberos")?.realm, "OTHER.COM");
  const after = world.template();
  assert.notDeepEqual(after, before);
  await world.replacePod();
  await world.clock.advance(10 * MINUTE);
  assert.deepEqual(world.template(), after);
});
