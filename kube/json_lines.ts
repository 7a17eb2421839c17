// Bytes to parsed JSON lines.
//
// A line may be cut anywhere by the network, also inside a multi-byte character, and may be
// megabytes long. A line that does not parse is an error of the whole stream, never skipped:
// a skipped event is a change that nobody ever sees.

import { ProtocolError } from "./errors.ts";

/** Splits a byte stream into lines and parses each as JSON. Blank lines are ignored. */
export class JsonLines extends TransformStream<Uint8Array, unknown> {
  constructor() {
    const splitter = new LineSplitter();
    super({
      transform(chunk, controller) {
        for (const value of splitter.push(chunk)) controller.enqueue(value);
      },
      flush() {
        splitter.end();
      },
    });
  }
}

/** The same without a stream: push chunks, take the values of the lines that they complete. */
export class LineSplitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #parts: string[] = [];

  /**
   * The values of all lines that this chunk completes, in order. Each line is parsed when its value
   * is asked for: one that does not parse takes nothing from those before it.
   */
  *push(chunk: Uint8Array): Generator<unknown, void> {
    const text = this.#decode(chunk);
    let start = 0;
    for (let end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
      const line = this.#complete(text.slice(start, end));
      if (line.trim() !== "") yield parseLine(line);
    }
    if (start < text.length) this.#parts.push(text.slice(start));
  }

  /** Declares the stream over; throws if it ended within a line. */
  end(): void {
    this.#decode();
    const rest = this.#parts.join("").trim();
    if (rest !== "") throw new ProtocolError(`the stream ended within a line: ${excerpt(rest)}`);
  }

  /** The line that ends so. Most begin and end in one chunk. */
  #complete(end: string): string {
    if (this.#parts.length === 0) return end;
    const line = [...this.#parts, end].join("");
    this.#parts = [];
    return line;
  }

  #decode(chunk?: Uint8Array): string {
    try {
      return chunk ? this.#decoder.decode(chunk, { stream: true }) : this.#decoder.decode();
    } catch (cause) {
      throw new ProtocolError("the stream is not valid UTF-8", { cause });
    }
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ProtocolError(`a line of the stream is not JSON: ${excerpt(line)}`, { cause });
  }
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
