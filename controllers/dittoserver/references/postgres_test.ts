import assert from "node:assert/strict";
import { testServer } from "../_fixture.ts";
import { testSecret } from "./_fixture.ts";
import { viewSecret } from "../secrets.ts";
import { connectionIn, connectionStringKey, databaseSecret, isAsWritten } from "./postgres.ts";
import { factsOf } from "./secret_facts.ts";
import { secretUses } from "./secret_uses.ts";

const server = testServer({ database: { postgresSecretRef: { name: "pg", key: "dsn" } } });
const [use] = secretUses(server);
assert.ok(use);
const keyFor = (values: Record<string, string | Uint8Array>) =>
  connectionStringKey(use, factsOf(testSecret("pg", values)));

const DSN = "postgres://me:p%C3%A4ss@db:6432/files?sslmode=require";
const SINGLE = { host: "db", database: "files", user: "me", password: "pw" };

Deno.test("connectionStringKey() is the key of the spec where it has a connection string (W15)", () => {
  assert.equal(keyFor({ dsn: DSN }), "dsn");
  assert.equal(keyFor({ dsn: DSN, ...SINGLE }), "dsn");
  assert.equal(keyFor({ dsn: "host=db user=me" }), "dsn");
});

Deno.test("connectionStringKey() leaves the single keys where that key has something else", () => {
  assert.equal(keyFor(SINGLE), undefined);
  assert.equal(keyFor({ dsn: "pw", ...SINGLE }), undefined);
  assert.equal(keyFor({ dsn: new Uint8Array([0xff]), ...SINGLE }), undefined);
  assert.equal(connectionStringKey(use, undefined), undefined);
});

Deno.test("connectionIn() is undefined where there is no connection string", () => {
  assert.equal(connectionIn(testSecret("pg", {}), "dsn"), undefined);
  assert.equal(connectionIn(testSecret("pg", { dsn: new Uint8Array([0xff]) }), "dsn"), undefined);
});

Deno.test("databaseSecret() has the keys that the pod reads, from the user's connection string", () => {
  const connection = connectionIn(testSecret("pg", { dsn: DSN }), "dsn");
  assert.ok(connection);
  const secret = databaseSecret(server, connection, "digest");
  assert.equal(secret.metadata?.name, "demo-database-credentials");
  assert.equal(secret.metadata?.ownerReferences?.[0]?.uid, "uid-of-demo");
  assert.equal(secret.metadata?.annotations?.["dittofs.dittofs.com/derived-from"], "digest");
  const expected = {
    host: "db",
    port: "6432",
    database: "files",
    user: "me",
    password: "päss",
    sslmode: "require",
  };
  assert.deepEqual(secret.data, testSecret("x", expected).data);
});

Deno.test("databaseSecret() says also what the connection string leaves open, as the server has it", () => {
  const { data } = databaseSecret(server, SINGLE, "digest");
  const expected = { ...SINGLE, port: "5432", sslmode: "disable" };
  assert.deepEqual(data, testSecret("x", expected).data);
});

const written = () => {
  const { metadata, data = {} } = databaseSecret(server, SINGLE, "digest");
  const secret = testSecret("demo-database-credentials", {});
  return { ...secret, metadata: { ...secret.metadata, ...metadata }, data };
};

Deno.test("isAsWritten() does not mind what others add that the pod does not read", () => {
  const secret = written();
  assert.ok(isAsWritten(server, viewSecret(secret)));
  const metadata = {
    ...secret.metadata,
    labels: { ...secret.metadata.labels, theirs: "x" },
    annotations: { ...secret.metadata.annotations, theirs: "x" },
  };
  assert.ok(isAsWritten(server, viewSecret({ ...secret, metadata })));
  assert.ok(isAsWritten(server, viewSecret({ ...secret, data: { ...secret.data, more: "eA==" } })));
});

Deno.test("isAsWritten() sees every edit of a value, of a label and of the owner", () => {
  const secret = written();
  for (const key of Object.keys(secret.data)) {
    for (const value of ["", "eA=="]) {
      const data = { ...secret.data, [key]: value };
      assert.ok(!isAsWritten(server, viewSecret({ ...secret, data })), key);
    }
  }
  for (const edit of [{ labels: {} }, { ownerReferences: [] }, { annotations: {} }]) {
    const metadata = { ...secret.metadata, ...edit };
    assert.ok(!isAsWritten(server, viewSecret({ ...secret, metadata })), JSON.stringify(edit));
  }
});

Deno.test("databaseSecret() passes the checks that a user's Secret of that shape has to", () => {
  const facts = factsOf(databaseSecret(server, { ...SINGLE, port: 5432, sslmode: "disable" }, ""));
  for (const { key, check } of use.keys) assert.equal(facts[key]?.faults[check], undefined, key);
});
