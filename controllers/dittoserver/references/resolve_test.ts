import assert from "node:assert/strict";
import type { DittoServerInput } from "../../../api/dittoserver.ts";
import { ca, cert, key } from "../../../kube/testing/localhost_certificate.ts";
import { testServer } from "../_fixture.ts";
import { rolloutHash } from "../rollout_hash.ts";
import { sha256 } from "../../../kube/digest.ts";
import { SHORT_LIVED, SHORT_LIVED_UNTIL, testSecret } from "./_fixture.ts";
import { resolve } from "./resolve.ts";
import { factsOf } from "./secret_facts.ts";
import { secretUses } from "./secret_uses.ts";

type Secrets = Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;

const OWN: Secrets = {
  "demo-jwt-secret": { "jwt-secret": "x".repeat(43) },
  "demo-admin-bootstrap-credentials": { username: "admin", password: "y".repeat(24) },
};
const NOW = new Date("2026-11-23T20:00:00Z");
const AFTERWARDS = new Date("2126-10-30T20:14:53Z");

function resolved(spec: Partial<DittoServerInput>, secrets: Secrets = {}, now = NOW) {
  const all = { ...OWN, ...secrets };
  const lookup = (name: string) => {
    const values = all[name];
    return values && factsOf(testSecret(name, values));
  };
  return resolve(secretUses(testServer(spec)), lookup, now);
}

const messages = (...of: Parameters<typeof resolved>) =>
  resolved(...of).problems.map(({ message }) => message);

const ldap = (more: Partial<NonNullable<NonNullable<DittoServerInput["identity"]>["ldap"]>>) => ({
  identity: {
    ldap: {
      enabled: true,
      url: "ldaps://dc",
      baseDN: "dc=x",
      bindDN: "cn=x",
      ...more,
    },
  },
});
const BIND = ldap({ bindPasswordSecretRef: { name: "ldap", key: "password" } });
const TLS = { controlPlane: { certSecretName: "tls" } };
const MTLS = { controlPlane: { certSecretName: "tls", clientCASecretName: "clients" } };
const PG = { database: { postgresSecretRef: { name: "pg", key: "dsn" } } };
const SINGLE = { host: "db", database: "files", user: "me", password: "pw" };
const DSN = "postgres://me:pw@db/files";

Deno.test("resolve() of a server without references has the JWT key alone in its hash", () => {
  const { digests, problems } = resolved({});
  assert.deepEqual(problems, []);
  // The admin's password is read at the very first start only.
  const jwt = sha256(btoa(String(OWN["demo-jwt-secret"]?.["jwt-secret"])));
  assert.equal(rolloutHash("config", digests), rolloutHash("config", { jwt }));
});

const rolling: [string, Partial<DittoServerInput>, Secrets, Secrets][] = [
  ["the client CA (W19)", MTLS, {
    tls: { "tls.crt": cert, "tls.key": key },
    clients: { "ca.crt": ca },
  }, {
    tls: { "tls.crt": cert, "tls.key": key },
    clients: { "ca.crt": cert },
  }],
  ["a single key of PostgreSQL", PG, { pg: SINGLE }, { pg: { ...SINGLE, user: "you" } }],
  ["an optional key that is added", PG, { pg: SINGLE }, { pg: { ...SINGLE, port: "5432" } }],
  ["the connection string", PG, { pg: { dsn: DSN } }, { pg: { dsn: `${DSN}2` } }],
];
for (const [what, spec, before, after] of rolling) {
  Deno.test(`resolve() gives another digest for a change of ${what}`, () => {
    assert.deepEqual([messages(spec, before), messages(spec, after)], [[], []]);
    assert.notDeepEqual(resolved(spec, before).digests, resolved(spec, after).digests);
  });
}

const resting: [string, Partial<DittoServerInput>, Secrets, Secrets][] = [
  ["a key that nobody uses", BIND, { ldap: { password: "1" } }, {
    ldap: { password: "1", x: "2" },
  }],
  ["the bind password of LDAP, which reaches the server over its API", BIND, {
    ldap: { password: "1" },
  }, { ldap: { password: "2" } }],
  ["the certificate that the server reads again by itself", TLS, {
    tls: { "tls.crt": cert, "tls.key": key },
  }, { tls: { "tls.crt": cert + ca, "tls.key": key } }],
  [
    "the admin password",
    {
      identity: { admin: { passwordSecretRef: { name: "root", key: "k" } } },
    },
    { root: { k: "12345678" } },
    { root: { k: "87654321" } },
  ],
  ["single keys beside a connection string", PG, { pg: { dsn: DSN } }, {
    pg: { dsn: DSN, host: "x" },
  }],
];
for (const [what, spec, before, after] of resting) {
  Deno.test(`resolve() gives the same digests after a change of ${what}`, () => {
    assert.deepEqual([messages(spec, before), messages(spec, after)], [[], []]);
    assert.deepEqual(resolved(spec, before).digests, resolved(spec, after).digests);
  });
}

Deno.test("resolve() has no digest for a Secret that is missing, and the old one when it is back (W14)", () => {
  const field = "spec.database.postgresSecretRef";
  const secrets = { pg: SINGLE };
  const before = resolved(PG, secrets);
  const gone = resolved(PG);
  assert.equal(gone.digests[field], undefined);
  assert.deepEqual(gone.problems, [{
    field,
    secret: "pg",
    reason: "SecretNotFound",
    message: `Secret "pg" does not exist; create it, or correct ${field}`,
    holdsPod: true,
  }]);
  assert.ok(before.digests[field]);
  assert.deepEqual(resolved(PG, secrets), before);
});

Deno.test("resolve() names Secret, key and field of what is missing or wrong", () => {
  const field = "spec.identity.ldap.bindPasswordSecretRef";
  const [problem] = resolved(BIND, { ldap: { password: "" } }).problems;
  assert.deepEqual([problem?.reason, problem?.key], ["SecretKeyMissing", "password"]);
  assert.equal(
    problem?.message,
    `Secret "ldap" has no value under "password"; add it, or correct ${field}`,
  );
  const [invalid] = resolved(BIND, { ldap: { password: new Uint8Array([0xff]) } }).problems;
  assert.deepEqual([invalid?.reason, invalid?.key], ["SecretInvalid", "password"]);
  assert.equal(
    invalid?.message,
    `"password" in Secret "ldap" is not plain text in UTF-8; put it in as text (${field})`,
  );
});

Deno.test("resolve() holds the pod for a JWT key that the server would exit for (W60)", () => {
  const spec = { identity: { jwt: { secretRef: { name: "jwt", key: "k" } } } };
  const { digests, problems } = resolved(spec, { jwt: { k: "short" } });
  assert.deepEqual(Object.keys(digests), []);
  assert.match(problems[0]?.message ?? "", /shorter than the 32 characters/);
  assert.equal(problems[0]?.holdsPod, true);
});

Deno.test("resolve() sends nobody to the spec for a Secret that the operator has generated", () => {
  assert.deepEqual(messages({}, { "demo-jwt-secret": { "jwt-secret": "" } }), [
    'Secret "demo-jwt-secret" has no value under "jwt-secret"; put it back, or delete the Secret, so that the operator generates a new one',
  ]);
  const [short] = messages({}, { "demo-jwt-secret": { "jwt-secret": "short" } });
  assert.match(short ?? "", /put in a longer one$/);
  const nothing = resolve(secretUses(testServer()), () => undefined, NOW);
  assert.deepEqual(nothing.problems.map(({ secret }) => secret), Object.keys(OWN));
  assert.match(nothing.problems[0]?.message ?? "", /the operator generates it/);
});

Deno.test("resolve() says once what a Secret for PostgreSQL has to have (W15)", () => {
  const { problems } = resolved(PG, { pg: { host: "db", database: "files" } });
  assert.equal(problems.length, 1);
  assert.equal(problems[0]?.key, "dsn");
  assert.match(
    problems[0]?.message ?? "",
    /under "dsn" nor all of host, .* without a value are user, password; add one/,
  );
});

Deno.test("resolve() checks single keys of PostgreSQL, also the optional ones", () => {
  assert.match(messages(PG, { pg: { ...SINGLE, sslmode: "prefer" } })[0] ?? "", /"sslmode" in/);
  assert.match(messages(PG, { pg: { ...SINGLE, host: "db\n" } })[0] ?? "", /line break/);
  assert.match(messages(PG, { pg: { ...SINGLE, dsn: "postgres://db" } })[0] ?? "", /"dsn" in/);
});

Deno.test("resolve() tells what only the operator lacks, and holds no pod for it", () => {
  const spec = { controlPlane: { ...MTLS.controlPlane, clientCertSecretName: "operator" } };
  const secrets = { tls: { "tls.crt": cert, "tls.key": key }, clients: { "ca.crt": ca } };
  const { problems } = resolved(spec, secrets);
  assert.deepEqual(problems.map(({ secret, holdsPod }) => [secret, holdsPod]), [[
    "operator",
    false,
  ]]);
});

Deno.test("resolve() tells of an expired certificate, and holds no pod for it", () => {
  const secrets = { tls: { "tls.crt": cert, "tls.key": key }, clients: { "ca.crt": ca } };
  const before = resolved(MTLS, secrets);
  assert.deepEqual(before.problems, []);
  assert.deepEqual(before.nextExpiry, AFTERWARDS);
  const { problems, digests, nextExpiry } = resolved(MTLS, secrets, AFTERWARDS);
  assert.deepEqual(problems.map(({ message, holdsPod }) => [message, holdsPod]), [
    [
      '"tls.crt" in Secret "tls" has expired on 2126-10-30; renew it (spec.controlPlane.certSecretName)',
      false,
    ],
    [
      '"ca.crt" in Secret "clients" has only certificates that have expired, the last on 2126-10-30; put the present ones in (spec.controlPlane.clientCASecretName)',
      false,
    ],
  ]);
  assert.deepEqual(digests, before.digests);
  assert.equal(nextExpiry, undefined);
});

Deno.test("resolve() is content with a bundle of authorities of which one is still valid", () => {
  const spec = { database: { ...PG.database, postgres: { sslRootCertSecretName: "bundle" } } };
  const secrets = { pg: SINGLE, bundle: { "ca.crt": SHORT_LIVED + ca } };
  assert.deepEqual(messages(spec, secrets, SHORT_LIVED_UNTIL), []);
  const alone = messages(
    spec,
    { pg: SINGLE, bundle: { "ca.crt": SHORT_LIVED } },
    SHORT_LIVED_UNTIL,
  );
  assert.equal(alone.length, 1);
});

Deno.test("resolve() keeps the order of the spec, whatever comes in when", () => {
  const spec = { ...PG, ...BIND, ...TLS };
  const { problems } = resolved(spec);
  assert.deepEqual(problems.map(({ secret }) => secret), ["pg", "tls", "ldap"]);
});
