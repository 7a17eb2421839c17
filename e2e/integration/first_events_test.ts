// What a person reads who applies one file with everything in it, while a real server comes up.

import assert from "node:assert/strict";
import * as z from "zod";
import type { DittoServer } from "../../api/dittoserver.ts";
import type { KubernetesObject } from "../../kube/object.ts";
import type { RestClient } from "../../kube/rest_client.ts";
import { FaultClient } from "../../kube/testing/fault_client.ts";
import { until } from "../harness/poll.ts";
import { beside as test } from "./_beside.ts";
import { namespace } from "./_rest_ground.ts";
import { SERVER, ShareGround } from "./_share_ground.ts";

let ground: ShareGround;
let real: RestClient;
let client: FaultClient;

Deno.test.beforeAll(async () => {
  ground = await ShareGround.start();
  await ground.rest.stopOperator();
  await ground.rest.startOperator({
    client: (given) => {
      real = given;
      client = new FaultClient(given);
      return client;
    },
  });
});
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const events = z.object({
  items: z.array(z.object({
    involvedObject: z.object({ kind: z.string() }),
    type: z.string(),
    reason: z.string(),
    message: z.string(),
  })),
});

/** The events of our resources. */
async function told(): Promise<string[]> {
  const where = ["--namespace", namespace, "-o", "json"];
  const { items } = events.parse(
    JSON.parse(await ground.rest.plane.kubectl(["get", "events", ...where])),
  );
  return items.filter(({ involvedObject: { kind } }) => kind.startsWith("Ditto"))
    .map(({ involvedObject: { kind }, type, reason, message }) =>
      `${kind} ${type} ${reason}: ${message}`
    ).toSorted();
}

test("one file with a server and all that lives on it has one event for each when all is well", async () => {
  const apiVersion = "dittofs.dittofs.com/v1alpha1";
  const serverRef = { name: SERVER };
  const item = (kind: string, name: string, spec: object) => ({
    ...{ apiVersion, kind, metadata: { name, namespace }, spec },
  });
  await ground.rest.apply({
    apiVersion: "v1",
    kind: "List",
    items: [
      item("DittoServer", SERVER, { storage: { metadataSize: "1Gi", contentSize: "1Gi" } }),
      item("DittoUser", "alice", { serverRef, uid: 1001, groups: ["engineering"] }),
      item("DittoGroup", "engineering", { serverRef, gid: 5000 }),
      item("DittoShare", "projects", { serverRef, owner: "alice" }),
    ],
  });
  await ground.server.ready();
  const kinds = ["dittoserver", "dittouser", "dittogroup", "dittoshare"];
  await until("all is ready", async () => {
    const all = ["get", kinds.join(","), "--namespace", namespace];
    const ready = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    return await ground.rest.plane.kubectl([...all, "-o", ready]) === "True True True True";
  }, { within: 60_000 });
  assert.deepEqual((await told()).map((line) => line.split(":")[0]), [
    "DittoGroup Normal AsWanted",
    "DittoServer Normal Serving",
    "DittoShare Normal Serving",
    "DittoUser Normal AsWanted",
  ]);
});

test("a conflict of the API server's own is in no status and no event", async () => {
  const before = await told();
  let refused = 0;
  client.add({
    when: ({ method, path }) => method === "PATCH" && path.endsWith(`/configmaps/${SERVER}-config`),
    // As if the object had been deleted and made again since it was last seen.
    then: async ({ request: { options } }) => {
      const { metadata, ...rest } = options.bodyJson as KubernetesObject;
      const uid = "00000000-0000-4000-8000-000000000000";
      refused++;
      return await real.performRequest({
        ...options,
        bodyJson: { ...rest, metadata: { ...metadata, uid } },
      });
    },
    times: 2,
  });
  const { length } = client.writes;
  const pod = await ground.server.ready();
  await ground.rest.patch(SERVER, { logging: { level: "DEBUG" } });
  await ground.server.replaced(pod);
  await ground.rest.untilCondition(SERVER, "Ready", "Serving");
  assert.equal(refused, 2);
  const reasons = client.writes.slice(length)
    .filter(({ path }) => path.endsWith(`/dittoservers/${SERVER}/status`))
    .flatMap(({ options }) =>
      (options.bodyJson as DittoServer).status?.conditions?.map(({ reason }) => reason) ?? []
    );
  assert.ok(reasons.length > 0);
  assert.ok(!reasons.includes("ApplyFailed"), reasons.join());
  const since = (await told()).filter((line) => !before.includes(line));
  assert.ok(since.some((line) => line.startsWith("DittoServer Normal RestartPlanned")));
  assert.deepEqual(since.filter((line) => line.includes(" Warning ")), []);
});
