// The few requests that the harness itself makes: is the server ready, does an object exist,
// create this role. Not the operator's client, so that a fault in that one cannot hide here.

/** One request. */
export interface PlaneRequest {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` unless told; `application/apply-patch+yaml` for server-side apply. */
  readonly contentType?: string;
  readonly userAgent?: string;
  readonly signal?: AbortSignal;
}

/** An answer, read to its end. */
export interface PlaneAnswer {
  readonly status: number;
  readonly text: string;
}

/** A refusal by the API server, or no answer at all. */
export class PlaneError extends Error {
  override name = "PlaneError";
  constructor(message: string, readonly status: number | undefined, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Speaks to one API server as one user. */
export class PlaneClient implements Disposable {
  readonly #client: Deno.HttpClient;

  constructor(readonly url: string, ca: string, private readonly token: string) {
    this.#client = Deno.createHttpClient({ caCerts: [ca], http2: false });
  }

  /** The answer, whatever its status. Throws {@link PlaneError} where there is none. */
  async send(path: string, request: PlaneRequest = {}): Promise<PlaneAnswer> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${this.token}`,
      accept: "application/json",
      "user-agent": request.userAgent ?? "dittofs-e2e-harness",
    };
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    if (body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
    const deadline = AbortSignal.timeout(30_000);
    try {
      const response = await fetch(this.url + path, {
        method: request.method ?? "GET",
        headers,
        client: this.#client,
        signal: request.signal ? AbortSignal.any([request.signal, deadline]) : deadline,
        ...(body !== undefined && { body }),
      });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      if (request.signal?.aborted) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PlaneError(`${this.url} does not answer: ${reason}`, undefined, { cause });
    }
  }

  /** The parsed body of a success. Throws {@link PlaneError} with the server's words otherwise. */
  async json(path: string, request: PlaneRequest = {}): Promise<unknown> {
    const { status, text } = await this.send(path, request);
    if (status >= 300) {
      throw new PlaneError(`${request.method ?? "GET"} ${path}: ${status} ${text}`, status);
    }
    return JSON.parse(text);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
