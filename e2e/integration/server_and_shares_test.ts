// What the spec of a server says for what is on it: snapshot policies of shares, and that all of
// it is paused.

import assert from "node:assert/strict";
import { print } from "../../tasks/_print.ts";
import { beside as test } from "./_beside.ts";
import { namespace } from "./_rest_ground.ts";
import { SERVER, ShareGround } from "./_share_ground.ts";

let ground: ShareGround;
Deno.test.beforeAll(async () => {
  ground = await ShareGround.start();
  await ground.rest.create(SERVER);
});
Deno.test.afterAll(async () => await ground?.[Symbol.asyncDispose]());

const GRANTS = [{ user: "alice", permission: "read-write" }];
const STAYING = [["DittoShare", "projects"], ["DittoUser", "alice"], ["DittoGroup", "team"]];
const GOING = [["DittoShare", "scratch"], ["DittoUser", "bob"], ["DittoGroup", "crew"]];

type Said = Readonly<Record<string, string>>;

/** The conditions of a resource, as `True Reason` by type. */
async function said(kind: string, name: string): Promise<Said> {
  const { status } = JSON.parse(await ground.rest.get(kind, name, "json"));
  const conditions: { type: string; status: string; reason: string }[] = status?.conditions ?? [];
  return Object.fromEntries(
    conditions.map(({ type, ...is }) => [type, `${is.status} ${is.reason}`]),
  );
}

async function untilSaid(kind: string, name: string, type: string, what: string): Promise<void> {
  await ground.until(`${kind} ${name}: ${type} is ${what}`, async () => {
    return (await said(kind, name))[type] === what;
  });
}

const writes = () =>
  ground.rest.calls.filter((call) => !call.startsWith("GET ") && !call.includes("/auth/"));

async function changed(): Promise<boolean> {
  const rows = await Promise.all(
    ["/users/alice", "/groups/team", "/shares/projects"].map((path) => ground.byHand("GET", path)),
  );
  return JSON.stringify(rows).includes("another");
}

test("Whatever is on a paused server stays Ready, and says that it is paused", async () => {
  await ground.apply("DittoUser", "alice", { uid: 1001 });
  await ground.apply("DittoUser", "bob", { uid: 1002 });
  await ground.apply("DittoGroup", "team", { gid: 3001 });
  await ground.apply("DittoGroup", "crew", { gid: 3002 });
  await ground.apply("DittoShare", "projects", { grants: GRANTS });
  await ground.apply("DittoShare", "scratch", { grants: GRANTS });
  for (const [kind = "", name = ""] of [...STAYING, ...GOING]) {
    const good = kind === "DittoShare" ? "True Serving" : "True AsWanted";
    await untilSaid(kind, name, "Ready", good);
  }
  await ground.rest.patch(SERVER, { paused: true });
  for (const [kind = "", name = ""] of STAYING) {
    await untilSaid(kind, name, "ServerReady", "False ServerPaused");
    const { Ready, ...others } = await said(kind, name);
    assert.match(Ready ?? "", /^True/);
    assert.ok(Object.values(others).every((is) => !is.includes("Waiting")), JSON.stringify(others));
  }
  assert.equal((await ground.rest.condition(SERVER, "Ready"))?.reason, "Serving");
});

test("Nothing is changed on a paused server, whatever is applied, changed by hand or deleted", async () => {
  ground.rest.calls.length = 0;
  await ground.apply("DittoUser", "alice", { uid: 1001, displayName: "another" });
  await ground.apply("DittoGroup", "team", { gid: 3001, description: "another" });
  await ground.apply("DittoShare", "projects", { grants: [], quota: "1Gi" });
  await ground.apply("DittoShare", "late", { grants: GRANTS });
  await ground.byHand("DELETE", "/shares/projects/permissions/users/alice");
  for (const [kind = "", name = ""] of GOING) await ground.delete(kind, name, false);
  for (const [kind = "", name = ""] of [...STAYING, ["DittoShare", "late"]]) {
    await untilSaid(kind, name, "Ready", "False ServerPaused");
  }
  for (const [kind = "", name = ""] of GOING) {
    await untilSaid(kind, name, "Ready", "False Deleting");
    assert.equal((await said(kind, name)).ServerReady, "False ServerPaused");
  }
  // The slow check comes as well.
  ground.rest.operator.hurry(`${namespace}/${SERVER}`);
  await ground.until(
    "it has looked",
    () => Promise.resolve(ground.rest.calls.some((call) => call.endsWith("/adapters"))),
  );
  await ground.rest.plane.plane.audit.waitForQuiet(
    { userAgent: "rest-test", withoutWatches: true },
    { quietFor: 1_000, within: 10_000 },
  );
  assert.deepEqual(writes(), []);
  assert.equal(await changed(), false);
  assert.equal((await ground.byHand("GET", "/shares/scratch")).status, 200);
  assert.equal((await ground.byHand("GET", "/users/bob")).status, 200);
  assert.equal((await ground.byHand("GET", "/groups/crew")).status, 200);
});

test("All of it is made up for at once when the pause ends", async () => {
  const began = performance.now();
  await ground.rest.patch(SERVER, { paused: false });
  for (const [kind = "", name = ""] of GOING) await ground.gone(kind, name);
  for (const [kind = "", name = ""] of [...STAYING, ["DittoShare", "late"]]) {
    const good = kind === "DittoShare" ? "True Serving" : "True AsWanted";
    await untilSaid(kind, name, "Ready", good);
  }
  print(`everything is made up for ${Math.round(performance.now() - began)} ms after the pause`);
  assert.ok(await changed());
  assert.equal((await ground.byHand("GET", "/shares/scratch")).status, 404);
  assert.equal((await ground.byHand("GET", "/users/bob")).status, 404);
  assert.equal((await ground.byHand("GET", "/groups/crew")).status, 404);
});

test("A policy of the server for a share that comes later is there at once, for many as for one", async () => {
  const names = ["first", "second", "third"];
  await ground.rest.patch(SERVER, {
    snapshotPolicies: names.map((share) => ({ share, interval: "@daily", keepLast: 3 })),
  });
  await ground.rest.untilCondition(SERVER, "SnapshotPoliciesReady", "ShareNotFound");
  // The next look of the server by itself is minutes away.
  const began = performance.now();
  await Promise.all(names.map((name) => ground.apply("DittoShare", name, {})));
  await ground.until("all have their policy", async () => {
    const answers = await Promise.all(
      names.map((name) => ground.byHand("GET", `/shares/${name}/snapshot-policy`)),
    );
    return answers.every(({ status }) => status === 200);
  });
  print(
    `policies of shares that come later are there after ${
      Math.round(performance.now() - began)
    } ms`,
  );
  await ground.rest.untilCondition(SERVER, "SnapshotPoliciesReady", "Applied");
});
