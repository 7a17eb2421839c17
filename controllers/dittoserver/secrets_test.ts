import assert from "node:assert/strict";
import { testServer } from "./_fixture.ts";
import { adminSecret, jwtSecret, viewSecret } from "./secrets.ts";

const bytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

Deno.test("jwtSecret() is longer than the 32 characters that the server demands", () => {
  const secret = jwtSecret(testServer(), bytes);
  assert.equal(secret.metadata?.name, "demo-jwt-secret");
  assert.match(atob(secret.data?.["jwt-secret"] ?? ""), /^[A-Za-z0-9_-]{43}$/);
});

Deno.test("adminSecret() has a password within the server's 8 to 72 characters", () => {
  const secret = adminSecret(testServer(), bytes);
  assert.equal(secret.metadata?.name, "demo-admin-bootstrap-credentials");
  assert.equal(atob(secret.data?.username ?? ""), "admin");
  assert.match(atob(secret.data?.password ?? ""), /^[A-Za-z0-9_-]{24}$/);
});

Deno.test("adminSecret() outlives the resource exactly when the volumes do", () => {
  const owners = (retention: "Retain" | "Delete") =>
    adminSecret(testServer({ storage: { metadataSize: "1Gi", retention } }), bytes)
      .metadata?.ownerReferences?.map(({ kind }) => kind);
  assert.deepEqual(owners("Retain"), []);
  assert.deepEqual(owners("Delete"), ["DittoServer"]);
});

Deno.test("adminSecret() keeps a password that the server has already", () => {
  const secret = adminSecret(testServer(), bytes, "cGFzc3dvcmQ=");
  assert.deepEqual(secret.data, { username: "YWRtaW4=", password: "cGFzc3dvcmQ=" });
});

Deno.test("viewSecret() keeps no value", () => {
  const metadata = { name: "s", namespace: "n", uid: "u", resourceVersion: "1" };
  const kept = viewSecret({ metadata, data: { password: "c2VjcmV0", empty: "" } });
  assert.deepEqual(Object.keys(kept.facts), ["password"]);
  assert.ok(!JSON.stringify(kept).includes("c2VjcmV0"));
});
