// What can go wrong with a request to a DittoFS server, and what to do about it.
//
// Each error knows its class, in the words of kube/errors.ts, so that one place decides about
// retry, condition and metric for both APIs. No message holds a request's body.

/**
 * - `transient`: the same request may work later
 * - `conflict`: it exists already, or is in use
 * - `notFound`: what the request is about does not exist
 * - `forbidden`: the credentials are not accepted, or lack a role
 * - `invalid`: the server will never accept this content
 */
export type ErrorClass = "transient" | "conflict" | "notFound" | "forbidden" | "invalid";

/**
 * - `refused`: nobody listens there
 * - `timeout`: no whole answer in time
 * - `tls`: the two sides do not trust or understand each other
 * - `dns`: the name is not known
 * - `reset`: the connection broke off
 * - `port`: this runtime refuses to speak HTTP on that port
 */
export type UnreachableKind = "refused" | "timeout" | "tls" | "dns" | "reset" | "port";

/** The request got no whole answer. What it asked for may have happened all the same. */
export class ServerUnreachableError extends Error {
  override readonly name = "ServerUnreachableError";
  readonly errorClass: ErrorClass = "transient";

  constructor(readonly kind: UnreachableKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** What the server says of a failure. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Whether a handler wrote it (`problem+json`), and not the layers around the handlers. */
  readonly fromHandler: boolean;
  /** What is wrong with which field (422 of adapter settings). */
  readonly fields?: Readonly<Record<string, string>>;
}

/** The server refused or failed a request. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly fromHandler: boolean;
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly errorClass: ErrorClass;

  /** @param endpoint method and path, such as `GET /users/alice` */
  constructor(readonly endpoint: string, problem: Problem) {
    super(`${endpoint}: ${problem.status} ${textOf(problem)}`.trimEnd());
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.fromHandler = problem.fromHandler;
    this.fields = problem.fields;
    this.errorClass = classOf(problem);
  }
}

/** An answer that is not what this version of the API promises: its text or one of its fields. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
  readonly errorClass: ErrorClass = "transient";

  /**
   * @param endpoint method and path
   * @param field name of the first field that is wrong, with dots; empty for the whole answer
   */
  constructor(readonly endpoint: string, readonly field: string, what: string) {
    super(`${endpoint}: ${field === "" ? "the answer" : `field ${field} of the answer`}: ${what}`);
  }
}

function classOf({ status, fromHandler }: Problem): ErrorClass {
  switch (status) {
    case 401:
    case 403:
      return "forbidden";
    case 404:
      // Without a handler's word nothing is known of the object: a proxy or another version of
      // the server may have answered.
      return fromHandler ? "notFound" : "transient";
    case 409:
    case 412:
      return "conflict";
    case 408:
    case 429:
      return "transient";
    default:
      return status >= 400 && status < 500 ? "invalid" : "transient";
  }
}

function textOf({ title, detail, fields }: Problem): string {
  const said = detail === "" ? title : detail;
  const named = Object.entries(fields ?? {}).map(([field, fault]) => `${field}: ${fault}`);
  return named.length === 0 ? said : `${said} (${named.join("; ")})`;
}
