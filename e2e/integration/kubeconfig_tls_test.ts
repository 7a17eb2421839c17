// Kubeconfigs whose server has another name in its certificate, or one that is not to be checked:
// the runtime's own HTTP client can do neither.

import assert from "node:assert/strict";
import * as z from "zod";
import { systemClock } from "../../kube/clock.ts";
import { connect } from "../../kube/connect.ts";
import { UnreachableError } from "../../kube/errors.ts";
import { Transport } from "../../kube/transport.ts";
import { type TestPlane, testPlane } from "./_plane.ts";

let ground: TestPlane;
Deno.test.beforeAll(async () => {
  ground = await testPlane({ controllerManager: false });
});
Deno.test.afterAll(async () => await ground[Symbol.asyncDispose]());

const config = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.string() }) })]),
});
const CA = "certificate-authority-data";

/** A client by the plane's kubeconfig with other settings of its cluster. */
async function clientWith(settings: Readonly<Record<string, unknown>>): Promise<Transport> {
  const text = await Deno.readTextFile(ground.plane.kubeconfig());
  const changed = config.parse(JSON.parse(text));
  Object.assign(changed.clusters[0].cluster, settings);
  const kubeconfig = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(kubeconfig, JSON.stringify(changed));
    return new Transport(await connect({ kubeconfig }, systemClock), "test/0");
  } finally {
    await Deno.remove(kubeconfig);
  }
}

const version = { method: "GET", path: "/version", expectJson: true } as const;

for (
  const [what, settings] of [
    ["insecure-skip-tls-verify", { [CA]: undefined, "insecure-skip-tls-verify": true }],
    ["tls-server-name", { "tls-server-name": "kubernetes.default.svc" }],
  ] as const
) {
  Deno.test(`a kubeconfig with ${what} reads, writes and watches`, async () => {
    using client = await clientWith(settings);
    const name = what;
    const path = "/api/v1/namespaces/default/configmaps";
    const bodyJson = { apiVersion: "v1", kind: "ConfigMap", metadata: { name } };
    await client.performRequest({ method: "POST", path, bodyJson, expectJson: true });
    const querystring = new URLSearchParams({ watch: "true", timeoutSeconds: "1" });
    const stream = await client.performRequest({
      ...{ method: "GET", path, querystring, expectStream: true },
    });
    assert.ok(stream instanceof ReadableStream);
    assert.match(await new Response(stream).text(), new RegExp(`"ADDED".*"${name}"`));
  });
}

Deno.test("a kubeconfig with a tls-server-name that is not in the certificate is refused", async () => {
  using client = await clientWith({ "tls-server-name": "elsewhere.example" });
  const refused = (error: unknown) =>
    error instanceof UnreachableError &&
    /elsewhere.example. is not in the cert/.test(error.message);
  await assert.rejects(client.performRequest(version), refused);
});
