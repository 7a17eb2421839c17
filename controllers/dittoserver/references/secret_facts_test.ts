import assert from "node:assert/strict";
import { ca, cert, key } from "../../../kube/testing/localhost_certificate.ts";
import { sha256 } from "../../../kube/digest.ts";
import { OTHER_KEY, testSecret } from "./_fixture.ts";
import { factsOf } from "./secret_facts.ts";

Deno.test("factsOf() gives a digest that stays from version to version", () => {
  const secret = testSecret("demo-jwt-secret", { "jwt-secret": "x".repeat(43) });
  // In base64, as the API server gives it. Another digest would restart every server.
  assert.equal(factsOf(secret)["jwt-secret"]?.digest, sha256(btoa("x".repeat(43))));
});

Deno.test("factsOf() is the same for a Secret that is deleted and comes back (W14)", () => {
  const before = testSecret("s", { a: "1", b: "2" });
  const again = testSecret("s", { b: "2", a: "1" });
  const metadata = { ...again.metadata, uid: "another", resourceVersion: "99", labels: { a: "b" } };
  assert.deepEqual(factsOf({ ...again, metadata, type: "Opaque" }), factsOf(before));
  assert.notDeepEqual(factsOf(testSecret("s", { a: "1", b: "3" })), factsOf(before));
});

Deno.test("factsOf() counts a key without a value as absent, and a Secret may have none", () => {
  assert.deepEqual(Object.keys(factsOf(testSecret("s", { a: "", b: "1" }))), ["b"]);
  assert.deepEqual(factsOf({ metadata: { name: "s" } }), {});
});

Deno.test("factsOf() keeps no value", () => {
  const values = { password: "hunter2", "tls.key": key, dsn: "postgres://hunter2@hunter2/hunter2" };
  const kept = JSON.stringify(factsOf(testSecret("s", values)));
  for (const value of ["hunter2", btoa("hunter2"), key.slice(40, 60)]) {
    assert.ok(!kept.includes(value));
  }
});

Deno.test("factsOf() notices that certificate and key do not belong together", () => {
  const fault = (crt: string, key: string) =>
    factsOf(testSecret("s", { "tls.crt": crt, "tls.key": key }))["tls.key"]?.faults.privateKey;
  assert.equal(fault(cert, key), undefined);
  assert.match(fault(cert, OTHER_KEY) ?? "", /not the key of the certificate/);
  assert.match(fault(cert, "nothing") ?? "", /not a private key/);
  assert.equal(fault("nothing", key), undefined);
});

Deno.test("factsOf() knows when certificates expire and what may be a connection string", () => {
  const facts = factsOf(testSecret("s", {
    "ca.crt": ca,
    dsn: "postgres://db",
    keytab: new Uint8Array([5, 2, 0xff]),
  }));
  assert.equal(facts["ca.crt"]?.expiry?.first, Date.parse("2126-10-30T20:14:53Z"));
  assert.equal(facts.dsn?.connectionString, true);
  assert.equal(facts["ca.crt"]?.connectionString, false);
  assert.equal(facts.keytab?.expiry, undefined);
  assert.equal(facts.keytab?.faults.keytab, undefined);
});
