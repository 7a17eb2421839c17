import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  apiServerArgs,
  auditPolicy,
  kubeconfig,
  planePaths,
  serviceAccountKeys,
  tokenLine,
} from "./control_plane_files.ts";

Deno.test("planePaths gives kubeconfig files that KUBECONFIG can name", () => {
  assert.equal(planePaths("/tmp/x").kubeconfig("system:a:b"), "/tmp/x/system_a_b.kubeconfig");
});

Deno.test("tokenLine writes token, user, uid and quoted groups", () => {
  assert.equal(tokenLine("ann", "t0", ["system:masters", "b"]), 't0,ann,ann,"system:masters,b"\n');
});

Deno.test("tokenLine leaves the groups out where there are none", () => {
  assert.equal(tokenLine("ann", "t0", []), "t0,ann,ann\n");
});

Deno.test("tokenLine refuses what would break the line", () => {
  assert.throws(() => tokenLine("ann,bob", "t0", []), /not a plain name: ann,bob/);
});

Deno.test("auditPolicy never keeps the body of a Secret", () => {
  const policy = JSON.parse(auditPolicy("Request"));
  assert.deepEqual(policy.rules.slice(1), [
    { level: "Metadata", resources: [{ group: "", resources: ["secrets"] }] },
    { level: "Request" },
  ]);
});

Deno.test("kubeconfig names server, CA and token of its user", () => {
  const facts = { url: "https://127.0.0.1:1", ca: "PEM", user: "ann", token: "t0" };
  const file = JSON.parse(kubeconfig(facts));
  assert.deepEqual(file.clusters[0].cluster, {
    server: "https://127.0.0.1:1",
    "certificate-authority-data": btoa("PEM"),
  });
  assert.deepEqual(file.users[0], { name: "ann", user: { token: "t0" } });
  assert.equal(file.contexts[0].name, file["current-context"]);
});

Deno.test("serviceAccountKeys gives a pair in the encodings that Kubernetes reads", () => {
  const { privateKey, publicKey } = serviceAccountKeys();
  const derived = createPublicKey(createPrivateKey(privateKey));
  assert.equal(derived.export({ type: "spki", format: "pem" }), publicKey);
});

Deno.test("apiServerArgs never lets the audit log rotate away", () => {
  const args = apiServerArgs(planePaths("/tmp/x"), 1, 2);
  assert.ok(args.includes("--audit-log-maxsize=100000"));
  assert.ok(args.includes("--audit-log-path=/tmp/x/audit.log"));
});
