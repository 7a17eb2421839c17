// The failures of an API server, as it words them.

import { ApiError, type Status } from "../errors.ts";

const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The `Status` object for an HTTP code; `more` overrides its fields. */
export function failure(code: number, more: Partial<Status> = {}): Status {
  const reason = REASONS[code] ?? "Unknown";
  const message = `${reason} (a fault that a test put in)`;
  return { kind: "Status", status: "Failure", code, reason, message, ...more };
}

/** 429 or 503 with the time after which to come back. */
export function busy(code: 429 | 503, retryAfterSeconds: number): Status {
  return failure(code, { details: { retryAfterSeconds } });
}

/** What an API server says whose history is behind the version that it is asked for. */
export function versionTooLarge(): Status {
  return failure(504, {
    message: "Too large resource version: 2000, current: 1000",
    details: { retryAfterSeconds: 1, causes: [{ reason: "ResourceVersionTooLarge" }] },
  });
}

/** The error with which our own transport rejects. */
export function rejection(status: Status): ApiError {
  return new ApiError(status);
}

/** The error with which another `RestClient` rejects: any Error with `httpCode` and `status`. */
export function foreignRejection(status: Status): Error {
  return Object.assign(new Error(status.message), { httpCode: status.code, status });
}

/** The last event of a watch that fails. */
export function errorEvent(status: Status): { readonly type: "ERROR"; readonly object: Status } {
  return { type: "ERROR", object: status };
}
