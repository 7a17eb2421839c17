// Every object that the builders make, shown to a real API server: it must take each, and give it
// back saying what we said. Otherwise the operator would write it again in every pass.

import assert from "node:assert/strict";
import type { DittoServerInput } from "../../api/dittoserver.ts";
import { everything, sqliteSpec } from "../../controllers/dittoserver/_everything.ts";
import { testServer } from "../../controllers/dittoserver/_fixture.ts";
import { configMap } from "../../controllers/dittoserver/config_map.ts";
import { disruptionBudgets } from "../../controllers/dittoserver/disruption_budget.ts";
import { networkPolicies } from "../../controllers/dittoserver/network_policies.ts";
import { allServices } from "../../controllers/dittoserver/services.ts";
import { statefulSet } from "../../controllers/dittoserver/stateful_set.ts";
import { covers } from "../../kube/covers.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

let ground: TestPlane;

Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: false });
  await ground.kubectl(["create", "namespace", "files"]);
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const specs: Record<string, Partial<DittoServerInput>> = {
  "a minimal spec": {},
  "every field with PostgreSQL": everything,
  "every field with SQLite": sqliteSpec,
  "load balancers and closed policies": {
    service: { type: "LoadBalancer", loadBalancerSourceRanges: ["2001:db8::/32"] },
    networkPolicy: { from: [], apiFrom: [], metricsFrom: [] },
    resources: { limits: { cpu: "1500m", memory: "0.5Gi" }, requests: { memory: "1e8" } },
    pod: { tolerations: [], topologySpreadConstraints: [], affinity: {}, nodeSelector: {} },
  },
  "empty wishes": { resources: { limits: {} }, securityContext: {}, podSecurityContext: {} },
};
for (const [what, spec] of Object.entries(specs)) {
  Deno.test(`every object of ${what} comes back from the API server as it was written`, async () => {
    const server = testServer(spec);
    const objects = [
      configMap(server),
      ...allServices(server),
      ...networkPolicies(server, "dittofs-system"),
      ...disruptionBudgets(server),
      statefulSet(server, { configHash: "0123", live: undefined }),
    ];
    for (const wanted of objects) {
      const args = ["apply", "--server-side", "--dry-run=server", "-o", "json", "-f", "-"];
      const live = JSON.parse(await ground.kubectl(args, { input: JSON.stringify(wanted) }));
      if (!covers(live, wanted)) assert.deepEqual(live, wanted, wanted.kind);
    }
  });
}
