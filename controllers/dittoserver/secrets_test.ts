import assert from "node:assert/strict";
import { testServer } from "./_fixture.ts";
import { adminSecret, digestSecret, jwtSecret } from "./secrets.ts";

const bytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

Deno.test("jwtSecret() is longer than the 32 characters that the server demands", () => {
  const secret = jwtSecret(testServer(), bytes);
  assert.equal(secret.metadata?.name, "demo-jwt-secret");
  assert.match(secret.stringData?.["jwt-secret"] ?? "", /^[A-Za-z0-9_-]{43}$/);
});

Deno.test("adminSecret() has a password within the server's 8 to 72 characters", () => {
  const secret = adminSecret(testServer(), bytes);
  assert.equal(secret.metadata?.name, "demo-admin-bootstrap-credentials");
  assert.equal(secret.stringData?.username, "admin");
  assert.match(secret.stringData?.password ?? "", /^[A-Za-z0-9_-]{24}$/);
});

Deno.test("digestSecret() keeps no value, only which keys have one", () => {
  const metadata = { name: "s", namespace: "n", uid: "u", resourceVersion: "1" };
  const kept = digestSecret({ metadata, data: { password: "c2VjcmV0", empty: "" } });
  assert.deepEqual(Object.keys(kept.digests), ["password"]);
  assert.ok(!JSON.stringify(kept).includes("c2VjcmV0"));
});

Deno.test("digestSecret() changes with the value and with nothing else", () => {
  const metadata = { name: "s", namespace: "n", uid: "u", resourceVersion: "1" };
  const one = digestSecret({ metadata, data: { key: "YQ==" } });
  const same = digestSecret({
    metadata: { ...metadata, resourceVersion: "2", labels: { a: "b" } },
    data: { key: "YQ==" },
  });
  const other = digestSecret({ metadata, data: { key: "Yg==" } });
  assert.deepEqual(one.digests, same.digests);
  assert.notDeepEqual(one.digests, other.digests);
});
