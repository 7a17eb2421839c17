// Probes say what they promise, and nothing about the API server [rule 17].

import assert from "node:assert/strict";
import { serveHealth, serveMetrics } from "./health.ts";

/** A port that nobody listens on at the moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function ask(port: number, path: string): Promise<[status: number, text: string]> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return [response.status, await response.text()];
}

Deno.test("serveHealth() [rule 17] is alive at once, and ready when everything is synchronised", async () => {
  const ended = new AbortController();
  const options = { hostname: "127.0.0.1", port: freePort(), signal: ended.signal };
  let synced = false;
  const serving = serveHealth(options, () => synced);
  assert.deepEqual(await ask(options.port, "/healthz"), [200, "ok\n"]);
  const [status, text] = await ask(options.port, "/readyz");
  assert.equal(status, 503);
  assert.match(text, /not all watches have synchronised/);
  synced = true;
  assert.deepEqual(await ask(options.port, "/readyz"), [200, "ok\n"]);
  assert.equal((await ask(options.port, "/metrics"))[0], 404);
  ended.abort();
  await serving;
});

Deno.test("serveMetrics() serves the exposition with its content type", async () => {
  const ended = new AbortController();
  const options = { hostname: "127.0.0.1", port: freePort(), signal: ended.signal };
  const metrics = {
    contentType: "text/plain; version=0.0.4",
    text: () => Promise.resolve("up 1\n"),
  };
  const serving = serveMetrics(options, metrics);
  const response = await fetch(`http://127.0.0.1:${options.port}/metrics`);
  assert.equal(response.headers.get("content-type"), metrics.contentType);
  assert.equal(await response.text(), "up 1\n");
  ended.abort();
  await serving;
});
