// The seam between the client and the network: one request, one whole answer.
//
// Production passes `fetch_http.ts`; tests pass their own, to fail at will or to lead a Service's
// name to a port on loopback.

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request when it aborts. */
  readonly signal: AbortSignal;
}

/** A whole answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends requests to one server. */
export interface Http {
  /** Rejects with a `ServerUnreachableError` when no whole answer came. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes idle and open connections. */
  close(): void;
}

/** Certificates and keys as PEM texts. */
export interface TlsFiles {
  /** Authorities that may sign the server's certificate, besides the usual ones. */
  readonly ca?: string;
  /** The certificate with which the client shows who it is; goes together with `key`. */
  readonly cert?: string;
  readonly key?: string;
}
