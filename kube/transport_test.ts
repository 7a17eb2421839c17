// Our RestClient against a real HTTP server on loopback.

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ClusterAccess } from "./cluster_access.ts";
import { ApiError, ConnectionError, ProtocolError } from "./errors.ts";
import { type IdentitySource, staticIdentity } from "./identity.ts";
import type { RequestOptions } from "./rest_client.ts";
import { failure } from "./testing/statuses.ts";
import { ca, cert, key } from "./testing/localhost_certificate.ts";
import { Transport } from "./transport.ts";

type Handler = (request: Request) => Response | Promise<Response>;

const get = (path: string, more: Partial<RequestOptions> = {}): RequestOptions => ({
  ...{ method: "GET", path, expectJson: true },
  ...more,
});

/** A server that answers with `handler`, and a transport to it. */
async function withServer(
  handler: Handler,
  test: (transport: Transport) => Promise<void>,
  access: Partial<ClusterAccess> = {},
): Promise<void> {
  const ended = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: ended.signal, onListen: () => {} },
    handler,
  );
  try {
    using transport = new Transport({
      server: `http://127.0.0.1:${server.addr.port}`,
      identity: staticIdentity({ token: "mine" }),
      source: "a test",
      ...access,
    }, "program/1.2.3");
    await test(transport);
  } finally {
    ended.abort();
    await server.finished;
  }
}

/** A rejected promise's error. */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("it did not fail");
}

Deno.test("Transport sends path, query, credentials, user agent and body as the contract says", async () => {
  await withServer(async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const names = ["authorization", "user-agent", "accept", "content-type"];
    return Response.json({
      ...{ method, pathname, search, body: await request.text() },
      headers: names.map((name) => headers.get(name)),
    });
  }, async (transport) => {
    const querystring = new URLSearchParams({ fieldManager: "x y" });
    const body = { method: "PATCH", path: "/a/b", querystring, expectJson: true } as const;
    const contentType = "application/apply-patch+yaml";
    const own = ["Bearer mine", "program/1.2.3", "application/json"];
    assert.deepEqual(await transport.performRequest({ ...body, bodyJson: { x: 1 }, contentType }), {
      ...{ method: "PATCH", pathname: "/a/b", search: "?fieldManager=x+y", body: '{"x":1}' },
      headers: [...own, contentType],
    });
    const bodyRaw = new TextEncoder().encode("raw");
    const raw = await transport.performRequest({ ...body, bodyRaw, accept: "text/x" });
    assert.deepEqual(raw, {
      ...{ method: "PATCH", pathname: "/a/b", search: "?fieldManager=x+y", body: "raw" },
      headers: ["Bearer mine", "program/1.2.3", "text/x", null],
    });
  });
});

Deno.test("Transport answers in the four shapes of the contract", async () => {
  await withServer(() => new Response('{"a":1}\n'), async (transport) => {
    assert.deepEqual(await transport.performRequest(get("/")), { a: 1 });
    const bytes = await transport.performRequest({ method: "GET", path: "/" });
    assert.deepEqual(bytes, new TextEncoder().encode('{"a":1}\n'));
    const stream = await transport.performRequest(
      get("/", { expectStream: true, expectJson: false }),
    );
    assert.ok(stream instanceof ReadableStream);
    assert.equal(await new Response(stream).text(), '{"a":1}\n');
    const lines = await transport.performRequest(get("/", { expectStream: true }));
    assert.ok(lines instanceof ReadableStream);
    assert.deepEqual(await Array.fromAsync(lines), [{ a: 1 }]);
  });
});

Deno.test("Transport rejects with status, reason, message and Retry-After of the API", async () => {
  const headers = { "retry-after": "7" };
  await withServer(
    () => Response.json(failure(429), { status: 429, headers }),
    async (transport) => {
      const error = await errorOf(transport.performRequest(get("/")));
      assert.ok(error instanceof ApiError);
      assert.deepEqual(
        [error.httpCode, error.reason, error.retryAfterSeconds, error.message],
        [429, "TooManyRequests", 7, failure(429).message],
      );
    },
  );
});

Deno.test("Transport rejects with the code of an answer that is no Status", async () => {
  const answers: [Response, number, string][] = [
    [new Response("upstream is down\n", { status: 502 }), 502, "upstream is down"],
    [new Response(null, { status: 503, statusText: "Service Unavailable" }), 503, "HTTP 503 "],
    [Response.redirect("https://elsewhere.example/login"), 302, "HTTP 302 "],
  ];
  for (const [answer, code, message] of answers) {
    await withServer(() => answer, async (transport) => {
      const error = await errorOf(transport.performRequest(get("/")));
      assert.ok(error instanceof ApiError);
      assert.equal(error.httpCode, code);
      assert.ok(error.message.startsWith(message), error.message);
    });
  }
});

Deno.test("Transport tells an answer that is garbled or cut short from a refusal", async () => {
  await withServer(() => new Response("<html>"), async (transport) => {
    assert.ok(await errorOf(transport.performRequest(get("/"))) instanceof ProtocolError);
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = `http://127.0.0.1:${listener.addr.port}`;
  using transport = new Transport(
    { server, identity: staticIdentity({}), source: "a test" },
    "x/1",
  );
  const answer = errorOf(transport.performRequest(get("/")));
  const conn = await listener.accept();
  await conn.read(new Uint8Array(1_000));
  await conn.write(new TextEncoder().encode('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"a":'));
  conn.close();
  listener.close();
  assert.ok(await answer instanceof ProtocolError);
});

Deno.test("Transport says which server does not answer, the same for every request", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  using transport = new Transport(
    { server, identity: staticIdentity({}), source: "a test" },
    "x/1",
  );
  const messages = new Set<string>();
  for (const path of ["/a", "/b?c=d"]) {
    const error = await errorOf(transport.performRequest(get(path)));
    assert.ok(error instanceof ConnectionError);
    messages.add(error.message);
  }
  assert.equal(messages.size, 1);
  assert.match([...messages].join(), new RegExp(`^${server} does not answer .*refused.*check`));
});

Deno.test("Transport says the same each time of connections that break off, whatever their ports", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = `http://127.0.0.1:${listener.addr.port}`;
  using transport = new Transport(
    { server, identity: staticIdentity({}), source: "a test" },
    "x/1",
  );
  for (const path of ["/a", "/b?c=d"]) {
    const failed = errorOf(transport.performRequest(get(path)));
    const conn = await listener.accept();
    await conn.read(new Uint8Array(1_000));
    conn.close();
    const error = await failed;
    assert.ok(error instanceof ConnectionError);
    assert.equal(
      error.message,
      `${server} does not answer (client error (SendRequest): connection closed before message ` +
        "completed); check the address and that the API server can be reached from here",
    );
  }
  listener.close();
});

Deno.test("Transport ends with the abort of a request, with its reason", async () => {
  await withServer(() => new Promise(() => {}), async (transport) => {
    const abort = new AbortController();
    const reason = new Error("no longer wanted");
    const answer = errorOf(transport.performRequest(get("/", { abortSignal: abort.signal })));
    abort.abort(reason);
    assert.equal(await answer, reason);
  });
});

/** Collects all garbage now. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

Deno.test("Transport ends an open stream with the abort of its request, however late", async () => {
  const start = (c: ReadableStreamDefaultController) => c.enqueue(new TextEncoder().encode("1\n"));
  await withServer(() => new Response(new ReadableStream({ start })), async (transport) => {
    for (const expectJson of [true, false]) {
      const abort = new AbortController();
      const options = get("/", { expectStream: true, expectJson, abortSignal: abort.signal });
      const stream = await transport.performRequest(options);
      assert.ok(stream instanceof ReadableStream);
      const reader = stream.getReader();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, 0));
      collectGarbage();
      const pending = errorOf(reader.read());
      const reason = new Error("no longer wanted");
      abort.abort(reason);
      assert.equal(await pending, reason);
    }
  });
});

/** Credentials that somebody replaces; the server accepts only the new ones. */
class Rotation implements IdentitySource {
  token = "old";
  renewals = 0;
  current = () => Promise.resolve({ token: this.token });
  renew = () => {
    this.renewals++;
    this.token = "new";
    return Promise.resolve({ token: this.token });
  };
}

const onlyNew: Handler = ({ headers }) =>
  headers.get("authorization") === "Bearer new"
    ? Response.json({ ok: true })
    : Response.json(failure(401), { status: 401 });

Deno.test("Transport [rule 16] renews its credentials after a 401 and loses no request", async () => {
  const identity = new Rotation();
  await withServer(onlyNew, async (transport) => {
    const answers = Array.from({ length: 10 }, () => transport.performRequest(get("/")));
    assert.deepEqual(await Promise.all(answers), Array(10).fill({ ok: true }));
  }, { identity });
});

Deno.test("Transport [rule 16] tries once again, not for ever", async () => {
  const identity = new Rotation();
  await withServer(() => Response.json(failure(401), { status: 401 }), async (transport) => {
    const error = await errorOf(transport.performRequest(get("/")));
    assert.ok(error instanceof ApiError && error.httpCode === 401);
  }, { identity });
  assert.equal(identity.renewals, 1);
});

Deno.test("Transport [rule 2] is not held up by streams, however many are open", async () => {
  // Headers are sent with the first bytes.
  const start = (c: ReadableStreamDefaultController) => c.enqueue(new TextEncoder().encode("\n"));
  const open = () => new Response(new ReadableStream({ start }));
  await withServer(
    ({ url }) => url.endsWith("/watch") ? open() : Response.json({}),
    async (transport) => {
      const watch = get("/watch", { expectStream: true, expectJson: false });
      const streams = await Promise.all(
        Array.from({ length: 50 }, () => transport.performRequest(watch)),
      );
      assert.deepEqual(await transport.performRequest(get("/")), {});
      for (const stream of streams) {
        assert.ok(stream instanceof ReadableStream);
        await stream.cancel();
      }
    },
  );
});

Deno.test("Transport [rule 2] speaks HTTP/1.1, also to a server that would rather not", async () => {
  for (const expectStream of [false, true]) {
    const alpnProtocols = ["h2", "http/1.1"];
    const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key, alpnProtocols });
    const access = { server: `https://localhost:${listener.addr.port}`, ca, source: "a test" };
    using transport = new Transport({ ...access, identity: staticIdentity({}) }, "x/1");
    const answer = errorOf(transport.performRequest(get("/", { expectStream })));
    const conn = await listener.accept();
    const { alpnProtocol } = await conn.handshake();
    assert.notEqual(alpnProtocol, "h2");
    const buffer = new Uint8Array(1_000);
    const length = await conn.read(buffer) ?? 0;
    assert.match(new TextDecoder().decode(buffer.subarray(0, length)), /^GET \/ HTTP\/1\.1\r\n/);
    conn.close();
    listener.close();
    assert.ok(await answer instanceof ConnectionError);
  }
});
