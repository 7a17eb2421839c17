// The contract with the real server: its own TLS, and certificates of its clients.

import assert from "node:assert/strict";
import { DittofsClient } from "../../dittofs/client.ts";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import { FetchHttp } from "../../dittofs/fetch_http.ts";
import type { TlsFiles } from "../../dittofs/http.ts";
import { systemClock } from "../../kube/clock.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { run } from "../harness/command.ts";
import { Contract } from "./_contract.ts";
import { SECRET } from "./_dfs.ts";

/** One look at the server's health; or why there was none. */
async function look(baseUrl: string, tls: TlsFiles): Promise<string> {
  const http = new FetchHttp(tls);
  try {
    const { status } = await new DittofsClient({ baseUrl, clock: systemClock, http }).health.live();
    return status;
  } catch (error) {
    if (error instanceof ServerUnreachableError) return `${error.kind}: ${error.message}`;
    throw error;
  } finally {
    http.close();
  }
}

Deno.test("TLS: the server is trusted with its authority, and with no other", async () => {
  const controlPlane = { certSecretName: "tls" };
  await using contract = await Contract.start({ controlPlane }, { ca });
  const { baseUrl } = contract;
  assert.equal(await look(baseUrl, { ca }), "healthy");
  assert.match(await look(baseUrl, {}), /^tls: .*does not answer \(.*certificate/);
  const name = baseUrl.replace("127.0.0.1", "localhost");
  assert.equal(await look(name, { ca }), "healthy", "the name is in the certificate too");
  const plain = baseUrl.replace("https", "http");
  await assert.rejects(look(plain, { ca }), /400 Client sent an HTTP request to an HTTPS server/);
});

Deno.test("TLS: with a client CA only those with a certificate come in, under the operator's permissions", async () => {
  const controlPlane = { certSecretName: "tls", clientCASecretName: "client-ca" };
  await using contract = await Contract.start({ controlPlane }, { ca, cert, key });
  const { baseUrl } = contract;
  assert.equal(await look(baseUrl, { ca, cert, key }), "healthy");
  assert.match(await look(baseUrl, { ca }), /^(tls|reset): /);
  const task = JSON.stringify({ baseUrl, password: SECRET, tls: { ca, cert, key } });
  const program = new URL("_fenced_client.ts", import.meta.url).pathname;
  const fence = ["--no-prompt", "--no-check", `--allow-net=${new URL(baseUrl).host}`];
  const said = await run(Deno.execPath(), ["run", ...fence, program, task], { timeout: 60_000 });
  assert.equal(said, "admin\n");
});

Deno.test("DNS: a name that nobody has is told apart from a server that is down", async () => {
  assert.match(await look("http://no-such-name.invalid:8080", {}), /^dns: no-such-name\.invalid/);
});
