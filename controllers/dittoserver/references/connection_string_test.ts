import assert from "node:assert/strict";
import {
  looksLikeConnectionString,
  parseConnectionString,
  type PostgresConnection,
} from "./connection_string.ts";

const base = { host: "db", database: "files", user: "me", password: "pw" };

const readable: [string, PostgresConnection][] = [
  ["postgres://me:pw@db/files", base],
  ["postgresql://me:pw@db:6432/files?sslmode=verify-full", {
    ...base,
    port: 6432,
    sslmode: "verify-full",
  }],
  [" postgres://me:pw@db/files\n", base],
  ["postgres://me:p%40ss%2Fw+%20%25@db/files", { ...base, password: "p@ss/w+ %" }],
  ["postgres://me:p%40+w@[2001:db8::1]:5432/files", {
    ...base,
    host: "2001:db8::1",
    port: 5432,
    password: "p@+w",
  }],
  // As libpq has it: what the query says wins, + is no blank, and a database is called as its user.
  ["postgres://x:y@z/w?host=db&user=me&password=p+w&dbname=files", { ...base, password: "p+w" }],
  ["postgres://me:pw@db", { ...base, database: "me" }],
  ["postgres://me:pw@db/files?connect_timeout=10&application_name=x", base],
  ["host=db dbname=files user=me password=pw", base],
  ["  host = db\n port = 6432 dbname=files user=me password = 'p w\\'\\\\' sslmode=require\n", {
    ...base,
    port: 6432,
    password: "p w'\\",
    sslmode: "require",
  }],
  ["host=db user=me password=p\\ w'x dbname=files", { ...base, password: "p w'x" }],
];
for (const [text, connection] of readable) {
  Deno.test(`parseConnectionString() reads ${JSON.stringify(text)}`, () => {
    assert.ok(looksLikeConnectionString(text));
    assert.deepEqual(parseConnectionString(text), { connection });
  });
}

const UNREADABLE = /that can be read/;
const refused: [string, RegExp][] = [
  ["postgres://me:p#ss@db/files", UNREADABLE],
  ["postgres://me:12#ss@db/files", UNREADABLE],
  ["postgres://me:p%zz@db/files", UNREADABLE],
  ["postgres://me:pw@db:99999/files", UNREADABLE],
  ["postgres://me:pw@db:1,db2:2/files", UNREADABLE],
  ["postgres://me:pw@db/files?sslmode", UNREADABLE],
  ["postgres://me@db/files?password=p=w", UNREADABLE],
  ["postgres://me:pw@db,db2/files", /several hosts/],
  ["postgres://me:12?ss@db/files", UNREADABLE],
  ["postgres:///files?user=me&password=pw", /host of the database/],
  ["postgres://me:pw@%2Fvar%2Frun/files", /Unix socket/],
  ["postgres://db/files", /user of the database/],
  ["postgres://me@db/files", /password of the user/],
  ["postgres://me:pw@db/files?sslmode=prefer", /an sslmode that is none of disable, require/],
  ["postgres://me:pw@db/files?sslrootcert=/ca.crt", /spec.database.postgres.sslRootCertSecretName/],
  ["postgres://me:pw@db/files?channel_binding=require", /parameter channel_binding/],
  ["postgres://me:pw@db/files?colour=red", /does not know/],
  ["host=db user=me password=p w dbname=files", UNREADABLE],
  ["host=db user=me password='pw", UNREADABLE],
  ["host=db user=me password=pw port=db", /a port that is not a number/],
  ["host=db user=me dbname=files", /password of the user/],
  ["host=/var/run user=me password=pw", /Unix socket/],
];
for (const [text, fault] of refused) {
  Deno.test(`parseConnectionString() refuses ${JSON.stringify(text)} and says why`, () => {
    assert.ok(looksLikeConnectionString(text));
    const parsed = parseConnectionString(text);
    assert.match(parsed.fault ?? JSON.stringify(parsed.connection), fault);
  });
}

Deno.test("parseConnectionString() never repeats a password that got into another part", () => {
  for (
    const text of [
      "postgres://me:1?hunter2=@db/files",
      "postgres://me:1?hunter2=x",
      "postgres://hunter2:1@db,hunter2/files",
      "host=db password=a hunter2=b",
    ]
  ) assert.doesNotMatch(parseConnectionString(text).fault ?? text, /hunter2/);
});

Deno.test("looksLikeConnectionString() does not take a host, a password or another URL for one", () => {
  for (const text of ["db.example.com", "pw=x", "mysql://me:pw@db/files", "x host=db", ""]) {
    assert.equal(looksLikeConnectionString(text), false);
  }
});
