// A stream of bytes, chunk by chunk.
//
// The runtime gives each chunk of a body a new buffer of 64 KB, however few bytes come: an event of
// 5 KB costs thirteen times its size, and a watch that is busy lets 30 MB of it lie before they are
// collected. A byte stream can read into a buffer that is given to it, time and again.

/** Enough for what a TLS connection gives at a time, in bytes. */
const BUFFER = 16 * 1024;

/** Reads chunks. */
export interface Chunks {
  /** The next chunk; undefined at the end. It is good until the next call. */
  next(): Promise<Uint8Array | undefined>;
  /** Ends a pending {@link Chunks.next}, and the stream. Rejects if that failed before. */
  cancel(): Promise<void>;
}

/** The chunks of a stream. Nobody else can read from it any more. */
export function chunksOf(stream: ReadableStream<Uint8Array>): Chunks {
  const reader = ownBufferReader(stream);
  if (reader) return new OneBuffer(reader);
  const chunks = stream.getReader();
  return { next: async () => (await chunks.read()).value, cancel: () => chunks.cancel() };
}

/** Undefined where a stream makes its chunks itself, as a transformed one does. */
function ownBufferReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

class OneBuffer implements Chunks {
  readonly #reader: ReadableStreamBYOBReader;
  #buffer = new ArrayBuffer(BUFFER);

  constructor(reader: ReadableStreamBYOBReader) {
    this.#reader = reader;
  }

  async next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#reader.read(new Uint8Array(this.#buffer));
    if (value) this.#buffer = value.buffer;
    return done ? undefined : value;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
