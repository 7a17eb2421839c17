// Faults of time: a watch that lags behind the others, and a view of the past.

import { relay } from "./byte_feed.ts";
import type { Fault, SeenRequest } from "./fault_client.ts";

/** Lets pass, or holds. Begins open. */
export class Gate {
  #opened: PromiseWithResolvers<void> | undefined;

  /** Resolves as soon as the gate is open. */
  get passage(): Promise<void> {
    return this.#opened?.promise ?? Promise.resolve();
  }

  close(): void {
    this.#opened ??= Promise.withResolvers();
  }

  /** Lets everything pass that waits, in its order. */
  open(): void {
    this.#opened?.resolve();
    this.#opened = undefined;
  }
}

/**
 * What a request is answered with waits while the gate is closed; of a watch, each event.
 * Strike a watch with this from its beginning, and close the gate when it is to lag.
 */
export const hold = (gate: Gate): Fault => async ({ forward }) => {
  const answer = await forward();
  if (answer instanceof ReadableStream) {
    return relay(answer, {
      pass: async (chunk) => {
        await gate.passage;
        return { chunk };
      },
    });
  }
  await gate.passage;
  return answer;
};

/** Lists and watches as they were answered once, to be answered the same way again. */
export class Recording {
  readonly #answers = new Map<string, unknown>();
  readonly #streams = new Map<string, Uint8Array[]>();

  /** Keeps what a list or watch is answered with; of the same request, the latest. */
  readonly record: Fault = async ({ request, forward }) => {
    const answer = await forward();
    if (!(answer instanceof ReadableStream)) {
      this.#answers.set(nameOf(request), answer);
      return answer;
    }
    const chunks: Uint8Array[] = [];
    this.#streams.set(nameOf(request), chunks);
    return relay<Uint8Array>(answer, {
      pass: (chunk) => {
        chunks.push(chunk);
        return { chunk };
      },
    });
  };

  /**
   * Answers as it was then. A watch tells its old events and then nothing, like an API server
   * that no longer hears of changes, until it is ended from outside. What was not recorded is
   * an error.
   */
  readonly replay: Fault = ({ request }) => {
    const name = nameOf(request);
    const chunks = this.#streams.get(name);
    if (chunks) return Promise.resolve(past(chunks, request.options.abortSignal));
    if (this.#answers.has(name)) return Promise.resolve(structuredClone(this.#answers.get(name)));
    return Promise.reject(new TypeError(`there is no recording of ${name}`));
  };
}

function nameOf({ isWatch, method, path, query }: SeenRequest): string {
  const page = query.get("continue");
  return `${isWatch ? "WATCH" : method} ${path}${page ? ` page ${page}` : ""}`;
}

function past(chunks: readonly Uint8Array[], signal?: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk.slice());
      signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
  });
}
