// What the server says of this configuration: e2e/integration/server_config_test.ts.

import assert from "node:assert/strict";
import { parse } from "yaml";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { everything, sqliteSpec } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { serverConfig } from "./server_config.ts";

const configOf = (spec: Partial<DittoServerInput>) => parse(serverConfig(testServer(spec).spec));

Deno.test("serverConfig() of a minimal spec is a text that never changes, or servers restart", () => {
  assert.equal(
    serverConfig(testServer().spec),
    `logging:
  level: INFO
  format: json
  output: stdout
shutdown_timeout: 30s
database:
  type: sqlite
  sqlite:
    path: /data/controlplane/controlplane.db
controlplane:
  host: 0.0.0.0
  port: 8080
  write_timeout: 60s
  jwt:
    access_token_duration: 15m
    refresh_token_duration: 168h
metadata:
  badger:
    block_cache_mb: 64
    index_cache_mb: 32
`,
  );
});

Deno.test("serverConfig() of every field says all of it in the server's words (W39)", () => {
  const { logging, controlplane, metrics, database, ldap, kerberos, ...rest } = configOf(
    everything,
  );
  assert.deepEqual(logging, {
    level: "DEBUG",
    format: "text",
    output: "/data/controlplane/dittofs.log",
    rotation: { max_size: 10, max_backups: 3, max_age: 7, compress: true },
  });
  assert.deepEqual(database, {
    type: "postgres",
    postgres: { ssl_root_cert: "/postgres-ca/ca.crt", max_open_conns: 50, max_idle_conns: 10 },
  });
  assert.deepEqual(controlplane, {
    host: "0.0.0.0",
    port: 8443,
    read_timeout: "11s",
    write_timeout: "61s",
    idle_timeout: "62s",
    drain_stall_timeout: "6m",
    jwt: { access_token_duration: "10m", refresh_token_duration: "24h" },
    tls: {
      cert_file: "/tls/tls.crt",
      key_file: "/tls/tls.key",
      client_ca: "/tls-client-ca/ca.crt",
      min_version: "1.3",
    },
    require_initial_password_change: false,
    pprof: true,
    pprof_mutex_rate: 10,
    pprof_block_rate_ns: 2_000_000,
  });
  assert.deepEqual(metrics, {
    enabled: true,
    host: "0.0.0.0",
    port: 9191,
    path: "/prometheus",
    auth: "token",
    token_file: "/metrics-token/token",
    tls: {
      cert_file: "/metrics-tls/tls.crt",
      key_file: "/metrics-tls/tls.key",
      client_ca: "/metrics-tls-client-ca/ca.crt",
      min_version: "1.3",
    },
  });
  assert.deepEqual(ldap, {
    enabled: true,
    url: "ldap://dc.example.com",
    start_tls: true,
    allow_plaintext: true,
    base_dn: "dc=example,dc=com",
    bind_dn: "cn=dittofs,dc=example,dc=com",
    user_attr: "uid",
    realm: "EXAMPLE.COM",
    idmap: "rid",
    nested_groups: true,
    timeout: "5s",
    max_group_results: 100,
    tls: {
      ca_cert_file: "/ldap-ca/ca.crt",
      client_cert_file: "/ldap-client/tls.crt",
      client_key_file: "/ldap-client/tls.key",
      min_version: "1.3",
      insecure_skip_verify: true,
    },
  });
  assert.deepEqual(kerberos, {
    enabled: true,
    keytab_path: "/kerberos/dittofs.keytab",
    service_principal: "nfs/files.example.com@EXAMPLE.COM",
    realm: "EXAMPLE.COM",
    netbios_domain: "EXAMPLE",
    dns_domain: "example.com",
    krb5_conf: "/kerberos-krb5/krb5.conf",
    max_clock_skew: "2m",
    context_ttl: "4h",
    max_contexts: 500,
    machine_account: {
      enabled: true,
      account_name: "FILES$",
      keytab_path: "/kerberos-machine/machine.keytab",
      dc_address: ["dc1.example.com", "dc2.example.com"],
      online_join: {
        enabled: true,
        ldap_url: "ldap://dc.example.com",
        start_tls: true,
        bind_dn: "cn=joiner,dc=example,dc=com",
        base_dn: "dc=example,dc=com",
        ou: "ou=servers,dc=example,dc=com",
        dns_host_name: "files.example.com",
        spns: ["cifs/files.example.com"],
        rotation_interval: "720h",
        ca_cert_file: "/domain-join-ca/ca.crt",
        insecure_skip_verify: true,
      },
    },
  });
  assert.deepEqual(rest, {
    shutdown_timeout: "20s",
    admin: { username: "admin", email: "admin@example.com" },
    identity: { machine_sid: "S-1-5-21-1-2-3" },
    metadata: { badger: { block_cache_mb: 128, index_cache_mb: 48 } },
    blockstore: {
      local: {
        default_remote_cache_size: 21_474_836_480,
        backpressure_max_wait: "30s",
        max_log_bytes: 2_147_483_648,
      },
    },
    gc: {
      auto_enabled: false,
      auto_interval: "30m",
      grace_period: "2h",
      dry_run_sample_size: 50,
      compaction_live_ratio: 0.4,
    },
    snapshot: {
      restore_http_timeout: "1h",
      scheduler_poll_interval: "5m",
      scheduler_disabled: true,
    },
  });
});

Deno.test("serverConfig() keeps SQLite where the spec says", () => {
  assert.deepEqual(configOf(sqliteSpec).database, {
    type: "sqlite",
    sqlite: { path: "/data/store/metadata/control.db" },
  });
});

Deno.test("serverConfig() takes a reference to PostgreSQL for PostgreSQL, and needs no more", () => {
  const postgresSecretRef = { name: "pg", key: "dsn" };
  assert.deepEqual(configOf({ database: { postgresSecretRef } }).database, { type: "postgres" });
});

const { ldap, kerberos } = everything.identity;
const off: [string, Partial<DittoServerInput>][] = [
  ["LDAP", { identity: { ldap: { ...ldap, enabled: false } } }],
  ["Kerberos", { identity: { kerberos: { ...kerberos, enabled: false } } }],
  ["metrics", { metrics: { ...everything.metrics, enabled: false } }],
  ["profiling", { controlPlane: { pprof: { enabled: false, mutexRate: 10 } } }],
];
for (const [what, spec] of off) {
  Deno.test(`serverConfig() says nothing of ${what} that is switched off`, () => {
    assert.deepEqual(configOf(spec), configOf({}));
  });
}

Deno.test("serverConfig() does not change with what the server does not read", () => {
  const { adapters, adapterServices, service, networkPolicy, pod, image } = everything;
  assert.deepEqual(
    configOf({ adapters, adapterServices, service, networkPolicy, pod, image, hibernate: true }),
    configOf({}),
  );
});

Deno.test("serverConfig() sizes caches after the container's memory, not the node's", () => {
  const { metadata } = configOf({ resources: { limits: { memory: "2Gi" } } });
  assert.deepEqual(metadata.badger, { block_cache_mb: 163, index_cache_mb: 81 });
});

Deno.test("serverConfig() names paths in the pod where the user has files of their own", () => {
  const { ldap: config, kerberos: krb } = configOf({
    identity: {
      ldap: { ...ldap, caCertSecretRef: undefined, caCertFile: "/etc/ssl/directory.pem" },
      kerberos: { ...kerberos, krb5ConfSecretRef: undefined, krb5Conf: "/etc/krb5.conf" },
    },
  });
  assert.equal(config.tls.ca_cert_file, "/etc/ssl/directory.pem");
  assert.equal(krb.krb5_conf, "/etc/krb5.conf");
});

Deno.test("serverConfig() gives every duration a unit, because a bare number is nanoseconds", () => {
  const durations = serverConfig(testServer(everything).spec)
    .match(/\S*(timeout|duration|interval|period|skew|ttl|wait): \S+/g) ?? [];
  assert.equal(durations.length, 16);
  for (const duration of durations) assert.match(duration, /: \d+[smh]$/);
});

Deno.test("serverConfig() quotes texts that the server's reader would take for numbers", () => {
  const text = serverConfig(
    testServer({ identity: { kerberos: { ...kerberos, realm: "1_0" } } }).spec,
  );
  assert.match(text, /realm: "1_0"/);
});

Deno.test("serverConfig() has nothing secret in it", () => {
  assert.doesNotMatch(serverConfig(testServer(everything).spec), /(password|secret|hash|token): /);
});
