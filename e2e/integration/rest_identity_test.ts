// What the operator does about identity providers over the REST API, with a real server. W09 is a
// weakness of the Go operator.

import assert from "node:assert/strict";
import * as z from "zod";
import { beside as test } from "./_beside.ts";
import { keytab } from "./_keytab.ts";
import { namespace, RestGround } from "./_rest_ground.ts";

let ground: RestGround;
Deno.test.beforeAll(async () => void (ground = await RestGround.start()));
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const podUid = (name: string) => ground.get("pod", `${name}-0`, "jsonpath={.metadata.uid}");

const realm = (realm: string) => ({
  kerberos: {
    ...{ enabled: true, servicePrincipal: `nfs/files.example.com@${realm}`, realm },
    keytabSecretRef: { name: "keytab", key: "k" },
    krb5ConfSecretRef: { name: "keytab", key: "conf" },
  },
});

test("Settings of LDAP and Kerberos reach a server whose database has others (W09)", async () => {
  await ground.secret("keytab", {
    k: keytab("EXAMPLE.COM", ["nfs", "files.example.com"]),
    conf: "[libdefaults]\n  default_realm = EXAMPLE.COM\n",
  });
  await ground.secret("bind", { password: "bind-1" });
  const ldap = {
    ...{ enabled: true, url: "ldaps://dc.example.com", baseDN: "dc=one", bindDN: "cn=files" },
    bindPasswordSecretRef: { name: "bind", key: "password" },
  };
  const server = await ground.create("known", { identity: { ldap, ...realm("EXAMPLE.COM") } });
  await ground.untilCondition("known", "IdentityProvidersReady", "Applied");
  const first = await podUid("known");
  await ground.patch("known", { identity: { ldap: { baseDN: "dc=two" } } });
  const read = async (type: string) =>
    z.looseObject({ base_dn: z.string().optional(), realm: z.string().optional() })
      .parse((await server.byHand("GET", `/identity-providers/${type}/config`)).body);
  await ground.until(
    "LDAP has the other base",
    async () => (await read("ldap")).base_dn === "dc=two",
  );
  await ground.untilCondition("known", "IdentityProvidersReady", "Applied");
  assert.equal(await podUid("known"), first);

  const pod = await server.ready();
  await ground.patch("known", { identity: realm("OTHER.COM") });
  const second = await server.replaced(pod);
  assert.equal((await read("kerberos")).realm, "OTHER.COM");
  await ground.untilCondition("known", "Ready", "Serving");
  assert.equal(await podUid("known"), second.metadata.uid);
});

test("A pod that started with other settings of Kerberos is replaced once, and announced (W09)", async () => {
  const server = ground.beside.server(namespace, "known");
  await ground.stopOperator();
  await server.byHand("PUT", "/identity-providers/kerberos/config", {
    ...{ enabled: true, realm: "STALE.COM", service_principal: "nfs/files.example.com@STALE.COM" },
    keytab_path: "/kerberos/dittofs.keytab",
  });
  const stale = await server.replacePod();
  await ground.startOperator();
  const fresh = await server.replaced(stale);
  await ground.untilCondition("known", "Ready", "Serving");
  await ground.untilCondition("known", "IdentityProvidersReady", "Applied");
  assert.equal(await podUid("known"), fresh.metadata.uid);
  assert.equal((await ground.status("known")).managed?.restart, undefined);
});

test("A directory that the spec has no more is switched off (W09)", async () => {
  const server = ground.beside.server(namespace, "known");
  const pod = await server.ready();
  await ground.patch("known", { identity: { ldap: null } });
  await server.replaced(pod);
  await ground.until("LDAP is off", async () => {
    const { body } = await server.byHand("GET", "/identity-providers/ldap/config");
    return z.object({ enabled: z.boolean() }).parse(body).enabled === false;
  });
  await ground.until("the status forgets it", async () => {
    const { managed } = await ground.status("known");
    return managed?.identityProviders?.map(({ type }) => type).join() === "kerberos";
  });
});
