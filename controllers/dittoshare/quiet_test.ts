// What a person is told of a share in events, and what only its conditions say.

import assert from "node:assert/strict";
import { API_VERSION } from "../../api/group.ts";
import type { DittoShare } from "../../api/dittoshare.ts";
import { Api } from "../../kube/api.ts";
import { Writer } from "../../kube/apply.ts";
import { controllerReference } from "../../kube/controller.ts";
import type { Happening } from "../../kube/events.ts";
import type { Live } from "../../kube/object.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { failWith } from "../../kube/testing/faults.ts";
import { MemoryApi } from "../../kube/testing/memory_api.ts";
import { failure } from "../../kube/testing/statuses.ts";
import { VirtualClock } from "../../kube/testing/virtual_clock.ts";
import { Conflicts } from "../conflicts.ts";
import { APPLIED_ANNOTATION, OPERATOR } from "../dittoserver/names.ts";
import { dittoShares } from "../kinds.ts";
import { shareResource } from "./_fixture.ts";
import type { ShareContext } from "./context.ts";
import { reconcileShare } from "./reconcile.ts";
import { shareWatches } from "./share_kinds.ts";

const AT = `/apis/${API_VERSION}/namespaces/files/dittoshares/projects`;

/** A share whose server does not exist yet, and the reconcile of it. */
function ground() {
  const clock = new VirtualClock();
  const server = new MemoryApi(clock);
  const client = new FaultClient(server);
  const { kinds } = shareWatches();
  const { cache } = kinds.shares;
  const told: string[] = [];
  const empty = { get: () => undefined };
  const put = (share: Live<DittoShare>) =>
    cache.observe(server.put(AT, { ...share }) as unknown as Live<DittoShare>);
  put(shareResource());
  const context = {
    kinds,
    conflicts: new Conflicts(clock),
    servers: { servers: { cache: empty } },
    writer: new Writer(new Api(client, clock), {
      ...{ fieldManager: OPERATOR, digestAnnotation: APPLIED_ANNOTATION },
    }),
    events: {
      publish: (_kind: unknown, _object: unknown, { type, reason }: Happening) => {
        told.push(`${type} ${reason}`);
        return Promise.resolve();
      },
    },
    clock,
  } as unknown as ShareContext;
  const reconcile = () => reconcileShare(context, "files/projects");
  const condition = (type: string) =>
    cache.get("files/projects")?.status?.conditions?.find((each) => each.type === type);
  return { clock, client, kinds, told, put, reconcile, condition };
}

Deno.test("a share whose server is waited for is told in no event, unless it takes too long", async () => {
  const { clock, told, reconcile, condition } = ground();
  const first = await reconcile();
  assert.deepEqual([condition("Ready")?.reason, told], ["ServerNotFound", []]);
  assert.equal(first.result, "wait");
  await clock.advance(first.result === "wait" ? first.afterMs : 0);
  assert.notEqual((await reconcile()).result, "wait");
  assert.deepEqual(told, ["Warning ServerNotFound"]);
  assert.equal(condition("Reconciling")?.reason, "TakingLong");
  await clock.advance(3_600_000);
  await reconcile();
  assert.equal(told.length, 1);
});

Deno.test("a conflict about a share's claim is told when it lasts, and not before", async () => {
  const { clock, client, kinds, told, reconcile, condition } = ground();
  const share = kinds.shares.cache.get("files/projects") ?? assert.fail();
  kinds.claims.cache.observe({
    metadata: {
      ...{ name: "not-wanted", namespace: "files", uid: "claim-uid", resourceVersion: "3" },
      ownerReferences: [controllerReference({ resource: dittoShares }, share)],
    },
  });
  client.add({
    when: ({ method }) => method === "DELETE",
    then: failWith(failure(409)),
    times: Infinity,
  });
  for (const seconds of [1, 1, 4]) {
    await assert.rejects(reconcile(), { httpCode: 409 });
    assert.equal(condition("Ready"), undefined);
    await clock.advance(seconds * 1_000);
  }
  await assert.rejects(reconcile(), { httpCode: 409 });
  assert.deepEqual([condition("VolumeReady")?.reason, told], ["ApplyFailed", []]);
});

Deno.test("a share whose spec is not understood keeps all else that its status says", async () => {
  const { put, reconcile, kinds, condition } = ground();
  const now = () => kinds.shares.cache.get("files/projects") ?? assert.fail();
  const lastTransitionTime = "2029-12-31T00:00:00Z";
  const said = (type: string) => ({
    ...{ type, status: "True", reason: "Fine", message: "It is." },
    ...{ lastTransitionTime, observedGeneration: 2 },
  } as const);
  const aspects = ["ServerReady", "StoresReady", "Serving", "VolumeReady"].map(said);
  // What another version of the operator may have let through.
  const another = { management: "Sometimes" as "Report" };
  const others = { nfsEndpoint: "demo:/projects", managed: ["grants" as const] };
  put({
    ...now(),
    spec: { serverRef: { name: "demo" }, ...another },
    status: { ...others, observedGeneration: 2, conditions: [said("Ready"), ...aspects] },
  } as Live<DittoShare>);
  assert.deepEqual(await reconcile(), { result: "stalled", reason: "InvalidSpec" });
  const { conditions = [], phase, observedGeneration: _, ...rest } = now().status ?? {};
  assert.deepEqual([rest, phase], [others, "Failed"]);
  assert.match(condition("Ready")?.message ?? "", /^spec.management: /);
  assert.deepEqual(conditions.slice(2), aspects);
  assert.deepEqual(conditions.slice(0, 2).map(({ type }) => type), ["Ready", "Stalled"]);
});
