// A bound on the silence of one connection.
//
// It stands outside of the stream that it bounds: no read, no cancellation and no abort of that
// stream is trusted to come to an end by itself.

import type { Chunks } from "./chunks.ts";
import type { Clock } from "./clock.ts";
import { ConnectionError } from "./errors.ts";

/**
 * When it passes, or `outer` aborts, the request is aborted by {@link Deadline.signal} and the
 * reader is cancelled, which ends a pending read whatever its source does.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #onOuter = () => this.#end(this.outer.reason);
  #read: Pick<Chunks, "cancel"> | undefined;
  #timer: Disposable;
  #heardAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly ms: number,
    private readonly outer: AbortSignal,
    private readonly message: string,
  ) {
    this.#heardAt = clock.now();
    this.#timer = this.#arm(ms);
    outer.addEventListener("abort", this.#onOuter);
    if (outer.aborted) this.#onOuter();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancels(read: Pick<Chunks, "cancel">): void {
    this.#read = read;
  }

  throwIfOver(): void {
    this.signal.throwIfAborted();
  }

  /** Something was heard. A busy stream says so a thousand times a second. */
  rearm(): void {
    this.#heardAt = this.clock.now();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.outer.removeEventListener("abort", this.#onOuter);
    this.#controller.abort();
  }

  #arm(ms: number): Disposable {
    return this.clock.timer(ms, () => {
      const silence = this.clock.now() - this.#heardAt;
      // A clock that was set back says nothing about the silence.
      const isOver = silence >= this.ms || silence < 0;
      if (isOver) this.#end(new ConnectionError(this.message));
      else this.#timer = this.#arm(this.ms - silence);
    });
  }

  #end(reason: unknown): void {
    this.#controller.abort(reason);
    this.#read?.cancel().catch(() => {});
  }
}
