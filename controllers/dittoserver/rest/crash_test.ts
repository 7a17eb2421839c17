// The operator dies before and after each call that changes something, to the API server or to the
// server of files; the next one knows nothing but what is there, and must come to the same end.

import assert from "node:assert/strict";
import type { DittoServerInput } from "../../../api/dittoserver.ts";
import { everything } from "../_everything.ts";
import { path, World } from "../_world.ts";

const MINUTE = 60_000;
const ADMIN_SECRET = "demo-admin-bootstrap-credentials";

/** A change of the spec of a server that serves. */
interface Scenario {
  readonly before?: Partial<DittoServerInput>;
  readonly after: Partial<DittoServerInput>;
  /** What the spec says while the operator is dead, and ever after. */
  readonly withdrawn?: Partial<DittoServerInput>;
  /** The operator may die as soon as the pod is ready, and there is no change. */
  readonly fromTheStart?: true;
  readonly prepare?: (world: World) => void;
  /** What must be true in the end besides. */
  readonly check?: (world: World) => void;
}

const archive = { share: "archive", interval: "@daily" };
const { caCertSecretRef: _ca, clientCertSecretName: _client, ...ldap } = everything.identity.ldap;
const directory = {
  identity: { ldap: { ...ldap, bindPasswordSecretRef: { name: "bind", key: "pw" } } },
};
const kerberos = {
  identity: {
    kerberos: {
      ...{ enabled: true, servicePrincipal: "nfs/files@EXAMPLE.COM", realm: "EXAMPLE.COM" },
      keytabSecretRef: { name: "keytab", key: "k" },
    },
  },
};
const rotated = { identity: { admin: { passwordRotation: "2027-01" } } };

/** The admin has the password that its Secret has, and it is another than in the beginning. */
function hasNewPassword(world: World): void {
  const secret = world.server.read(path.core("secrets", ADMIN_SECRET));
  const data = secret?.data as Record<string, string>;
  assert.deepEqual(Object.keys(data).toSorted(), ["password", "username"]);
  assert.equal(world.dfs.accounts.get("admin")?.password, atob(data.password ?? ""));
  assert.notEqual(world.dfs.accounts.get("admin")?.password, initial);
  assert.equal(world.dfs.accounts.get("admin")?.mustChange, false);
}

let initial: string | undefined;

const scenarios: Readonly<Record<string, Scenario>> = {
  "the first login": { after: {}, fromTheStart: true },
  "the portmapper, for which NFS is started again": {
    after: { adapters: { nfs: { portmapper: { enabled: true } } } },
  },
  "another port and a setting": {
    after: { adapters: { nfs: { port: 22_049, leaseTime: "1m" }, smb: { enabled: false } } },
  },
  "a snapshot policy that comes": { after: { snapshotPolicies: [archive] } },
  "a snapshot policy that goes": { before: { snapshotPolicies: [archive] }, after: {} },
  "a snapshot policy that is taken back": {
    after: { snapshotPolicies: [archive] },
    withdrawn: {},
  },
  "a directory that comes": { after: directory },
  "a directory that is taken back": { after: directory, withdrawn: {} },
  "a directory that goes": { before: directory, after: {} },
  "Kerberos that comes": { after: kerberos },
  "Kerberos of other times in the database, for which the pod is replaced": {
    before: kerberos,
    fromTheStart: true,
    prepare: (world) => {
      world.dfs.providers.set("kerberos", { enabled: true, realm: "OLD.COM", max_contexts: 0 });
    },
    after: kerberos,
  },
  "a new password of the admin": { after: rotated, check: hasNewPassword },
  "a new password of the admin, whose old one somebody has changed": {
    prepare: (world) => {
      const admin = world.dfs.accounts.get("admin");
      if (admin) admin.password = "changed by hand";
    },
    after: rotated,
    check: hasNewPassword,
  },
  "the admin's password from a Secret of the user's": {
    after: {
      identity: {
        admin: { passwordRotation: "1", passwordSecretRef: { name: "root", key: "pw" } },
      },
    },
    check: (world) => {
      const { password, mustChange } = world.dfs.accounts.get("admin") ?? {};
      assert.deepEqual([password, mustChange], ["of-the-user", false]);
    },
  },
};

/** A call at which the operator dies. */
interface Death {
  readonly at: number;
  readonly when: "before" | "after";
}

const NEVER: Death = { at: Infinity, when: "after" };

/** Runs a scenario to its end. Returns how many calls its change took, and what there is then. */
async function run(scenario: Scenario, death: Death) {
  const { before = {}, after, withdrawn, prepare, check, fromTheStart } = scenario;
  await using world = new World();
  world.dfs.shares.add("archive");
  await world.secret("bind", { pw: "bind-password" });
  await world.secret("keytab", { k: "\u0005\u0002rest" });
  await world.secret("root", { pw: "of-the-user" });
  await world.apply(before);
  if (fromTheStart) {
    prepare?.(world);
    world.dieAt(death);
  }
  await world.serve();
  const pod = world.podUid();
  await world.clock.advance(MINUTE);
  if (!fromTheStart) {
    initial = world.dfs.accounts.get("admin")?.password;
    prepare?.(world);
    world.dieAt(death);
    await world.apply(after);
    await world.clock.advance(5_000);
  }
  const calls = world.calls.length;
  if (withdrawn) await world.apply(withdrawn);
  if (world.died) await world.restart();
  await world.clock.advance(MINUTE);
  await world.rollOut();
  await world.clock.advance(20 * MINUTE);
  check?.(world);
  return { calls, end: { ...stateOf(world), replaced: world.podUid() !== pod } };
}

/** What is on the server, and what is said of it, but for passwords, times and UIDs. */
function stateOf(world: World) {
  const { accounts, adapters, settings, providers, policies } = world.dfs;
  const { conditions = [], managed, phase } = world.status();
  const hidden = ({ password: _, ...account }: { password: string }) => account;
  return structuredClone({
    accounts: [...accounts].map(([name, account]) => [name, hidden(account)]),
    adapters: [...adapters].map(([name, { starts: _, ...row }]) => [name, row]),
    // One that is off was on for a while, or never.
    providers: [...providers].filter(([, { enabled }]) => enabled),
    ...{ settings, policies, managed, phase },
    conditions: conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
  });
}

for (const [name, scenario] of Object.entries(scenarios)) {
  Deno.test(`reconcileRest() comes to the same end wherever the operator dies: ${name}`, async () => {
    const { calls, end } = await run(scenario, NEVER);
    assert.ok(calls > 0);
    for (let at = 1; at <= calls; at++) {
      for (const when of ["before", "after"] as const) {
        const again = await run(scenario, { at, when });
        assert.deepEqual(again.end, end, `${when} call ${at} of ${calls}`);
      }
    }
  });
}
