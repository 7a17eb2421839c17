// What the status says of the server behind its REST API before and after it has been looked at.

import assert from "node:assert/strict";
import type { DittoServerStatus } from "../../api/dittoserver.ts";
import { testServer } from "./_fixture.ts";
import type { Findings } from "./rest/findings.ts";
import { type RestFacts, restStatus } from "./rest_status.ts";

type Conditions = NonNullable<DittoServerStatus["conditions"]>;

const condition = (type: string, status: "True" | "False", reason: string): Conditions[number] => ({
  ...{ type, status, reason, message: `of ${type}`, lastTransitionTime: "2026-01-01T00:00:00Z" },
});

const served: Conditions = [
  condition("Ready", "True", "Serving"),
  condition("Authenticated", "True", "LoggedIn"),
  condition("AdaptersReady", "True", "Serving"),
];

const findings = (podUid: string, more: Partial<Findings> = {}): Findings => ({
  ...{ podUid, generation: 1, applied: {}, released: [], noted: true },
  aspects: { Authenticated: { reason: "LoggedIn" }, AdaptersReady: { reason: "Serving" } },
  ...more,
});

function saidOf(facts: Partial<RestFacts> & { readonly conditions?: Conditions }) {
  const { conditions, ...more } = facts;
  const { statements, notServing } = restStatus({
    ...{ spec: testServer().spec, podUid: "pod", findings: undefined },
    before: conditions && { conditions },
    ...more,
  });
  return {
    said: statements.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
    notServing: notServing?.reason,
  };
}

Deno.test("restStatus() says what was found out about the pod that there is", () => {
  assert.deepEqual(saidOf({ findings: findings("pod") }), {
    said: ["Authenticated True LoggedIn", "AdaptersReady True Serving"],
    notServing: undefined,
  });
  const silent = { reason: "NotListening", message: "NFS" } as const;
  const aspects = { AdaptersReady: silent };
  assert.deepEqual(saidOf({ findings: findings("pod", { aspects, notServing: silent }) }), {
    said: ["AdaptersReady False NotListening"],
    notServing: "NotListening",
  });
});

Deno.test("restStatus() without a pod takes nothing that was found out for true (W30)", () => {
  const said = ["Authenticated False ServerNotRunning", "AdaptersReady False ServerNotRunning"];
  const gone = { podUid: undefined, findings: findings("pod"), conditions: served };
  assert.deepEqual(saidOf(gone), { said, notServing: undefined });
  const { spec } = testServer({ snapshotPolicies: [{ share: "a", interval: "1h" }] });
  assert.deepEqual(saidOf({ ...gone, spec }).said.slice(2), [
    "SnapshotPoliciesReady False Waiting",
  ]);
});

Deno.test("restStatus() of a new pod waits for the first look at it", () => {
  const stopped = [
    condition("Ready", "False", "WaitingForPod"),
    condition("AdaptersReady", "False", "ServerNotRunning"),
  ];
  const checking = { said: ["AdaptersReady False Applying"], notServing: "CheckingAdapters" };
  assert.deepEqual(saidOf({}), checking);
  assert.deepEqual(saidOf({ conditions: stopped }), checking);
  const replaced = saidOf({ findings: findings("another"), conditions: served });
  assert.equal(replaced.notServing, "CheckingAdapters");
});

Deno.test("restStatus() goes on saying what it said when the operator is new, whatever else is wrong", () => {
  const [, ...aspects] = served;
  const said = ["Authenticated True LoggedIn", "AdaptersReady True Serving"];
  for (const reason of ["Serving", "RestartHeld", "SecretNotFound"]) {
    const conditions = [condition("Ready", "False", reason), ...aspects];
    assert.deepEqual(saidOf({ conditions }), { said, notServing: undefined }, reason);
  }
});

Deno.test("restStatus() says of which generation it speaks: the one that the server was compared with", () => {
  const comparedOf = (facts: Partial<RestFacts>) =>
    restStatus({
      ...{ spec: testServer().spec, podUid: "pod", findings: undefined, before: undefined },
      ...facts,
    }).compared;
  const before = { conditions: served.map((each) => ({ ...each, observedGeneration: 4 })) };
  assert.equal(comparedOf({ findings: findings("pod", { generation: 5 }), before }), 5);
  assert.equal(comparedOf({ before }), 4, "the operator is new");
  assert.equal(comparedOf({ before: { conditions: before.conditions.slice(0, 1) } }), 4);
  assert.equal(comparedOf({ findings: findings("another"), before }), undefined);
  assert.equal(comparedOf({ podUid: undefined, before }), undefined);
});

Deno.test("restStatus() goes on saying that files are not served when the operator is new", () => {
  for (const reason of ["NotListening", "Applying"] as const) {
    const conditions = [
      condition("Ready", "False", reason),
      condition("AdaptersReady", "False", reason),
    ];
    assert.equal(saidOf({ conditions }).notServing, reason);
  }
  const checking = [
    condition("Ready", "False", "CheckingAdapters"),
    condition("AdaptersReady", "False", "Applying"),
  ];
  assert.equal(saidOf({ conditions: checking }).notServing, "CheckingAdapters");
});

Deno.test("restStatus() lets a server stay Ready that an operator without all this has left", () => {
  const conditions = [condition("Ready", "True", "Serving")];
  assert.deepEqual(saidOf({ conditions }), { said: [], notServing: undefined });
});
