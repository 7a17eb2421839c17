// Byte streams in the hands of a test: one to feed by hand, and one to pass another through.

const encoder = new TextEncoder();

/** How a {@link ByteFeed} behaves. */
export interface ByteFeedOptions {
  /** Like a dead connection: cancelling it has no effect and never comes to an end. */
  readonly stubborn?: boolean;
  /** Its reader may bring a buffer, as for the body of an answer. @default true */
  readonly bytes?: boolean;
}

/** A stream that gives what a test puts in, when the test puts it in. */
export class ByteFeed {
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableByteStreamController | ReadableStreamDefaultController | undefined;
  #cancelled = false;

  constructor({ stubborn = false, bytes = true }: ByteFeedOptions = {}) {
    const source = {
      start: (controller: ReadableByteStreamController | ReadableStreamDefaultController) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.#cancelled = true;
        return stubborn ? new Promise<void>(() => {}) : undefined;
      },
    };
    this.stream = new ReadableStream(bytes ? { ...source, type: "bytes" } : source);
  }

  /** Whether the reader has given the stream up. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Puts bytes in. Does nothing after the reader has gone, as a socket would not either. */
  bytes(chunk: Uint8Array): this {
    // A stream of bytes takes the buffer of a chunk away, and wants no empty ones.
    if (!this.#cancelled && chunk.length > 0) this.#controller?.enqueue(chunk.slice());
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
    if (this.#cancelled) return this;
    this.#controller?.close();
    // A reader that waits with a buffer of its own gets it back.
    if (this.#controller instanceof ReadableByteStreamController) {
      this.#controller.byobRequest?.respond(0);
    }
    return this;
  }

  /** The connection broke. */
  fail(error: unknown): this {
    this.#controller?.error(error);
    return this;
  }
}

/** What becomes of a chunk on its way. */
export interface Passed<C> {
  /** What to pass on of it. */
  readonly chunk?: C;
  /** The stream ends behind it: as if it were complete, or broken by this error. */
  readonly end?: "complete" | Error;
}

/** What {@link relay} does besides passing chunks on. */
export interface Relay<C> {
  /** May take its time. @default passes each chunk on as it is */
  readonly pass?: (chunk: C) => Passed<C> | Promise<Passed<C>>;
  /** Ends the stream at any time: as if complete when it resolves, broken when it rejects. */
  readonly until?: Promise<void>;
  /** Called once when the stream has ended, whoever ended it. */
  readonly onClose?: () => void;
}

/** Passes a stream through, reading only when the reader of the result does. */
export function relay<C>(source: ReadableStream<C>, options: Relay<C>): ReadableStream<C> {
  const { pass = (chunk: C): Passed<C> => ({ chunk }), until, onClose } = options;
  const reader = source.getReader();
  let open = true;
  const close = (end: () => void) => {
    if (!open) return;
    open = false;
    end();
    // Whether the far end takes note is its own affair (see `stubborn`).
    reader.cancel().catch(() => {});
    onClose?.();
  };
  return new ReadableStream<C>({
    start(controller) {
      until?.then(
        () => close(() => controller.close()),
        (error) => close(() => controller.error(error)),
      );
    },
    async pull(controller) {
      while (open) {
        const { done, value } = await reader.read();
        if (done) return close(() => controller.close());
        const { chunk, end } = await pass(value);
        if (!open) return;
        if (chunk !== undefined) controller.enqueue(chunk);
        if (end === "complete") return close(() => controller.close());
        if (end !== undefined) return close(() => controller.error(end));
        if (chunk !== undefined) return;
      }
    },
    cancel: () => close(() => {}),
  }, { highWaterMark: 0 });
}
