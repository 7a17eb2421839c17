// The configuration that the operator writes, read by the real server: no key may be unknown to
// it, and none of its keys may be out of the spec's reach without a reason.

import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { everything, sqliteSpec } from "../../controllers/dittoserver/_everything.ts";
import { testServer } from "../../controllers/dittoserver/_fixture.ts";
import { secretVariables } from "../../controllers/dittoserver/secret_env.ts";
import { serverConfig } from "../../controllers/dittoserver/server_config.ts";
import { parse } from "yaml";
import * as z from "zod";
import { run } from "../harness/command.ts";
import { freePort } from "../harness/ports.ts";
import { dfs, startServer, validate } from "./_dfs.ts";

const specs: Record<string, Partial<DittoServerInput>> = {
  "a minimal spec": {},
  "every field with PostgreSQL": everything,
  "every field with SQLite": sqliteSpec,
  "PostgreSQL with nothing but its Secret": {
    database: { postgresSecretRef: { name: "postgres", key: "dsn" } },
  },
};
for (const [what, spec] of Object.entries(specs)) {
  Deno.test(`serverConfig() of ${what} is valid to the server, and nothing in it unknown`, async () => {
    const said = await validate(spec);
    assert.match(said, /^Validation: OK$/m);
    assert.doesNotMatch(said, /warning/i);
  });
}

const starts: Record<string, (port: number, metrics: number) => Partial<DittoServerInput>> = {
  "a minimal spec": (port) => ({ controlPlane: { port } }),
  "every field with SQLite": (port, metrics) => ({
    ...sqliteSpec,
    controlPlane: { ...everything.controlPlane, port },
    metrics: { ...everything.metrics, port: metrics },
  }),
};
for (const [what, spec] of Object.entries(starts)) {
  Deno.test(`serverConfig() of ${what} starts the server without a word about its keys`, async () => {
    const [port, metricsPort] = [freePort(), freePort()];
    const wanted = spec(port, metricsPort);
    await using server = await startServer(wanted);
    assert.doesNotMatch(await server.output(), /unknown keys/);
    if (!wanted.metrics) return;
    const metrics = await server.get(metricsPort, wanted.metrics.path ?? "");
    assert.match(await metrics.text(), /^dittofs_build_info/m);
  });
}

Deno.test("the server ends at its first start if Kerberos is on and there is no krb5.conf, as the CRD says", async () => {
  const kerberos = {
    ...{ enabled: true, servicePrincipal: "nfs/files.example.com@EXAMPLE.COM" },
    keytabSecretRef: { name: "keytab", key: "dittofs.keytab" },
    krb5Conf: "/nowhere/krb5.conf",
  };
  await assert.rejects(
    startServer({ controlPlane: { port: freePort() }, identity: { kerberos } }),
    /dfs ended with code 1 at its start.*smb.*\/nowhere\/krb5.conf/s,
  );
});

/** Keys that the spec cannot say, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "admin.password_hash": "the password itself comes from a Secret; a hash would lock SMB out",
  "kerberos.identity_mapping.strategy": "there is one, and v0.29.0 does not ask it",
  "kerberos.identity_mapping.static_map": "v0.29.0 reads it and asks its user database instead",
  "kerberos.identity_mapping.default_uid": "belongs to static_map",
  "kerberos.identity_mapping.default_gid": "belongs to static_map",
};

interface Node {
  readonly properties?: Readonly<Record<string, Node>> | undefined;
}
const node: z.ZodType<Node> = z.lazy(() =>
  z.object({ properties: z.record(z.string(), node).optional() })
);

Deno.test("serverConfig() can say every key of the server, but for those with a reason", async () => {
  const schema = node.parse(JSON.parse(await run(dfs, ["config", "schema"])));
  const known = leaves(schema.properties ?? {}, ({ properties }) => properties);
  const told = new Set([everything, sqliteSpec].flatMap((spec) => {
    const config = z.record(z.string(), z.unknown()).parse(
      parse(serverConfig(testServer(spec).spec)),
    );
    return leaves(config, (value) => z.record(z.string(), z.unknown()).safeParse(value).data);
  }));
  const variables = new Set(
    secretVariables(testServer(everything), "database").map(({ variable }) => variable),
  );
  const inEnvironment = (key: string) =>
    variables.has(
      key === "controlplane.jwt.secret"
        ? "DITTOFS_CONTROLPLANE_SECRET"
        : `DITTOFS_${key.replaceAll(".", "_").toUpperCase()}`,
    );
  const silent = known.filter((key) => !told.has(key) && !inEnvironment(key));
  assert.deepEqual(silent.sort(), Object.keys(LEFT_OUT).sort());
  assert.deepEqual([...told].filter((key) => !known.includes(key)), []);
});

/** The paths of everything that has nothing below it. */
function leaves<T>(
  block: Readonly<Record<string, T>>,
  below: (value: T) => Readonly<Record<string, T>> | undefined,
): string[] {
  return Object.entries(block).flatMap(([key, value]) => {
    const inner = below(value);
    return inner ? leaves(inner, below).map((path) => `${key}.${path}`) : [key];
  });
}
