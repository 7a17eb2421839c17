// The export of a share and the netgroup of its clients: in which order, and what is left alone.

import assert from "node:assert/strict";
import { json, problem } from "../../dittofs/testing/scripted_http.ts";
import { makeExport } from "./export_step.ts";
import { type Found, inOrder, look } from "./_look.ts";
import { exportRow, health, netgroupRow } from "./_rows.ts";

const CONFIG = "/shares/projects/adapters/nfs/config";
const GROUP = "/adapters/nfs/netgroups/share-projects";
const ROUTES = {
  [`GET ${CONFIG}`]: exportRow(),
  [`PATCH ${CONFIG}`]: exportRow(),
  "POST /adapters/nfs/netgroups": netgroupRow(),
  [`POST ${GROUP}/members`]: { id: "m", type: "ip", value: "10.0.0.1" },
  "GET /health": health("2030-01-01T00:00:00Z"),
};

async function made(found: Found, isNew = false) {
  const ground = look({ ...found, routes: { ...ROUTES, ...found.routes } });
  const { reached } = ground;
  await makeExport({ ...reached, making: isNew || reached.making }, isNew);
  return { ...ground, writes: ground.http.writes };
}

Deno.test("makeExport() sends nothing where all is as it should be", async () => {
  assert.deepEqual((await made({ status: inOrder() })).writes, []);
  const nfs = { allowedClients: ["10.0.0.1"] };
  const routes = {
    [`GET ${CONFIG}`]: exportRow({ netgroup: "share-projects" }),
    [`GET ${GROUP}`]: netgroupRow(["ip", "10.0.0.1"]),
  };
  assert.deepEqual((await made({ spec: { nfs }, status: inOrder(), routes })).writes, []);
});

Deno.test("makeExport() has the netgroup complete before the share refers to it", async () => {
  const nfs = { allowedClients: ["10.0.0.1", "10.0.0.2"] };
  const { writes } = await made({ spec: { nfs } }, true);
  assert.deepEqual(writes, [
    'POST /adapters/nfs/netgroups {"name":"share-projects"}',
    `POST ${GROUP}/members {"type":"ip","value":"10.0.0.1"}`,
    `POST ${GROUP}/members {"type":"ip","value":"10.0.0.2"}`,
    `PATCH ${CONFIG} {"netgroup":"share-projects"}`,
  ]);
});

Deno.test("makeExport() lets new clients in before it keeps others out", async () => {
  const { writes } = await made({
    spec: { nfs: { allowedClients: ["10.0.0.2"] } },
    status: inOrder(),
    routes: {
      [`GET ${CONFIG}`]: exportRow({ netgroup: "share-projects" }),
      [`GET ${GROUP}`]: netgroupRow(["ip", "10.0.0.1"]),
    },
  });
  assert.deepEqual(writes, [
    `POST ${GROUP}/members {"type":"ip","value":"10.0.0.2"}`,
    `DELETE ${GROUP}/members/member-0`,
  ]);
});

const LEFT = [`PATCH ${CONFIG} {"netgroup":""}`, `DELETE ${GROUP}`];
const REFERS = { [`GET ${CONFIG}`]: exportRow({ netgroup: "share-projects" }) };

Deno.test("makeExport() removes the netgroup when nothing refers to it any more, and not before", async () => {
  assert.deepEqual((await made({ status: inOrder(), routes: REFERS })).writes, LEFT);
});

Deno.test("makeExport() removes the netgroup that was left when somebody died in between", async () => {
  const edited = inOrder({ observedGeneration: 0 });
  assert.deepEqual((await made({ status: edited })).writes, [`DELETE ${GROUP}`]);
  // A share that was made just now has left none.
  assert.deepEqual((await made({}, true)).writes, []);
});

Deno.test("makeExport() does not remove a netgroup that the share still refers to after a failure", async () => {
  const routes = { ...REFERS, [`PATCH ${CONFIG}`]: problem(500, "no") };
  await assert.rejects(made({ status: inOrder(), routes }), /500 no/);
  const { http, reached } = look({ status: inOrder(), routes: { ...ROUTES, ...routes } });
  await makeExport(reached, false).catch(() => {});
  assert.deepEqual(http.writes, LEFT.slice(0, 1));
});

Deno.test("makeExport() with management Report changes neither the export nor the netgroup", async () => {
  const nfs = { allowedClients: ["10.0.0.1"] };
  const { writes, problems } = await made({
    spec: { management: "Report", nfs },
    status: inOrder(),
    routes: { ...REFERS, [`GET ${GROUP}`]: netgroupRow() },
  });
  assert.deepEqual(writes, []);
  assert.match(problems().join(), /Serving=Differs: .*nfs\.allowedClients/);
  const left = await made({ spec: { management: "Report" }, status: inOrder(), routes: REFERS });
  assert.deepEqual(left.writes, []);
});

Deno.test("makeExport() notes what waits for a restart before it is sent", async () => {
  const noted: unknown[] = [];
  const ground = look({
    spec: { nfs: { requireKerberos: true } },
    status: inOrder({ observedGeneration: 0 }),
    routes: {
      ...ROUTES,
      [`PATCH ${CONFIG}`]: (request: Parameters<ReturnType<typeof json>>[0]) => {
        noted.push(ground.live().status?.restart?.fields);
        return json(exportRow())(request);
      },
    },
  });
  await makeExport(ground.reached, false);
  assert.deepEqual(noted, [["nfs.allowAuthSys", "nfs.requireKerberos"]]);
  assert.equal(ground.pass.noted.restart?.closed, undefined, "clients are at work");
});

Deno.test("makeExport() closes a new share until what protects it is in force", async () => {
  const { pass } = await made({ spec: { nfs: { requireKerberos: true } } }, true);
  assert.equal(pass.noted.restart?.closed, true);
});
