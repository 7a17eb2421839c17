// What the status of a share says, and that nothing is written that is there already.

import assert from "node:assert/strict";
import type { DittoShareStatus } from "../../api/dittoshare.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { Pass } from "./pass.ts";
import { report } from "./report.ts";

type Ground = ReturnType<typeof look>;

async function reported(
  found: Found,
  change: (ground: Ground) => void = () => {},
  deleting = false,
) {
  const ground = look(found);
  change(ground);
  await report(ground.pass, deleting);
  return { ...ground, status: ground.live().status ?? {} };
}

const said = ({ conditions }: DittoShareStatus, type: string) => {
  const { reason, message } = conditions?.find((condition) => condition.type === type) ?? {};
  return reason === undefined ? undefined : `${reason}: ${message}`;
};

const FINE = ({ pass }: Ground) => {
  pass.looked = true;
  pass.inOrder.ServerReady = { reason: "Connected" };
  pass.inOrder.Serving = { reason: "Healthy" };
};

Deno.test("report() says that clients can use the share, by its name on the server", async () => {
  const { status } = await reported({ spec: { shareName: "data" } }, FINE);
  assert.equal(said(status, "Ready"), 'Serving: Clients can use share "data"');
  assert.deepEqual([status.phase, status.exportPath], ["Ready", "/data"]);
});

Deno.test("report() writes nothing and tells nothing when it has been said", async () => {
  const first = await reported({}, FINE);
  const { context, client, events, kinds } = first;
  const resource = kinds.shares.cache.get("files/projects");
  assert.ok(resource);
  const before = client.writes.length;
  const pass = new Pass(context, resource, first.pass.share);
  FINE({ ...first, pass });
  await report(pass);
  assert.equal(client.writes.length, before);
  assert.equal(events.length, 1);
});

Deno.test("report() compares with what was last written, and not with what the look began with", async () => {
  const ground = look({ status: inOrder() });
  const { pass } = ground;
  const bad = { aspect: "Serving", reason: "Unhealthy", stalled: false } as const;
  pass.problems.push({ ...bad, message: "as before" });
  await report(pass);
  const resource = ground.kinds.shares.cache.get("files/projects");
  assert.ok(resource);
  // The look that comes next says first that it waits, and then the same as before.
  const next = new Pass(ground.context, resource, pass.share);
  next.inOrder.Serving = { reason: "Waiting" };
  await report(next);
  delete next.inOrder.Serving;
  next.problems.push({ ...bad, message: "as before" });
  await report(next);
  assert.equal(said(ground.live().status ?? {}, "Serving"), "Unhealthy: as before");
});

Deno.test("report() says of aspects that were not looked at that they wait, if the spec has them", async () => {
  const { status } = await reported({ spec: { quotas: [] } }, ({ pass }) => {
    pass.problems.push({
      ...{ aspect: "ServerReady", reason: "Unreachable", message: "nobody answers" },
      stalled: false,
    });
  });
  assert.equal(said(status, "Ready"), "Unreachable: nobody answers");
  assert.equal(said(status, "QuotasReady"), "Waiting: Something else has to be in order first.");
  assert.equal(said(status, "GrantsReady"), undefined);
});

Deno.test("report() names everything that is wrong, first what somebody has to mend", async () => {
  const { status } = await reported({}, ({ pass }) => {
    pass.problems.push(
      { aspect: "Serving", reason: "Loading", message: "b loads", stalled: false },
      { aspect: "GrantsReady", reason: "Differs", message: "c differs", stalled: true },
    );
  });
  assert.equal(said(status, "Ready"), "Differs: b loads; c differs");
  assert.equal(status.phase, "Failed");
});

Deno.test("report() names the claim while there is to be one", async () => {
  const spec = { persistentVolume: { claimName: "team" } };
  assert.equal((await reported({ spec }, FINE)).status.persistentVolumeClaim, "team");
  assert.equal((await reported({}, FINE)).status.persistentVolumeClaim, undefined);
  const going = await reported({ spec }, () => {}, true);
  assert.equal(going.status.persistentVolumeClaim, undefined);
  assert.equal(going.status.phase, "Deleting");
});

type Managed = DittoShareStatus["managed"];

/** What was managed, the spec, what came of the look, and what is managed then. */
const parts: [string, Managed, Found["spec"], (ground: Ground) => void, Managed][] = [
  ["notes a part that was made", undefined, { grants: [] }, (ground) => {
    FINE(ground);
    ground.pass.inOrder.GrantsReady = { reason: "Granted" };
  }, ["grants"]],
  ["notes a part also when making it failed, for some of it may be there", undefined, {
    grants: [],
  }, ({ pass }) => {
    pass.problems.push({ aspect: "GrantsReady", reason: "Failed", message: "", stalled: false });
  }, ["grants"]],
  ["does not note a part that was not looked at", undefined, { grants: [] }, () => {}, undefined],
  ["forgets a part that left the spec and is gone", ["grants", "quotas"], { quotas: [] }, FINE, [
    "quotas",
  ]],
  ["remembers a part that left the spec and could not be removed", ["grants"], {}, (ground) => {
    FINE(ground);
    ground.pass.problems.push({
      ...{ aspect: "GrantsReady", reason: "Failed", message: "no", stalled: false },
    });
  }, ["grants"]],
  ["remembers a part that left the spec while the server cannot be asked", ["grants"], {}, () => {
  }, ["grants"]],
];
for (const [what, managed, spec, change, expected] of parts) {
  Deno.test(`report() ${what}`, async () => {
    const status = inOrder(managed ? { managed } : {});
    const found = { status, ...(spec && { spec }) };
    assert.deepEqual((await reported(found, change)).status.managed, expected);
  });
}
