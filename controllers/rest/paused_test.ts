import assert from "node:assert/strict";
import type { Condition } from "../../api/dittoserver/status.ts";
import { resting } from "./paused.ts";
import type { Unreached } from "./reach.ts";

const problem = (reason: Unreached["reason"]): Unreached => ({
  ...{ aspect: "ServerReady", reason, message: "why", stalled: false },
});

const condition = (type: string, status: Condition["status"], reason: string): Condition => ({
  ...{ type, status, reason, message: `about ${type}`, lastTransitionTime: "2030-01-01T00:00:00Z" },
});

const CONNECTED = condition("ServerReady", "True", "Connected");

function rest(
  conditions: Condition[],
  { observedGeneration = 2, reason = "ServerPaused" as Unreached["reason"] } = {},
) {
  const metadata = { name: "projects", uid: "1", resourceVersion: "1", generation: 2 };
  const status = { conditions, observedGeneration };
  const { problem: told, inOrder } = resting({ metadata, status }, problem(reason));
  return { isInTheWay: !told.aside, inOrder };
}

Deno.test("resting() lets what was Ready be Ready, and keeps what was said of each aspect", () => {
  const conditions = [
    condition("Ready", "True", "Serving"),
    condition("ServerReady", "False", "ServerPaused"),
    condition("StoresReady", "True", "Made"),
  ];
  assert.deepEqual(rest(conditions), {
    isInTheWay: false,
    inOrder: { StoresReady: { reason: "Made", message: "about StoresReady" } },
  });
});

Deno.test("resting() keeps also what stood in the way, and does not call that Ready", () => {
  const conditions = [
    condition("Ready", "False", "RemoteUnreachable"),
    ...[CONNECTED, condition("StoresReady", "False", "RemoteUnreachable")],
    condition("GrantsReady", "False", "Waiting"),
  ];
  assert.deepEqual(rest(conditions), {
    isInTheWay: true,
    inOrder: { StoresReady: { reason: "RemoteUnreachable", message: "about StoresReady" } },
  });
});

Deno.test("resting() keeps nothing of another spec, or where nothing was ever said", () => {
  const conditions = [condition("Ready", "True", "Serving"), CONNECTED];
  const nothing = { isInTheWay: true, inOrder: {} };
  assert.deepEqual(rest(conditions, { observedGeneration: 1 }), nothing);
  assert.deepEqual(rest([]), nothing);
});

Deno.test("resting() calls nothing Ready while the server does not serve, and again when it does", () => {
  const aspects = [CONNECTED, condition("StoresReady", "True", "Made")];
  const conditions = [condition("Ready", "True", "Serving"), ...aspects];
  assert.equal(rest(conditions, { reason: "ServerNotRunning" }).isInTheWay, true);
  const away = [condition("Ready", "False", "ServerNotRunning"), ...aspects];
  assert.equal(rest(away).isInTheWay, false);
});
