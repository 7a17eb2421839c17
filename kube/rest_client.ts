// The transport seam: how everything in kube/ talks to an API server.
//
// The contract is that of `RestClient` in @cloudydeno/kubernetes-client, the client library of
// the Deno world, so that any of its clients can be passed in place of our own transport.
// Its shape decides the rest: response headers do not cross the seam, and a failure may arrive
// in three ways (see errors.ts).

/** One request. Exactly one of the three bodies may be set. */
export interface RequestOptions {
  method: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "OPTIONS" | "HEAD";
  /** Absolute path, without the query. */
  path: string;
  querystring?: URLSearchParams;
  abortSignal?: AbortSignal;
  /** Content type of the body; `application/json` for `bodyJson` unless set. */
  contentType?: string;
  bodyRaw?: Uint8Array;
  /** Any JSON value. */
  bodyJson?: unknown;
  bodyStream?: ReadableStream<Uint8Array>;
  accept?: string;
  /** The answer is a stream: of bytes, or with `expectJson` of parsed JSON lines. */
  expectStream?: boolean;
  expectJson?: boolean;
  expectTunnel?: string[];
}

/**
 * Performs requests against one API server.
 *
 * What the promise resolves to depends on the options: a `Uint8Array`; parsed JSON with
 * `expectJson`; a `ReadableStream` of bytes with `expectStream`; a `ReadableStream` of parsed
 * JSON lines with both. It rejects with an error that carries `httpCode` and `status`.
 */
export interface RestClient {
  performRequest(options: RequestOptions): Promise<unknown>;
  /** The namespace of the credentials in use, when they name one. */
  defaultNamespace?: string;
}
