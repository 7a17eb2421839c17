// A program that reconciles once: one request to a server of its own. Run by tracing_test.ts.

import { staticIdentity } from "../identity.ts";
import { traced } from "../tracing.ts";
import { Transport } from "../transport.ts";

const hostname = "127.0.0.1";

if (import.meta.main) {
  await using server = Deno.serve(
    { hostname, port: 0, onListen: () => {} },
    () => Response.json({ kind: "Status", status: "Success" }),
  );
  using transport = new Transport({
    server: `http://${hostname}:${server.addr.port}`,
    identity: staticIdentity({}),
    source: "a test",
  }, "test/1");
  await traced(
    "reconcile thing",
    "default/a",
    () => transport.performRequest({ method: "GET", path: "/readyz", expectJson: true }),
  );
}
