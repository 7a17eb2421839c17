import assert from "node:assert/strict";
import { testServer } from "./_fixture.ts";
import { disruptionBudget } from "./disruption_budget.ts";

Deno.test("disruptionBudget() never holds up a drain, whether the pod is ready or not", () => {
  assert.deepEqual(disruptionBudget(testServer()).spec, {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: { app: "dittofs-server", instance: "demo" } },
  });
});
