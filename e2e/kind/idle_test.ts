// An operator with nothing to do must cost nothing: a fleet of idle ones would load an API server.

import assert from "node:assert/strict";
import { describe } from "../harness/audit.ts";
import { operatorAgent } from "../harness/operator_process.ts";
import { pause } from "../harness/poll.ts";
import { testCluster } from "./_cluster.ts";

const namespace = "idle";
const server = {
  apiVersion: "dittofs.dittofs.com/v1alpha1",
  kind: "DittoServer",
  metadata: { name: "idle", namespace },
  spec: { storage: { metadataSize: "1Gi" } },
};

Deno.test("run sends nothing but watches and lease renewals while one Ready server is idle", async () => {
  const { kubectl, audit } = testCluster();
  const requests = { userAgent: operatorAgent, withoutLeases: true, withoutWatches: true };
  await kubectl(["create", "namespace", namespace]);
  try {
    await kubectl(["create", "-f", "-"], JSON.stringify(server));
    const ready = ["wait", "--for=condition=Ready", "dittoserver/idle", "--timeout=180s"];
    await kubectl([...ready, `--namespace=${namespace}`]);
    // The last write of the last reconcile is under way when Ready is seen.
    await audit.waitForQuiet(requests, { quietFor: 3000, within: 60_000 });
    const from = Date.now();
    await pause(60_000);
    const sent = await audit.requests({ ...requests, from });
    assert.equal(sent.length, 0, describe(sent));
    const all = await audit.requests({ userAgent: operatorAgent });
    assert.ok(all.length > 0, "the audit log must know the operator at all");
  } finally {
    await kubectl(["delete", "namespace", namespace, "--wait=false"]);
  }
});
