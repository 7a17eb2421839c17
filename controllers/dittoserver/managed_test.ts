// What of the server's database is noted as coming from the resource.

import assert from "node:assert/strict";
import type { DittoServerInput, DittoServerStatus } from "../../api/dittoserver.ts";
import { everything } from "./_everything.ts";
import { testServer } from "./_fixture.ts";
import { type ManagedFacts, managedStatus } from "./managed.ts";
import type { Findings } from "./rest/findings.ts";

type Managed = DittoServerStatus["managed"];

interface Given extends Partial<Omit<ManagedFacts, "spec" | "before" | "findings">> {
  readonly spec?: Partial<DittoServerInput>;
  readonly before?: Managed;
  readonly findings?: Partial<Findings>;
}

function managed({ spec, before, findings, ...more }: Given) {
  const empty = {
    podUid: "pod",
    generation: 1,
    aspects: {},
    applied: {},
    released: [],
    noted: true,
  };
  return managedStatus({
    ...{ spec: testServer(spec).spec, enforce: true, podUid: "pod" },
    before: before && { managed: before },
    findings: findings && { ...empty, ...findings },
    ...more,
  });
}

const policies = (...shares: string[]) => ({
  snapshotPolicies: shares.map((share) => ({ share, interval: "1h" })),
});
const ldap = { identity: { ldap: everything.identity.ldap } };

Deno.test("managedStatus() is nothing where nothing on the server comes from the resource", () => {
  assert.equal(managed({}), undefined);
});

Deno.test("managedStatus() notes what is wanted before it is on the server", () => {
  assert.deepEqual(managed({ spec: { ...policies("/a", "b"), ...ldap } }), {
    snapshotPolicies: ["a", "b"],
    identityProviders: [{ type: "ldap" }],
  });
});

Deno.test("managedStatus() keeps what is not wanted any more until it is gone from the server", () => {
  const before = { snapshotPolicies: ["a", "b"], identityProviders: [{ type: "ldap" as const }] };
  const spec = policies("a");
  assert.deepEqual(managed({ spec, before }), before);
  assert.deepEqual(managed({ spec, before, podUid: undefined }), before);
  assert.deepEqual(
    managed({ spec, before, findings: { released: ["share b"] } }),
    before && {
      ...before,
      snapshotPolicies: ["a"],
    },
  );
  assert.deepEqual(managed({ spec, before, findings: { released: ["share b", "ldap"] } }), {
    snapshotPolicies: ["a"],
  });
});

Deno.test("managedStatus() notes what a provider was given, and keeps it", () => {
  const given = managed({ spec: ldap, findings: { applied: { ldap: "1" } } });
  assert.deepEqual(given?.identityProviders, [{ type: "ldap", applied: "1" }]);
  assert.deepEqual(managed({ spec: ldap, before: given }), given);
});

Deno.test("managedStatus() takes on nothing new while nothing is changed on the server", () => {
  assert.equal(managed({ enforce: false, spec: { ...policies("a"), ...ldap } }), undefined);
  const before = { snapshotPolicies: ["a"] };
  assert.deepEqual(managed({ enforce: false, before, spec: policies("a", "b") }), before);
});

Deno.test("managedStatus() notes the pod that has to be replaced, until it is", () => {
  assert.deepEqual(managed({ findings: { restart: "noting" } }), { restart: "pod" });
  const before = { restart: "pod" };
  assert.deepEqual(managed({ before }), before);
  assert.deepEqual(managed({ before, findings: {} }), before);
  assert.equal(managed({ before, podUid: "another" }), undefined);
  assert.equal(managed({ before, podUid: undefined }), undefined);
});

Deno.test("managedStatus() stays within the bounds of the schema, with what is wanted first", () => {
  const old = Array.from({ length: 256 }, (_, i) => `old-${i}`);
  const { snapshotPolicies } =
    managed({ spec: policies("new"), before: { snapshotPolicies: old } }) ??
      {};
  assert.equal(snapshotPolicies?.length, 256);
  assert.equal(snapshotPolicies?.[0], "new");
});
