// Grants, quotas and the snapshot policy of a share: what is sent, and what is said of who is missing.

import assert from "node:assert/strict";
import { problem } from "../../dittofs/testing/scripted_http.ts";
import { makeGrants, makeQuotas } from "./access_step.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { quotaRow, userRow } from "./_rows.ts";
import { makeSnapshotPolicy } from "./snapshots_step.ts";

const PERMISSIONS = "/shares/projects/permissions";
const QUOTAS = "/shares/projects/quotas";
const grant = (name: string, level: string) => ({ type: "user", name, level });
const ROUTES = { [`GET ${PERMISSIONS}`]: [], [`GET ${QUOTAS}`]: [] };

async function made(found: Found, step = makeGrants) {
  const ground = look({ ...found, routes: { ...ROUTES, ...found.routes } });
  await step(ground.reached);
  return { ...ground, writes: ground.http.writes };
}

const GRANTS: Found["spec"] = {
  grants: [{ user: "alice", permission: "read" }, { user: "bob", permission: "admin" }],
};

Deno.test("makeGrants() asks nothing where the spec says nothing and never did", async () => {
  const { http } = await made({ status: inOrder() });
  assert.deepEqual(http.asked, []);
});

Deno.test("makeGrants() gives everybody what the spec has, and takes the rest back", async () => {
  const routes = { [`GET ${PERMISSIONS}`]: [grant("alice", "admin"), grant("eve", "read")] };
  const { writes, pass } = await made({ spec: GRANTS, routes });
  assert.deepEqual(writes, [
    `PUT ${PERMISSIONS}/users/alice {"level":"read"}`,
    `PUT ${PERMISSIONS}/users/bob {"level":"admin"}`,
    `DELETE ${PERMISSIONS}/users/eve`,
  ]);
  assert.equal(pass.inOrder.GrantsReady?.reason, "Granted");
});

Deno.test("makeGrants() keeps nobody waiting for somebody who is not there, and looks again for a while", async () => {
  const routes = { [`PUT ${PERMISSIONS}/users/alice`]: problem(404, "User not found") };
  const { writes, problems, pass } = await made({ spec: GRANTS, routes });
  assert.equal(writes.length, 2);
  assert.deepEqual(problems(), ['GrantsReady=NotFound: not on the server: user "alice"']);
  assert.equal(pass.waits.length, 1);
});

Deno.test("makeGrants() does not take a refusal for somebody who is missing", async () => {
  const routes = { [`PUT ${PERMISSIONS}/users/alice`]: problem(400, "no such level") };
  await assert.rejects(made({ spec: GRANTS, routes }), /400 no such level/);
});

Deno.test("makeGrants() takes back what was ours when the spec has no grants any more, and says nothing of it", async () => {
  const routes = { [`GET ${PERMISSIONS}`]: [grant("alice", "read")] };
  const { writes, pass } = await made({ status: inOrder({ managed: ["grants"] }), routes });
  assert.deepEqual(writes, [`DELETE ${PERMISSIONS}/users/alice`]);
  assert.equal(pass.inOrder.GrantsReady, undefined);
});

const NUMBERED: Found = {
  spec: { quotas: [{ user: "alice", files: 5 }, { group: "staff", files: 6 }] },
  routes: {
    "GET /users": [userRow("alice", 1001), userRow("bob")],
    "GET /groups": [{ id: "g", name: "staff", gid: 5000 }],
    [`PUT ${QUOTAS}/user/1001`]: quotaRow(1001),
    [`PUT ${QUOTAS}/group/5000`]: quotaRow(5000),
  },
};

Deno.test("makeQuotas() sets them by number, and removes those that the spec does not have", async () => {
  const routes = { ...NUMBERED.routes, [`GET ${QUOTAS}`]: [quotaRow(7, { limit_files: 1 })] };
  const { writes, pass } = await made({ ...NUMBERED, routes }, makeQuotas);
  assert.deepEqual(writes.map((call) => call.split(" ").slice(0, 2).join(" ")), [
    ...[`PUT ${QUOTAS}/user/1001`, `PUT ${QUOTAS}/group/5000`, `DELETE ${QUOTAS}/user/7`],
  ]);
  assert.match(writes[0] ?? "", /"limit_files":5/);
  assert.equal(pass.inOrder.QuotasReady?.reason, "Applied");
});

Deno.test("makeQuotas() lists users and groups only where the spec names some", async () => {
  const routes = { [`PUT ${QUOTAS}/user/7`]: quotaRow(7) };
  const { http } = await made({ spec: { quotas: [{ uid: 7, files: 1 }] }, routes }, makeQuotas);
  assert.deepEqual(http.asked.filter((call) => !call.includes(QUOTAS)), []);
});

Deno.test("makeQuotas() says who has no number, and who has two quotas", async () => {
  const spec: Found["spec"] = {
    quotas: [{ user: "bob", files: 1 }, { uid: 1001, files: 2 }, { user: "alice", files: 3 }],
  };
  const { problems, writes } = await made({ ...NUMBERED, spec }, makeQuotas);
  assert.deepEqual(problems(), [
    'QuotasReady=NotFound: not on the server, or without a number: user "bob"',
    "QuotasReady=Ambiguous: user 1001 has another quota by name, which is in force",
  ]);
  assert.match(writes.join(), /"limit_files":3/);
  assert.doesNotMatch(writes.join(), /"limit_files":2/);
});

const POLICY = "/shares/projects/snapshot-policy";
const policy = (more: object = {}) => ({
  ...{ share: "/projects", interval: "24h0m0s", enabled: true, keep_last: 0, ...more },
});
const DAILY = { snapshotPolicy: { interval: "@daily" } };

Deno.test("makeSnapshotPolicy() puts one that is missing or another, and nothing else", async () => {
  const put = `PUT ${POLICY} {"interval":"@daily","enabled":true,"keep_last":0,"name_prefix":""}`;
  const answer = { [`PUT ${POLICY}`]: policy() };
  const missing = await made({ spec: DAILY, routes: answer }, makeSnapshotPolicy);
  assert.deepEqual(missing.writes, [put]);
  const other = { ...answer, [`GET ${POLICY}`]: policy({ keep_last: 3 }) };
  assert.deepEqual((await made({ spec: DAILY, routes: other }, makeSnapshotPolicy)).writes, [put]);
  const same = { [`GET ${POLICY}`]: policy() };
  assert.deepEqual((await made({ spec: DAILY, routes: same }, makeSnapshotPolicy)).writes, []);
});

Deno.test("makeSnapshotPolicy() removes the one that it made, unless the server's own spec has one", async () => {
  const routes = { [`GET ${POLICY}`]: policy() };
  const status = inOrder({ managed: ["snapshotPolicy"] });
  const gone = await made({ status, routes }, makeSnapshotPolicy);
  assert.deepEqual(gone.writes, [`DELETE ${POLICY}`]);
  const server = { snapshotPolicies: [{ share: "projects", interval: "1h" }] };
  assert.deepEqual((await made({ status, routes, server }, makeSnapshotPolicy)).writes, []);
  const never = await made({ status: inOrder(), routes }, makeSnapshotPolicy);
  assert.deepEqual(never.http.asked, []);
});
