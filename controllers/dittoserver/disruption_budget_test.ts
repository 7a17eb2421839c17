import assert from "node:assert/strict";
import { testServer } from "./_fixture.ts";
import { disruptionBudgets } from "./disruption_budget.ts";

Deno.test("disruptionBudgets() never hold up a drain, whether the pod is ready or not", () => {
  const server = testServer({ podDisruptionBudget: { enabled: true } });
  assert.deepEqual(disruptionBudgets(server).map(({ spec }) => spec), [{
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: { app: "dittofs-server", instance: "demo" } },
  }]);
});

Deno.test("disruptionBudgets() are none unless asked for: two block every eviction", () => {
  assert.deepEqual(disruptionBudgets(testServer()), []);
});
