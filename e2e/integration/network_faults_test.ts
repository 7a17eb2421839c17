// What the runtime says of broken networks, provoked on real sockets, and what both of our clients
// make of it: the one for the API server (kube/transport.ts) and the one for DittoFS servers
// (dittofs/fetch_http.ts).
//
// The runtime puts the URL and the port of our own side before its words. Left in, each attempt
// would read differently, and be another status and another event. Neither client may import the
// other's layer, so each takes them out by itself; here both are held to the same words. A new
// version of the runtime that words something differently fails here, and not at 3 a.m.

import assert from "node:assert/strict";
import { ServerUnreachableError } from "../../dittofs/errors.ts";
import { FetchHttp } from "../../dittofs/fetch_http.ts";
import { messageOf, UnreachableError } from "../../kube/errors.ts";
import { staticIdentity } from "../../kube/identity.ts";
import { ca, cert, key } from "../../kube/testing/localhost_certificate.ts";
import { Transport } from "../../kube/transport.ts";

/** A broken server. */
interface Fault {
  /** The server's name or address; the port is a free one. */
  readonly at: string;
  /** What it does with a connection. @default nobody listens */
  readonly does?: (conn: Deno.Conn) => Promise<unknown>;
  /** It has our certificate. */
  readonly tls?: true;
  /** The certificate authority that the clients trust. @default that of the certificate */
  readonly trusts?: "nobody";
  readonly kind: ServerUnreachableError["kind"];
  /** The runtime's own words, the whole of them. */
  readonly words: string;
}

const heard = (conn: Deno.Conn) => conn.read(new Uint8Array(4_096));
const says = (text: string) => async (conn: Deno.Conn) => {
  await heard(conn);
  await conn.write(new TextEncoder().encode(text));
};
const CLOSED = "client error (SendRequest): connection closed before message completed";

const faults: Readonly<Record<string, Fault>> = {
  "nobody listens": {
    ...{ at: "http://127.0.0.1", kind: "refused" },
    words: "client error (Connect): tcp connect error: Connection refused (os error 111)",
  },
  "nobody listens for TLS": {
    ...{ at: "https://localhost", kind: "refused" },
    words: "client error (Connect): tcp connect error: Connection refused (os error 111)",
  },
  "nobody has the name": {
    ...{ at: "http://nobody.invalid", kind: "dns" },
    words:
      "client error (Connect): dns error: failed to lookup address information: Name or service not known",
  },
  "the connection ends before the answer": {
    ...{ at: "http://127.0.0.1", does: heard, kind: "reset", words: CLOSED },
  },
  "the connection ends within the headers": {
    ...{ at: "http://127.0.0.1", does: says("HTTP/1.1 200 OK\r\nx"), kind: "reset", words: CLOSED },
  },
  "the connection ends within TLS": {
    ...{ at: "https://localhost", does: heard, tls: true, kind: "reset", words: CLOSED },
  },
  "the answer is no HTTP": {
    ...{ at: "http://127.0.0.1", does: says("SSH-2.0-x\r\n\r\n"), kind: "reset" },
    words: "client error (SendRequest): invalid HTTP version parsed",
  },
  "the server speaks no TLS": {
    ...{ at: "https://localhost", does: says("HTTP/1.1 400 Bad Request\r\n\r\n"), kind: "tls" },
    words: "client error (Connect): received corrupt message of type InvalidContentType",
  },
  "the server ends the handshake": {
    ...{ at: "https://localhost", does: heard, kind: "tls" },
    words: "client error (Connect): tls handshake eof",
  },
  "the certificate is nobody's": {
    ...{ at: "https://localhost", does: heard, tls: true, trusts: "nobody", kind: "tls" },
    words: "client error (Connect): invalid peer certificate: UnknownIssuer",
  },
};

/** Two requests of each client, each on a connection of its own, and how they fail. */
async function provoke({ at, does, tls, trusts }: Fault) {
  const where = { hostname: "127.0.0.1", port: 0 };
  using listener = tls ? Deno.listenTls({ ...where, cert, key }) : Deno.listen(where);
  const { port } = listener.addr as Deno.NetAddr;
  if (!does) listener.close();
  const address = `${at}:${port}`;
  const authority = trusts === "nobody" ? {} : { ca };
  using transport = new Transport(
    { server: address, identity: staticIdentity({}), source: "a test", ...authority },
    "x/1",
  );
  const http = new FetchHttp(authority);
  const clients = [
    (path: string) => transport.performRequest({ method: "GET", path, expectJson: true }),
    (path: string) =>
      http.send({
        ...{ method: "GET", headers: {}, url: `${address}${path}` },
        signal: new AbortController().signal,
      }),
  ];
  const errors: unknown[] = [];
  for (const send of clients) {
    for (const path of ["/a", "/b?c=d"]) {
      const failed = send(path).then(() => assert.fail("it was answered"), (error) => error);
      if (does) {
        using conn = await listener.accept();
        // A handshake that our side ends is no news here.
        await does(conn).catch(() => {});
      }
      errors.push(await failed);
    }
  }
  http.close();
  return { address, errors };
}

for (const [what, fault] of Object.entries(faults)) {
  Deno.test(`both clients say the same each time when ${what}`, async () => {
    const { address, errors } = await provoke(fault);
    const { host } = new URL(address);
    const [api, apiAgain, server, serverAgain] = errors;
    assert.ok(api instanceof UnreachableError);
    assert.ok(server instanceof ServerUnreachableError);
    assert.equal(
      messageOf(api),
      `${address} does not answer (${fault.words}); ` +
        "check the address and that the API server can be reached from here",
    );
    assert.equal(server.message, `${host} does not answer (${fault.words})`);
    assert.equal(server.kind, fault.kind);
    assert.equal(messageOf(apiAgain), messageOf(api));
    assert.equal((serverAgain as Error).message, server.message);
  });
}

Deno.test("both clients say nothing of their own about a request that was given up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `http://127.0.0.1:${listener.addr.port}`;
  using transport = new Transport(
    { server: address, identity: staticIdentity({}), source: "a test" },
    "x/1",
  );
  const http = new FetchHttp();
  const reason = new Error("it took too long");
  for (const client of ["api", "server"]) {
    const { signal, abort } = givenUp(reason);
    const failed = (client === "api"
      ? transport.performRequest({ method: "GET", path: "/", abortSignal: signal })
      : http.send({ method: "GET", headers: {}, url: address, signal }))
      .then(() =>
        undefined, (error: unknown) => error);
    using _silent = await listener.accept();
    abort();
    assert.equal(await failed, reason);
  }
  http.close();
});

function givenUp(reason: Error) {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(reason) };
}
