// The proxy against a real echo server on loopback.

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { TcpProxy } from "./tcp_proxy.ts";

/** A server that sends back what it gets, and the proxy in front of it. */
async function withEcho(test: (proxy: TcpProxy) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const echoes: Promise<void>[] = [];
  const serving = (async () => {
    for await (const conn of listener) {
      echoes.push(conn.readable.pipeTo(conn.writable).catch(() => {}));
    }
    await Promise.all(echoes);
  })();
  {
    await using proxy = TcpProxy.listen({ hostname: "127.0.0.1", port: listener.addr.port });
    await test(proxy);
  }
  listener.close();
  await serving;
}

const dial = (proxy: TcpProxy) => Deno.connect({ hostname: "127.0.0.1", port: proxy.port });

async function echo(conn: Deno.TcpConn, text: string): Promise<string> {
  await conn.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(100);
  const length = await conn.read(buffer);
  return length === null ? "end" : new TextDecoder().decode(buffer.subarray(0, length));
}

/** Waits for a condition that the event loop brings about. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) assert.fail("the condition did not come true within 5 s");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

Deno.test("TcpProxy passes bytes both ways", async () => {
  await withEcho(async (proxy) => {
    using conn = await dial(proxy);
    assert.equal(await echo(conn, "hello"), "hello");
    assert.equal(await echo(conn, "again"), "again");
  });
});

Deno.test("TcpProxy.pause() leaves connections open and silent, for good", async () => {
  await withEcho(async (proxy) => {
    using old = await dial(proxy);
    assert.equal(await echo(old, "before"), "before");
    proxy.pause();
    using born = await dial(proxy);
    const answers = Promise.race([echo(old, "lost"), echo(born, "lost too")]);
    let heard = false;
    answers.then(() => (heard = true), () => (heard = true));

    await until(() => proxy.connections === 2);
    proxy.resume();
    using conn = await dial(proxy);
    // Whatever the dead ones had to say would have come before this.
    assert.equal(await echo(conn, "after"), "after");
    assert.equal(heard, false);
    assert.equal(proxy.connections, 3);
    proxy.cut();
    assert.equal(await answers, "end");
  });
});

Deno.test("TcpProxy.cut() closes all connections and accepts new ones", async () => {
  await withEcho(async (proxy) => {
    using conn = await dial(proxy);
    assert.equal(await echo(conn, "hello"), "hello");
    proxy.cut();
    const end = await conn.read(new Uint8Array(1)).catch(() => null);
    assert.equal(end, null);
    using next = await dial(proxy);
    assert.equal(await echo(next, "hello"), "hello");
  });
});

Deno.test("TcpProxy closes the link when the server is not there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using proxy = TcpProxy.listen({ hostname: "127.0.0.1", port });
  using conn = await dial(proxy);
  assert.equal(await conn.read(new Uint8Array(1)).catch(() => null), null);
});
