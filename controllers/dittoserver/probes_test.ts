import assert from "node:assert/strict";
import { testServer } from "./_fixture.ts";
import { probes } from "./probes.ts";

const all = (spec: Parameters<typeof testServer>[0]) =>
  Object.values(probes(testServer(spec).spec));

Deno.test("probes() ask over HTTP, and over HTTPS once the server speaks it", () => {
  const asked = (spec: Parameters<typeof testServer>[0]) =>
    all(spec).map(({ httpGet }) => `${httpGet?.scheme} ${httpGet?.port}${httpGet?.path}`);
  assert.deepEqual(asked({}), [
    "HTTP api/health",
    "HTTP api/health",
    "HTTP api/health/ready",
  ]);
  assert.deepEqual(asked({ controlPlane: { certSecretName: "tls" } }), [
    "HTTPS api/health",
    "HTTPS api/health",
    "HTTPS api/health/ready",
  ]);
});

Deno.test("probes() only connect where the server asks for a certificate that no kubelet has (W07)", () => {
  const mutual = { certSecretName: "tls", clientCASecretName: "ca" };
  for (const { httpGet, tcpSocket } of all({ controlPlane: mutual })) {
    assert.deepEqual([httpGet, tcpSocket], [undefined, { port: "api" }]);
  }
});

Deno.test("probes() stay on HTTP where a mesh does the encryption", () => {
  assert.ok(
    all({ controlPlane: { tls: true } }).every(({ httpGet }) => httpGet?.scheme === "HTTP"),
  );
});

Deno.test("probes() give the server exactly its startup time, looking each second", () => {
  const { startupProbe } = probes(testServer({ startupTimeout: "24h" }).spec);
  assert.equal(startupProbe.periodSeconds, 1);
  assert.equal(startupProbe.failureThreshold, 86_400);
});
