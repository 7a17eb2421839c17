import assert from "node:assert/strict";
import { inOrder, look } from "./_look.ts";
import { health } from "./_rows.ts";
import { noteRestart, settleRestart } from "./restart.ts";

const [THEN, NOW] = ["2030-01-01T00:00:00Z", "2030-01-01T01:00:00Z"];
const waiting = { serverStartedAt: THEN, fields: ["smb.streams"] };

const ground = (startedAt: string, restart?: typeof waiting & { closed?: boolean }) =>
  look({
    status: inOrder(restart ? { restart } : {}),
    routes: { "GET /health": health(startedAt) },
  });

Deno.test("noteRestart() writes what waits, and since which start of the server", async () => {
  const { reached, live } = ground(NOW);
  await noteRestart(reached, ["smb.streams"], false);
  assert.deepEqual(live().status?.restart, { serverStartedAt: NOW, fields: ["smb.streams"] });
  assert.ok(live().status?.stores, "what else was said stays");
});

Deno.test("noteRestart() adds to what waits already, and writes nothing that is noted", async () => {
  const { reached, live, client, http } = ground(NOW, waiting);
  await noteRestart(reached, ["smb.streams"], false);
  await noteRestart(reached, [], false);
  assert.deepEqual([client.writes.length, http.asked.length], [0, 0]);
  await noteRestart(reached, ["nfs.requireKerberos"], true);
  assert.deepEqual(live().status?.restart, {
    ...{ serverStartedAt: THEN, fields: ["nfs.requireKerberos", "smb.streams"], closed: true },
  });
});

Deno.test("noteRestart() does not open again what is closed until then", async () => {
  const { reached, pass } = ground(NOW, { ...waiting, closed: true });
  await noteRestart(reached, ["smb.mfsymlinks"], false);
  assert.equal(pass.noted.restart?.closed, true);
});

Deno.test("settleRestart() forgets what waited when the server has started again, and not before", async () => {
  const before = ground(THEN, waiting);
  await settleRestart(before.reached);
  assert.deepEqual(before.pass.noted.restart, waiting);
  const after = ground(NOW, waiting);
  await settleRestart(after.reached);
  assert.equal(after.pass.noted.restart, undefined);
  const never = ground(NOW);
  await settleRestart(never.reached);
  assert.deepEqual(never.http.asked, []);
});
