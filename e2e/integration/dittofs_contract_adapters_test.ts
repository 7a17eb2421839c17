// The contract with the real server: adapters, their settings, netgroups, identity providers.

import assert from "node:assert/strict";
import type { AdapterType } from "../../dittofs/adapters.ts";
import { until } from "../harness/poll.ts";
import { freePort } from "../harness/ports.ts";
import { Contract, listens, refusalOf, RESTARTING } from "./_contract.ts";
import { changes } from "./_contract_fields.ts";
import { ADAPTER_FIELDS } from "./_contract_tables.ts";

let contract: Contract;
const ADAPTERS = ["nfs", "smb"] as const;
const ports: Record<AdapterType, number> = { nfs: 0, smb: 0 };

/** How long the server goes on saying what it thought of an adapter, with a second on top. */
const STALE = { within: 6_000 };

Deno.test.beforeAll(async () => {
  contract = await Contract.start();
});
Deno.test.afterAll(async () => await contract[Symbol.asyncDispose]());

Deno.test("adapters: a first start has NFS on 12049 and SMB on 1445, both enabled", async () => {
  const rows = await contract.client.adapters.list();
  assert.deepEqual(
    rows.map(({ config, enabled, port, type }) => ({ config, enabled, port, type }))
      .toSorted((a, b) => a.port - b.port),
    [
      { config: {}, enabled: true, port: 1445, type: "smb" },
      { config: {}, enabled: true, port: 12049, type: "nfs" },
    ],
  );
  for (const type of ADAPTERS) ports[type] = await contract.moveAdapter(type);
});

for (const type of ADAPTERS) {
  Deno.test(`adapters: ${type} listens on its new port at once, and no longer on the old one`, async () => {
    const { adapters } = contract.client;
    const before = ports[type];
    const { enabled, port, running } = await adapters.update(type, { port: freePort() });
    ports[type] = port;
    assert.deepEqual([enabled, running], [true, true], "what is not named stays");
    await until("it listens", () => listens(port), { within: 2_000 });
    await until("the old port is given up", async () => !await listens(before), { within: 2_000 });
  });

  Deno.test(`adapters: ${type} that is disabled gives its port up, is not running, and not called disabled`, async () => {
    const { adapters } = contract.client;
    assert.equal((await adapters.update(type, { enabled: false })).running, false);
    await until("it does not listen", async () => !await listens(ports[type]), { within: 2_000 });
    await until("its status tells", async () => {
      return (await adapters.get(type))?.status.status === "unknown";
    }, STALE);
    assert.equal((await adapters.update(type, { enabled: true })).port, ports[type]);
    await until("it listens again", () => listens(ports[type]), { within: 2_000 });
  });

  Deno.test(`adapters: ${type} whose port is taken says running and 200; only its status tells, and it never tries again`, async () => {
    const { adapters } = contract.client;
    const taken = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const { port } = taken.addr;
    try {
      assert.equal((await adapters.update(type, { port })).running, true);
      await until("its status tells", async () => {
        return (await adapters.get(type))?.status.status === "unknown";
      }, STALE);
      assert.equal((await adapters.get(type))?.running, true);
    } finally {
      taken.close();
    }
    await adapters.update(type, { enabled: true, port });
    assert.equal(await listens(port), false, "the same again changes nothing");
    await adapters.restart(type);
    await until("it listens after off and on", () => listens(port), { within: 2_000 });
    await until("its status tells", async () => {
      return (await adapters.get(type))?.status.status === "healthy";
    }, STALE);
    ports[type] = port;
  });

  Deno.test(`adapters: ${type} keeps a new config for itself until it is started again`, async () => {
    const { adapters } = contract.client;
    using client = await Deno.connect({ hostname: "127.0.0.1", port: ports[type] });
    const config = { nonsense: { kept: true } };
    assert.deepEqual((await adapters.update(type, { config })).config, config);
    const ended = client.read(new Uint8Array(1)).then((count) => count ?? 0, () => 0);
    const first = await Promise.race([ended, adapters.get(type).then(() => "still connected")]);
    assert.equal(first, "still connected");
    await adapters.restart(type);
    assert.equal(await ended, 0, "its clients are cut off by that");
    await until("it listens", () => listens(ports[type]), { within: 2_000 });
    assert.deepEqual(
      (await adapters.update(type, { config: {} })).config,
      {},
      "replaced as a whole",
    );
    await adapters.restart(type);
    await until("it listens", () => listens(ports[type]), { within: 2_000 });
  });
}

Deno.test("adapters: smb with another bind address is started again by that", async () => {
  const { adapters } = contract.client;
  using client = await Deno.connect({ hostname: "127.0.0.1", port: ports.smb });
  await adapters.update("smb", { config: { bind_address: "127.0.0.1" } });
  assert.equal(await client.read(new Uint8Array(1)).catch(() => null), null);
  await until("it listens", () => listens(ports.smb), { within: 2_000 });
});

Deno.test("adapters: an unknown one is 404 to look at, and 500 to make", async () => {
  const get = await contract.raw("GET", "/api/v1/adapters/ftp");
  assert.deepEqual([get.status, get.type], [404, "application/problem+json"]);
  const post = await contract.raw("POST", "/api/v1/adapters", '{"type":"ftp"}');
  assert.deepEqual([post.status, post.type], [500, "application/problem+json"]);
});

Deno.test(
  "adapters: a deleted one is gone until it is made again or the server starts",
  RESTARTING,
  async () => {
    const { adapters } = contract.client;
    assert.match(
      await refusalOf(adapters.create("smb", {})),
      /^POST \/adapters: 409 Adapter already exists$/,
    );
    assert.equal((await contract.raw("DELETE", "/api/v1/adapters/smb")).status, 204);
    assert.equal(await adapters.get("smb"), undefined);
    assert.equal(await adapters.smbSettings.get(), undefined);
    const made = await adapters.create("smb", { port: ports.smb });
    assert.equal(made.running, false, "in this one answer");
    await until("it listens", () => listens(ports.smb), { within: 2_000 });
    assert.equal((await adapters.get("smb"))?.running, true);

    await contract.raw("DELETE", "/api/v1/adapters/smb");
    await contract.server.restart();
    await contract.login();
    const back = await adapters.get("smb");
    assert.deepEqual([back?.enabled, back?.port], [true, 1445]);
    assert.equal((await adapters.get("nfs"))?.port, ports.nfs, "others are kept");
    ports.smb = await contract.moveAdapter("smb");
  },
);

Deno.test("adapter settings: PATCH changes what it is given and counts; 422 names the fields", async () => {
  const { nfsSettings, smbSettings } = contract.client.adapters;
  const before = await nfsSettings.get();
  assert.deepEqual(
    [before?.leaseTime, before?.gracePeriod, before?.minVersion, before?.maxVersion],
    [90, 90, "3", "4.1"],
  );
  const after = await nfsSettings.patch({ blockedOperations: ["SETATTR"], leaseTime: 60 });
  assert.deepEqual(after, {
    ...before,
    ...{ blockedOperations: ["SETATTR"], leaseTime: 60, version: (before?.version ?? 0) + 1 },
  });
  assert.deepEqual(await nfsSettings.get(), after);
  assert.equal(
    await refusalOf(nfsSettings.patch({ gracePeriod: 100_000, leaseTime: 1 })),
    "PATCH /adapters/nfs/settings: 422 One or more settings are outside valid range " +
      "(grace_period: must be between 10 and 3600; lease_time: must be between 10 and 3600)",
  );
  assert.deepEqual(await nfsSettings.get(), after, "nothing of a refused one is kept");
  const smb = await smbSettings.get();
  assert.deepEqual([smb?.minDialect, smb?.maxDialect, smb?.signing], ["SMB2.0", "SMB3.1.1", ""]);
  assert.equal((await smbSettings.patch({ signing: "required" })).signing, "required");
  assert.match(
    await refusalOf(smbSettings.patch({ signing: "sometimes" })),
    /422 .*\(signing: must be empty \(inherit\) or one of/,
  );
});

Deno.test("adapter settings: a patch of nothing counts too, and unknown fields are ignored", async () => {
  const { smbSettings } = contract.client.adapters;
  const before = await smbSettings.get();
  const same = await smbSettings.patch({});
  assert.deepEqual(same, { ...before, version: (before?.version ?? 0) + 1 });
  const path = "/api/v1/adapters/smb/settings";
  const ignored = await contract.raw("PATCH", path, '{"guest_enabled":false,"nonsense":1}');
  assert.equal(ignored.status, 200);
  assert.doesNotMatch(ignored.text, /guest_enabled|nonsense/);
});

Deno.test("netgroups: members have a type and a value, which are looked at", async () => {
  const { netgroups } = contract.client;
  assert.deepEqual(await netgroups.create("clients"), { members: [], name: "clients" });
  assert.match(await refusalOf(netgroups.create("clients")), /409 Netgroup already exists$/);
  for (
    const member of [
      { type: "ip", value: "10.1.2.3" },
      { type: "ip", value: "2001:db8::1" },
      { type: "cidr", value: "10.0.0.0/8" },
      { type: "cidr", value: "2001:db8::/32" },
      { type: "hostname", value: "a.example.com" },
      { type: "hostname", value: "*.example.com" },
    ] as const
  ) {
    const { id } = await netgroups.addMember("clients", member);
    const found = (await netgroups.get("clients"))?.members.find((one) => one.id === id);
    assert.deepEqual(found, { ...member, id });
  }
  for (
    const member of [
      { type: "ip", value: "10.0.0.0/8" },
      { type: "cidr", value: "10.1.2.3" },
      { type: "hostname", value: "no spaces" },
    ] as const
  ) {
    assert.match(await refusalOf(netgroups.addMember("clients", member)), /: 400 /, member.value);
  }
  const [first] = (await netgroups.get("clients"))?.members ?? [];
  assert.equal(await netgroups.removeMember("clients", first?.id ?? ""), true);
  assert.equal((await netgroups.get("clients"))?.members.length, 5);
  assert.deepEqual((await netgroups.list()).map(({ name }) => name), ["clients"]);
  assert.equal(await netgroups.delete("clients"), true, "its members do not keep it");
  assert.equal(await netgroups.delete("clients"), false);
  assert.equal(await netgroups.get("clients"), undefined);
});

Deno.test("netgroups: twice the same member is two members, and a value is kept as it is written", async () => {
  const { netgroups } = contract.client;
  await netgroups.create("twice");
  await netgroups.addMember("twice", { type: "cidr", value: "10.1.2.3/8" });
  await netgroups.addMember("twice", { type: "cidr", value: "10.1.2.3/8" });
  const values = (await netgroups.get("twice"))?.members.map(({ value }) => value);
  assert.deepEqual(values, ["10.1.2.3/8", "10.1.2.3/8"]);
  assert.match(
    await refusalOf(netgroups.addMember("none", { type: "ip", value: "::1" })),
    /: 404 /,
  );
});

Deno.test("identity providers: LDAP is 404 until it is set, works at once, and keeps its password", async () => {
  const { ldap } = contract.client.identityProviders;
  assert.equal(await ldap.get(), undefined);
  const config = {
    ...{ allowPlaintext: true, baseDn: "dc=example,dc=com", bindDn: "cn=reader", enabled: true },
    ...{ realm: "EXAMPLE.COM", url: "ldap://127.0.0.1:1" },
  };
  const stored = await ldap.put({ ...config, bindPassword: "hush-hush", timeout: "90s" });
  assert.equal(stored.restartRequired, false);
  assert.deepEqual(
    [stored.config.bindPassword, stored.config.timeout, stored.config.idmap],
    ["********", "1m30s", "rfc2307"],
  );
  assert.deepEqual(stored.config, await ldap.get());
  const replaced = await ldap.put(config);
  assert.deepEqual(
    [replaced.config.bindPassword, replaced.config.timeout],
    ["********", "10s"],
    "what is left out gets its default, but for the secret",
  );
  assert.match(
    await refusalOf(ldap.put({ ...config, url: "" })),
    /: 400 ldap\.url is required when ldap is enabled$/,
  );
});

Deno.test("identity providers: a test says at which step it failed, and stores nothing", async () => {
  const { kerberos, ldap } = contract.client.identityProviders;
  const wanted = await ldap.get();
  const { message, ...connect } = await ldap.test({ ...wanted, url: "ldap://127.0.0.1:2" });
  assert.deepEqual(connect, { ok: false, stage: "connect" });
  assert.match(message, /refused/);
  assert.equal((await ldap.test({ enabled: true })).stage, "validate");
  const keytab = await kerberos.test({ keytabPath: "/no/such/file" });
  assert.deepEqual([keytab.ok, keytab.stage], [false, "keytab"]);
  assert.deepEqual(await ldap.get(), wanted);
});

Deno.test("identity providers: Kerberos waits for a restart, and says so in a header", async () => {
  const { kerberos } = contract.client.identityProviders;
  assert.equal(await kerberos.get(), undefined);
  const machineAccount = { accountName: "FILES$", secret: "hush-hush" };
  const stored = await kerberos.put({ enabled: false, machineAccount, realm: "EXAMPLE.COM" });
  assert.equal(stored.restartRequired, true);
  assert.equal(stored.config.machineAccount.secret, "********");
  assert.equal((await kerberos.put({ realm: "EXAMPLE.ORG" })).config.realm, "EXAMPLE.ORG");
  assert.deepEqual(
    (await contract.client.identityProviders.list()).map((
      { configured, type },
    ) => [type, configured]),
    [["ldap", true], ["kerberos", true]],
  );
  assert.match(await refusalOf(kerberos.put({ realm: "no spaces" })), /: 400 realm /);
});

Deno.test("answers about adapters have the fields that they had", async () => {
  const { adapters, identityProviders, netgroups } = contract.client;
  await adapters.update("nfs", { config: { tls: { mode: "opportunistic" } } });
  await adapters.get("nfs");
  await netgroups.create("all-fields");
  await netgroups.addMember("all-fields", { type: "ip", value: "10.0.0.1" });
  await netgroups.get("all-fields");
  await identityProviders.kerberos.put({
    machineAccount: { accountName: "F$", dcAddress: ["d"], enabled: true, keytabPath: "/k" },
  });
  assert.deepEqual(changes(ADAPTER_FIELDS, contract.answers), []);
});
