import assert from "node:assert/strict";
import type { RolloutInputs } from "./rollout_inputs.ts";
import { rolloutReasons } from "./rollout_reasons.ts";

const KEYTAB = "spec.identity.kerberos.keytabSecretRef";
const base: RolloutInputs = {
  image: "marmos91c/dittofs:v0.29.0",
  configuration: "1",
  pod: "2",
  secrets: {
    jwt: { secret: "demo-jwt-secret", digest: "3" },
    [KEYTAB]: { secret: "files-keytab", digest: "4" },
  },
};
const secrets = (change: RolloutInputs["secrets"]) => ({ secrets: { ...base.secrets, ...change } });

const cases: [string, Partial<RolloutInputs>, string[]][] = [
  ["nothing where nothing changed", {}, []],
  ["a new tag in short", { image: "marmos91c/dittofs:v0.30.0" }, [
    "image marmos91c/dittofs:v0.29.0 → v0.30.0",
  ]],
  ["another image in full", { image: "localhost:5000/dittofs" }, [
    "image marmos91c/dittofs:v0.29.0 → localhost:5000/dittofs",
  ]],
  ["a digest in short", { image: "marmos91c/dittofs@sha256:abc" }, [
    "image marmos91c/dittofs:v0.29.0 → sha256:abc",
  ]],
  ["the configuration and the pod", { configuration: "x", pod: "x" }, [
    "configuration",
    "settings of the pod",
  ]],
  ["a Secret with its field", secrets({ [KEYTAB]: { secret: "files-keytab", digest: "x" } }), [
    `Secret files-keytab (${KEYTAB})`,
  ]],
  ["another Secret of the same content", secrets({ [KEYTAB]: { secret: "new", digest: "4" } }), [
    `Secret new (${KEYTAB})`,
  ]],
  ["a Secret that was added", secrets({ "spec.x": { secret: "new", digest: "x" } }), [
    "Secret new (spec.x)",
  ]],
  ["a Secret that is not used any more", {
    secrets: { jwt: { secret: "demo-jwt-secret", digest: "3" } },
  }, [
    `Secret files-keytab (${KEYTAB}) is not used any more`,
  ]],
  // Each digest is mixed with that of the JWT key, so all of them change with it.
  ["the JWT key alone, though all digests change with it", {
    secrets: {
      jwt: { secret: "demo-jwt-secret", digest: "x" },
      [KEYTAB]: { secret: "files-keytab", digest: "y" },
    },
  }, ["Secret demo-jwt-secret"]],
  ["a JWT key of the user's instead of the generated one", {
    secrets: {
      "spec.identity.jwt.secretRef": { secret: "mine", digest: "x" },
      [KEYTAB]: { secret: "files-keytab", digest: "y" },
    },
  }, ["Secret mine (spec.identity.jwt.secretRef)", "Secret demo-jwt-secret is not used any more"]],
];
for (const [what, change, reasons] of cases) {
  Deno.test(`rolloutReasons() says ${what}`, () => {
    assert.deepEqual(rolloutReasons(base, { ...base, ...change }), reasons);
  });
}

Deno.test("rolloutReasons() takes the port of a registry for no tag, and no tag for latest", () => {
  const reasons = (before: string, now: string) =>
    rolloutReasons({ ...base, image: before }, { ...base, image: now });
  assert.deepEqual(reasons("localhost:5000/dittofs", "localhost:5000/dittofs:v1"), [
    "image localhost:5000/dittofs → v1",
  ]);
  assert.deepEqual(reasons("dittofs:v1", "dittofs"), ["image dittofs:v1 → latest"]);
});

Deno.test("rolloutReasons() says so where it is not known what the pod ran with", () => {
  assert.match(rolloutReasons(undefined, base).join(), /made by another operator/);
});

Deno.test("rolloutReasons() keeps within the bounds of the status", () => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`spec.${n}`, { secret: "s", digest: "d" }]),
  );
  const reasons = rolloutReasons(base, { ...base, image: "x".repeat(500), ...secrets(many) });
  assert.equal(reasons.length, 32);
  assert.equal(reasons[0]?.length, 256);
});
