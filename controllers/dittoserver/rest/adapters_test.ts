// What is to be done about a protocol, as tables. W06, W23 and W42 are weaknesses of the Go operator.

import assert from "node:assert/strict";
import type { DittoServerInput } from "../../../api/dittoserver.ts";
import type { AdapterType } from "../../../dittofs/adapters.ts";
import type { NfsSettings, SmbSettings } from "../../../dittofs/adapter_settings.ts";
import type { JsonObject } from "../../../dittofs/wire.ts";
import { testServer } from "../_fixture.ts";
import { type AdapterPlan, type AdapterRow, planAdapter, portOf } from "./adapters.ts";

const nfsSettings: NfsSettings = {
  blockedOperations: [],
  callbackTimeout: 5,
  delegationRecallTimeout: 90,
  delegationsEnabled: true,
  dirDelegBatchWindowMs: 50,
  gracePeriod: 90,
  leaseBreakTimeout: 35,
  leaseTime: 90,
  maxClients: 10_000,
  maxCompoundOps: 50,
  maxConnections: 0,
  maxDelegations: 10_000,
  maxReadSize: 1_048_576,
  maxVersion: "4.1",
  maxWriteSize: 1_048_576,
  mdnsEnabled: false,
  minVersion: "3",
  portmapperEnabled: false,
  portmapperPort: 10_111,
  portmapperRegisterWithSystem: false,
  preferredTransferSize: 1_048_576,
  udpEnabled: false,
  v4MaxConnectionsPerSession: 16,
  v4MaxMinorVersion: 2,
  v4MinMinorVersion: 0,
  version: 1,
};

const smbSettings: SmbSettings = {
  blockedOperations: [],
  directoryLeasingEnabled: true,
  enableEncryption: false,
  maxConnections: 0,
  maxDialect: "SMB3.1.1",
  maxSessions: 10_000,
  mdnsEnabled: false,
  minDialect: "SMB2.0",
  oplockBreakTimeout: 35,
  sessionTimeout: 900,
  signing: "",
  version: 1,
  wsdiscoveryEnabled: false,
};

type Adapters = DittoServerInput["adapters"];

interface Case {
  readonly protocol?: AdapterType;
  readonly adapters?: Adapters;
  readonly live?: Partial<AdapterRow> | "deleted";
  readonly settings?: Partial<NfsSettings & SmbSettings>;
  readonly certificateMounted?: boolean;
}

function plan({ protocol = "nfs", adapters, live, settings, certificateMounted }: Case) {
  const row: AdapterRow = {
    config: {},
    enabled: true,
    port: protocol === "nfs" ? 12049 : 1445,
  };
  const known = protocol === "nfs" ? nfsSettings : smbSettings;
  return planAdapter(protocol, {
    spec: testServer(adapters ? { adapters } : {}).spec,
    live: live === "deleted" ? undefined : { ...row, ...live },
    settings: { ...known, ...settings },
    certificateMounted: certificateMounted ?? false,
  });
}

/** The same server after the steps, the first `count` of them alone. */
function after(given: Case, { steps }: AdapterPlan, count = steps.length): Case {
  let { live, settings } = given;
  for (const step of steps.slice(0, count)) {
    if (step.act === "settings") settings = { ...settings, ...step.patch };
    else live = { ...(live === "deleted" ? {} : live), ...step.fields };
  }
  return { ...given, ...(live && { live }), ...(settings && { settings }) };
}

const summary = ({ steps }: AdapterPlan) =>
  steps.map((step) => step.act === "settings" ? step.patch : step.fields);

Deno.test("planAdapter() leaves alone what the spec says nothing of", () => {
  for (const protocol of ["nfs", "smb"] as const) {
    const by = { enabled: false, port: 20_000, config: { bind_address: "10.0.0.1" } };
    assert.deepEqual(plan({ protocol, live: by }), { steps: [], differences: [] });
    const others = { maxConnections: 7, portmapperEnabled: true, signing: "required" };
    assert.deepEqual(plan({ protocol, settings: others }).steps, []);
    assert.deepEqual(plan({ protocol, live: "deleted" }).steps, []);
  }
});

Deno.test("planAdapter() switches a protocol on and off, and moves it", () => {
  assert.deepEqual(summary(plan({ adapters: { nfs: { enabled: false } } })), [{ enabled: false }]);
  assert.deepEqual(
    summary(plan({ adapters: { nfs: { enabled: true } }, live: { enabled: false } })),
    [{ enabled: true }],
  );
  const moved = plan({ protocol: "smb", adapters: { smb: { port: 4445 } } });
  assert.deepEqual(summary(moved), [{ port: 4445 }]);
  assert.deepEqual(moved.differences, ["smb has port 1445 instead of 4445"]);
});

Deno.test("planAdapter() makes a protocol again that somebody deleted, where the spec wants it", () => {
  assert.deepEqual(plan({ live: "deleted", adapters: { nfs: { enabled: true } } }).steps, [
    { act: "create", fields: { enabled: true, port: 12049, config: {} } },
  ]);
});

Deno.test("planAdapter() (W42) takes port 0 for the server's own default", () => {
  assert.deepEqual(plan({ live: { port: 0 }, adapters: { nfs: { port: 12049 } } }).steps, []);
  assert.deepEqual([portOf("nfs", 0), portOf("smb", 0), portOf("smb", 1445)], [12049, 12445, 1445]);
});

Deno.test("planAdapter() patches settings that take effect by themselves, and stops nobody for them", () => {
  const adapters = {
    nfs: { leaseTime: "2m", maxConnections: 10, blockedOperations: ["SYMLINK", "MKNOD"] as const },
    smb: { signing: "required", encryption: true, minDialect: "SMB3.0" } as const,
  };
  const nfs = { nfs: { ...adapters.nfs, blockedOperations: [...adapters.nfs.blockedOperations] } };
  assert.deepEqual(summary(plan({ adapters: nfs })), [
    { maxConnections: 10, leaseTime: 120, blockedOperations: ["SYMLINK", "MKNOD"] },
  ]);
  assert.deepEqual(summary(plan({ protocol: "smb", adapters: { smb: adapters.smb } })), [
    { signing: "required", enableEncryption: true, minDialect: "SMB3.0" },
  ]);
});

Deno.test("planAdapter() knows lists of settings as sets", () => {
  const adapters: Adapters = { nfs: { blockedOperations: ["SYMLINK", "MKNOD"] } };
  const settings = { blockedOperations: ["MKNOD", "SYMLINK"] };
  assert.deepEqual(plan({ adapters, settings }).steps, []);
});

Deno.test("planAdapter() (W06) starts NFS again for the portmapper, which waits for a start", () => {
  const { steps } = plan({ adapters: { nfs: { portmapper: { enabled: true, port: 10_112 } } } });
  assert.deepEqual(steps, [
    { act: "update", fields: { enabled: false, config: { restarted_by: "dittofs-operator" } } },
    { act: "settings", patch: { portmapperEnabled: true, portmapperPort: 10_112 } },
    { act: "update", fields: { enabled: true, config: {} } },
  ]);
});

Deno.test("planAdapter() starts nothing that is off", () => {
  const adapters = { nfs: { portmapper: { enabled: true } } };
  assert.deepEqual(summary(plan({ adapters, live: { enabled: false } })), [
    { portmapperEnabled: true },
  ]);
});

const tls = { certSecretName: "nfs-tls", mode: "require" } as const;
const ourTls = { cert_file: "/nfs-tls/tls.crt", key_file: "/nfs-tls/tls.key", mode: "require" };

Deno.test("planAdapter() gives NFS its certificate when the pod has it, and not before", () => {
  const given = { adapters: { nfs: { tls } } };
  const early = plan(given);
  assert.deepEqual(early.steps, []);
  assert.ok(early.waitsForPod);
  const { steps } = plan({ ...given, certificateMounted: true });
  assert.deepEqual(steps, [
    {
      act: "update",
      fields: { enabled: false, config: { tls: ourTls, restarted_by: "dittofs-operator" } },
    },
    { act: "update", fields: { enabled: true, config: { tls: ourTls } } },
  ]);
});

Deno.test("planAdapter() takes our certificate away with the spec's, and leaves one of somebody's own", () => {
  const config: JsonObject = { tls: ourTls, bind_address: "10.0.0.1" };
  assert.deepEqual(summary(plan({ live: { config } })).at(-1), {
    enabled: true,
    config: { bind_address: "10.0.0.1" },
  });
  const other = { tls: { cert_file: "/etc/tls.crt" } };
  assert.deepEqual(plan({ live: { config: other } }).steps, []);
});

const restarts: readonly Case[] = [
  { adapters: { nfs: { portmapper: { enabled: true }, udp: true } } },
  { adapters: { nfs: { tls, port: 22_049 } }, certificateMounted: true },
  { adapters: { nfs: { enabled: true, udp: true, leaseTime: "1m" } } },
  { adapters: { nfs: { udp: true } }, live: { config: { bind_address: "10.0.0.1" } } },
  { live: { config: { tls: ourTls } } },
];
for (const [index, given] of restarts.entries()) {
  Deno.test(`planAdapter() goes on after a crash at any step of a new start, as in case ${index}`, () => {
    const whole = plan(given);
    assert.ok(whole.steps.length > 1);
    const goal = after(given, whole);
    assert.deepEqual(plan(goal).steps, []);
    for (let count = 1; count < whole.steps.length; count++) {
      const left = after(given, whole, count);
      assert.deepEqual(after(left, plan(left)), goal, `after ${count} steps`);
    }
  });
}
