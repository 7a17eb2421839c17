// What can go wrong with a request, and what to do about it.
//
// A failure crosses the transport seam in three ways: as a rejection with `httpCode` and
// `status`, as an answer that is itself a `kind: Status`, or as a stream of one. All become an
// ApiError here. The class of an error decides retry, condition and metric; no caller matches
// on message texts.

/** The `Status` object with which the API server explains a failure. */
export interface Status {
  readonly kind?: string;
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** The API server refused or failed a request. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status code; 0 when the answer did not carry one. */
  readonly httpCode: number;

  constructor(readonly status: Status, httpCode?: number) {
    super(
      status.message ?? `${status.reason ?? "the API server answered"} ${httpCode ?? ""}`.trim(),
    );
    this.httpCode = httpCode ?? status.code ?? 0;
  }

  /** The machine-readable reason, such as `NotFound` or `Expired`. */
  get reason(): string | undefined {
    return this.status.reason;
  }

  /** How long the server asked to be left alone, in seconds. */
  get retryAfterSeconds(): number | undefined {
    return this.status.details?.retryAfterSeconds;
  }
}

/** The request never got an answer: refused, reset, unresolved, TLS, or past its deadline. */
export class ConnectionError extends Error {
  override readonly name: string = "ConnectionError";
}

/** The API server could not be reached at all: nobody is there, or nobody lets us in. */
export class UnreachableError extends ConnectionError {
  override readonly name = "UnreachableError";
}

/** The stream or answer was not what the API promises: unparsable, cut short, wrong shape. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/**
 * - `transient`: the same request may work later (no answer, 429, 5xx, time-outs)
 * - `conflict`: what we knew is out of date (409, 412); look again, then decide again
 * - `gone`: the version asked for is no longer kept (410); list again
 * - `notFound`: the object, its namespace or its kind does not exist (404)
 * - `forbidden`: the credentials lack a permission (403) or are not accepted (401)
 * - `invalid`: the server will never accept this content (400, 405, 406, 413, 415, 422)
 * - `bug`: not an answer of the API server at all: our own mistake
 */
export type ErrorClass =
  | "transient"
  | "conflict"
  | "gone"
  | "notFound"
  | "forbidden"
  | "invalid"
  | "bug";

/** An error that knows its own class. */
export interface Classified {
  readonly errorClass: ErrorClass;
}

/** The class of any thrown value. */
export function classify(error: unknown): ErrorClass {
  if (error instanceof ConnectionError || error instanceof ProtocolError) return "transient";
  const own = (error as Partial<Classified> | null | undefined)?.errorClass;
  if (own !== undefined) return own;
  const code = httpCodeOf(error);
  switch (code) {
    case undefined:
      return "bug";
    case 401:
    case 403:
      return "forbidden";
    case 404:
      return "notFound";
    case 409:
    case 412:
      return "conflict";
    case 410:
      return "gone";
    case 408:
    case 429:
      return "transient";
    default:
      return code >= 400 && code < 500 ? "invalid" : "transient";
  }
}

/** Turns whatever a RestClient rejected with into one of our errors, keeping the cause. */
export function fromRejection(error: unknown): Error {
  if (
    error instanceof ApiError || error instanceof ConnectionError || error instanceof ProtocolError
  ) {
    return error;
  }
  const httpCode = httpCodeOf(error);
  if (httpCode !== undefined) {
    const status = (error as { status?: unknown }).status;
    return new ApiError(isStatus(status) ? status : { message: messageOf(error) }, httpCode);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Throws when a resolved answer is a failed `Status` in disguise; else returns it. */
export function unlessFailure(answer: unknown): unknown {
  if (isStatus(answer) && answer.status === "Failure") throw new ApiError(answer);
  return answer;
}

/** Whether a value is a `Status` object. */
export function isStatus(value: unknown): value is Status {
  return typeof value === "object" && value !== null &&
    (value as { kind?: unknown }).kind === "Status";
}

/** The message of any thrown value, with the messages of its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // It has said its cause already, without the URL that would make each message another one.
  if (error instanceof ConnectionError) return error.message;
  const cause = error.cause === undefined ? "" : messageOf(error.cause);
  return cause === "" || error.message.includes(cause)
    ? error.message
    : `${error.message}: ${cause}`;
}

function httpCodeOf(error: unknown): number | undefined {
  const code = (error as { httpCode?: unknown } | null | undefined)?.httpCode;
  return typeof code === "number" ? code : undefined;
}
