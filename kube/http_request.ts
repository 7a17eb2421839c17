// What the ways to send HTTP have in common.

/** One HTTP request. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
  /** The answer is read for a long time. */
  readonly streaming: boolean;
}

/** Sends requests to one server as one identity. */
export interface Http {
  send(request: HttpRequest): Promise<Response>;
  close(): void;
}
