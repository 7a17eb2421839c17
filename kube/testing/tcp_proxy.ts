// A TCP proxy on loopback that can go dead in the ways in which networks do.
//
// The bytes pass untouched, so TLS goes through it. `pause` makes every connection half-open:
// both sides believe in it, what they send is taken and lost, and nobody ever hears an end. A
// connection that has lived through a pause stays dead for good, as behind a firewall that has
// forgotten it; connections made after `resume` work.

/** Where the real server listens. */
export interface Target {
  readonly hostname: string;
  readonly port: number;
}

/** A listening proxy. */
export class TcpProxy implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: Target;
  readonly #links = new Set<Link>();
  readonly #accepting: Promise<void>;
  #paused = false;

  private constructor(listener: Deno.TcpListener, target: Target) {
    this.#listener = listener;
    this.#target = target;
    this.#accepting = this.#accept();
  }

  /** Listens on a free port of 127.0.0.1. */
  static listen(target: Target): TcpProxy {
    return new TcpProxy(Deno.listen({ hostname: "127.0.0.1", port: 0 }), target);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Connections that are open, dead ones included. */
  get connections(): number {
    return this.#links.size;
  }

  /** From now on nothing passes, and nothing says so. */
  pause(): void {
    this.#paused = true;
    for (const link of this.#links) link.kill();
  }

  /** New connections work again. */
  resume(): void {
    this.#paused = false;
  }

  /** Closes all connections, dead ones included. */
  cut(): void {
    for (const link of this.#links) link.close();
  }

  /** Closes everything and waits until nothing is left of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#accepting;
  }

  async #accept(): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const near of this.#listener) {
      const link = new Link(near, this.#paused);
      this.#links.add(link);
      const run = link.run(this.#target).finally(() => {
        this.#links.delete(link);
        running.delete(run);
      });
      running.add(run);
    }
    await Promise.all(running);
  }
}

/** One connection through the proxy. */
class Link {
  readonly #near: Deno.TcpConn;
  #far: Deno.TcpConn | undefined;
  #dead: boolean;
  #closed = false;

  constructor(near: Deno.TcpConn, dead: boolean) {
    this.#near = near;
    this.#dead = dead;
  }

  kill(): void {
    this.#dead = true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#near.close();
    this.#far?.close();
  }

  async run(target: Target): Promise<void> {
    try {
      // A dead link needs no server, and must not wait for one.
      if (this.#dead) return await this.#pump(this.#near, undefined);
      const far = await Deno.connect({ ...target, transport: "tcp" });
      if (this.#closed) return far.close();
      this.#far = far;
      await Promise.all([this.#pump(this.#near, far), this.#pump(far, this.#near)]);
    } catch (error) {
      if (!isEnd(error)) throw error;
    } finally {
      this.close();
    }
  }

  async #pump(from: Deno.TcpConn, to: Deno.TcpConn | undefined): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let length; (length = await from.read(buffer)) !== null;) {
        for (let at = 0; to && !this.#dead && at < length;) {
          at += await to.write(buffer.subarray(at, length));
        }
      }
    } catch (error) {
      if (!isEnd(error)) throw error;
    }
    // The end of one side is the end of the link; but a dead link keeps even that to itself.
    if (!this.#dead) this.close();
  }
}

/** Whether an error only says that a connection or the server behind it is not there. */
function isEnd(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.NotConnected;
}
