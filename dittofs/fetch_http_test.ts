// Deno's HTTP client against servers on loopback that answer, refuse, break off or keep silent.
// TLS is looked at with the real server: e2e/integration/dittofs_contract_tls_test.ts.

import assert from "node:assert/strict";
import { ServerUnreachableError } from "./errors.ts";
import { FetchHttp } from "./fetch_http.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";

/** A request that nobody gives up. */
function get(port: number, more: Partial<HttpRequest> = {}): HttpRequest {
  const url = `http://127.0.0.1:${port}/path?query=1`;
  return { headers: {}, method: "GET", signal: new AbortController().signal, url, ...more };
}

/** What comes of one request to a server that does `serve` with each connection. */
async function sendTo(
  serve: (connection: Deno.TcpConn) => Promise<void>,
  request: (port: number) => HttpRequest = get,
): Promise<HttpAnswer> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const http = new FetchHttp();
  const served = listener.accept().then(async (connection) => {
    try {
      await serve(connection);
    } finally {
      connection.close();
    }
  });
  try {
    return await http.send(request(listener.addr.port));
  } finally {
    http.close();
    await served;
    listener.close();
  }
}

async function heard(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, length ?? 0));
}

async function says(connection: Deno.TcpConn, text: string): Promise<void> {
  await connection.write(new TextEncoder().encode(text));
}

async function unreachable(promise: Promise<unknown>): Promise<ServerUnreachableError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof ServerUnreachableError) return error;
  assert.fail(`failed with ${error}`);
}

Deno.test("FetchHttp sends method, path, headers and body, and gives the whole answer", async () => {
  let request = "";
  const answer = await sendTo(
    async (connection) => {
      request = await heard(connection);
      await says(
        connection,
        "HTTP/1.1 422 Unprocessable\r\nX-Thing: yes\r\nContent-Length: 2\r\n\r\n{}",
      );
    },
    (port) => get(port, { body: '{"a":1}', headers: { "x-mine": "1" }, method: "PATCH" }),
  );
  assert.match(request, /^PATCH \/path\?query=1 HTTP\/1\.1\r\n/);
  assert.match(request, /\r\nx-mine: 1\r\n/);
  assert.match(request, /\r\n\r\n\{"a":1\}$/);
  assert.deepEqual([answer.status, answer.text], [422, "{}"]);
  assert.equal(answer.headers.get("x-thing"), "yes");
});

Deno.test("FetchHttp does not follow a redirect", async () => {
  const answer = await sendTo(async (connection) => {
    await heard(connection);
    const location = "Location: http://127.0.0.1:1/elsewhere";
    await says(connection, `HTTP/1.1 307 Moved\r\n${location}\r\nContent-Length: 0\r\n\r\n`);
  });
  assert.equal(answer.status, 307);
});

Deno.test("FetchHttp calls a port where nobody listens refused, without the path", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const http = new FetchHttp();
  const error = await unreachable(http.send(get(port)));
  http.close();
  assert.equal(error.kind, "refused");
  assert.match(error.message, new RegExp(`^127\\.0\\.0\\.1:${port} does not answer \\(.*refused`));
  assert.doesNotMatch(error.message, /path|query/);
});

Deno.test("FetchHttp calls a connection that ends before or within the answer reset", async () => {
  for (const part of ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"]) {
    const error = await unreachable(sendTo(async (connection) => {
      await heard(connection);
      await says(connection, part);
    }));
    assert.equal(error.kind, "reset", part);
    assert.match(error.message, /^127\.0\.0\.1:\d+ does not answer \((client )?error /);
  }
});

Deno.test("FetchHttp calls a server that does not speak TLS a matter of tls", async () => {
  const error = await unreachable(sendTo(
    async (connection) => {
      await heard(connection);
      await says(connection, "HTTP/1.1 400 Bad Request\r\n\r\nno TLS here");
    },
    (port) => get(port, { url: `https://127.0.0.1:${port}/` }),
  ));
  assert.equal(error.kind, "tls");
});

Deno.test("FetchHttp explains that a port of another protocol is never asked", async () => {
  const http = new FetchHttp();
  const error = await unreachable(http.send(get(2049)));
  http.close();
  assert.deepEqual([error.kind, error.errorClass], ["port", "transient"]);
  assert.match(error.message, /^127\.0\.0\.1:2049 is never asked: port 2049 belongs to another/);
  assert.match(error.message, /let the server take another/);
});

Deno.test("FetchHttp ends with the request's signal, before and within the answer", async () => {
  for (const part of ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"]) {
    const controller = new AbortController();
    const reason = new RangeError("stopped");
    const sent = sendTo(
      async (connection) => {
        await heard(connection);
        await says(connection, part);
        controller.abort(reason);
        // The other side hangs up.
        assert.equal(await heard(connection).catch(() => ""), "");
      },
      (port) => get(port, { signal: controller.signal }),
    );
    assert.equal(await sent.then(() => undefined, (error: unknown) => error), reason);
  }
});

for (const [connection, expected] of [["keep-alive", 1], ["close", 2]] as const) {
  Deno.test(`FetchHttp sends two requests on ${expected} connection(s) with connection: ${connection}`, async () => {
    const ports = new Set<string>();
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (_, from) => {
      ports.add(String(from.remoteAddr.port));
      return new Response("404 page not found", { status: 404 });
    });
    const http = new FetchHttp();
    try {
      for (const _ of [1, 2]) await http.send(get(server.addr.port, { headers: { connection } }));
      assert.equal(ports.size, expected);
    } finally {
      http.close();
      await server.shutdown();
    }
  });
}
