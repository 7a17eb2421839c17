// Byte streams in the hands of a test: one to feed by hand, and one to pass another through.

const encoder = new TextEncoder();

/** How a {@link ByteFeed} behaves. */
export interface ByteFeedOptions {
  /** Like a dead connection: cancelling it has no effect and never comes to an end. */
  readonly stubborn?: boolean;
}

/** A stream that gives what a test puts in, when the test puts it in. */
export class ByteFeed {
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #cancelled = false;

  constructor({ stubborn = false }: ByteFeedOptions = {}) {
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.#cancelled = true;
        if (stubborn) return new Promise<void>(() => {});
      },
    });
  }

  /** Whether the reader has given the stream up. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Puts bytes in. Does nothing after the reader has gone, as a socket would not either. */
  bytes(chunk: Uint8Array): this {
    if (!this.#cancelled) this.#controller?.enqueue(chunk);
    return this;
  }

  text(text: string): this {
    return this.bytes(encoder.encode(text));
  }

  /** Puts one line of JSON in for each value. */
  lines(...values: readonly unknown[]): this {
    return this.text(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  }

  /** The other side has said all. */
  end(): this {
    if (!this.#cancelled) this.#controller?.close();
    return this;
  }

  /** The connection broke. */
  fail(error: unknown): this {
    this.#controller?.error(error);
    return this;
  }
}

/** What becomes of a chunk on its way: zero or one chunk, or the end of the stream. */
export interface Relay<C> {
  /** Returns what to pass on; undefined to pass nothing on. May take its time. */
  readonly pass?: (chunk: C) => Promise<C | undefined> | C | undefined;
  /** Ends the relayed stream: at once when it resolves, broken when it rejects. */
  readonly until?: Promise<void>;
}

/** Passes a stream through, reading only when the reader of the result does. */
export function relay<C>(source: ReadableStream<C>, { pass, until }: Relay<C>): ReadableStream<C> {
  const reader = source.getReader();
  // The far end is let go; whether it hears of it is its own affair (see `stubborn`).
  const release = () => void reader.cancel().then(() => {}, () => {});
  let open = true;
  return new ReadableStream<C>({
    start(controller) {
      const close = (end: () => void) => {
        if (!open) return;
        open = false;
        end();
        release();
      };
      until?.then(
        () => close(() => controller.close()),
        (error) => close(() => controller.error(error)),
      );
    },
    async pull(controller) {
      while (open) {
        const { done, value } = await reader.read();
        if (!open) return;
        if (done) {
          open = false;
          return controller.close();
        }
        const passed = pass ? await pass(value) : value;
        if (passed === undefined || !open) continue;
        return controller.enqueue(passed);
      }
    },
    cancel() {
      open = false;
      release();
    },
  }, { highWaterMark: 0 });
}
