// The server's JSON in our names, and back.

import assert from "node:assert/strict";
import * as z from "zod";
import { inServerNames, serverName, wireDuration, wireList, wireObject, wireSize } from "./wire.ts";

Deno.test("wireObject() translates its own fields and drops the others", () => {
  const schema = wireObject({ displayName: z.string(), v4MinMinorVersion: z.number() });
  const parsed = schema.parse({ display_name: "A", other: 1, v4_min_minor_version: 2 });
  assert.deepEqual(parsed, { displayName: "A", v4MinMinorVersion: 2 });
});

Deno.test("wireObject() leaves the contents of free-form fields alone", () => {
  const schema = wireObject({ config: z.record(z.string(), z.json()) });
  const config = { bind_address: "::", tls: { cert_file: "/x" } };
  assert.deepEqual(schema.parse({ config }), { config });
});

Deno.test("wireObject() refuses what is no object", () => {
  for (const value of [null, [], "text", 1]) {
    assert.equal(wireObject({}).safeParse(value).success, false, JSON.stringify(value));
  }
});

Deno.test("wireList() takes null and nothing for an empty list", () => {
  const schema = wireObject({ list: wireList(z.string()) });
  for (const value of [{}, { list: null }, { list: [] }]) {
    assert.deepEqual(schema.parse(value), { list: [] });
  }
});

Deno.test("wireSize and wireDuration take what is left out for 0, and refuse nonsense", () => {
  const schema = wireObject({ size: wireSize, ttl: wireDuration });
  assert.deepEqual(schema.parse({}), { size: 0, ttl: 0 });
  assert.deepEqual(schema.parse({ size: "1.00KiB", ttl: "1m0s" }), { size: 1024, ttl: 60_000 });
  const paths = schema.safeParse({ size: "much", ttl: "long" }).error?.issues.map((i) => i.path);
  assert.deepEqual(paths, [["size"], ["ttl"]]);
});

Deno.test("inServerNames() translates names, keeps null and false, and drops undefined", () => {
  assert.deepEqual(
    inServerNames({ displayName: "A", gone: undefined, isGroup: false, uid: null }),
    { display_name: "A", is_group: false, uid: null },
  );
});

Deno.test("serverName() finds the name that every setting of the adapters has", () => {
  const names = {
    allowMfsymlink: "allow_mfsymlink",
    dirDelegBatchWindowMs: "dir_deleg_batch_window_ms",
    krb5Conf: "krb5_conf",
    v4MaxConnectionsPerSession: "v4_max_connections_per_session",
    wsdiscoveryEnabled: "wsdiscovery_enabled",
  };
  for (const [ours, theirs] of Object.entries(names)) assert.equal(serverName(ours), theirs);
});
