import assert from "node:assert/strict";
import { sha256 } from "../../kube/digest.ts";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { testServer } from "./_fixture.ts";
import { podTemplate } from "./pod.ts";
import { secretUses } from "./references/secret_uses.ts";
import { readRolloutInputs, rolloutInputs } from "./rollout_inputs.ts";

const LDAP: Partial<DittoServerInput> = {
  identity: {
    ldap: {
      enabled: true,
      url: "ldaps://dc",
      baseDN: "dc=x",
      bindDN: "cn=x",
      bindPasswordSecretRef: { name: "ldap", key: "password" },
    },
  },
};
const FIELD = "spec.identity.ldap.bindPasswordSecretRef";
const weak = sha256(btoa("hunter2"));

function inputs(spec: Partial<DittoServerInput> = {}, digests: Record<string, string> = {}) {
  const server = testServer({ ...LDAP, ...spec });
  return rolloutInputs({
    template: podTemplate(server, { claims: [], configHash: sha256(JSON.stringify(digests)) }),
    config: "config",
    uses: secretUses(server),
    digests: { jwt: "1", [FIELD]: weak, ...digests },
  });
}

Deno.test("rolloutInputs() has an input for the image, the rest of the pod, the configuration and each Secret", () => {
  const { image, secrets } = inputs();
  assert.equal(image, "marmos91c/dittofs:v0.29.0");
  assert.deepEqual(Object.entries(secrets).map(([field, { secret }]) => [field, secret]), [
    ["jwt", "demo-jwt-secret"],
    [FIELD, "ldap"],
  ]);
});

Deno.test("rolloutInputs() counts the image once, and the hash of everything not at all", () => {
  const base = inputs();
  assert.deepEqual({ ...inputs({ image: "other" }), image: base.image }, base);
  assert.equal(inputs({}, { [FIELD]: "other" }).pod, base.pod);
  const { pod } = inputs({ resources: { limits: { memory: "1Gi" } } });
  assert.notEqual(pod, base.pod);
});

Deno.test("rolloutInputs() lets nobody try passwords out against it", () => {
  const digestWith = (jwt: string) => inputs({}, { jwt }).secrets[FIELD]?.digest ?? "";
  assert.ok(!JSON.stringify(inputs()).includes(weak.slice(0, 8)));
  assert.notEqual(digestWith("1"), digestWith("another"));
  assert.equal(digestWith("1"), digestWith("1"));
  const server = testServer(LDAP);
  const without = rolloutInputs({
    template: podTemplate(server, { claims: [], configHash: "" }),
    config: "",
    uses: secretUses(server),
    digests: { [FIELD]: weak },
  });
  assert.deepEqual(without.secrets, {});
});

Deno.test("readRolloutInputs() reads what was written, and nothing of another form", () => {
  const written = inputs();
  assert.deepEqual(readRolloutInputs(JSON.stringify(written)), written);
  for (const text of [undefined, "", "{", "{}", '{"image":1}']) {
    assert.equal(readRolloutInputs(text), undefined);
  }
});
