// Our own RestClient: the contract of rest_client.ts on top of HTTP.

import type { ClusterAccess } from "./cluster_access.ts";
import {
  ApiError,
  isStatus,
  messageOf,
  ProtocolError,
  type Status,
  UnreachableError,
} from "./errors.ts";
import { httpFor } from "./http.ts";
import type { Http, HttpRequest } from "./http_request.ts";
import type { Identity } from "./identity.ts";
import { JsonLines } from "./json_lines.ts";
import type { RequestOptions, RestClient } from "./rest_client.ts";

/** A client of the cluster that `access` describes. `userAgent` as `program/version`. */
export class Transport implements RestClient {
  readonly #access: ClusterAccess;
  readonly #userAgent: string;
  #http: Http;
  #certificate: Identity["certificate"];

  readonly defaultNamespace?: string;

  constructor(access: ClusterAccess, userAgent: string) {
    this.#access = access;
    this.#userAgent = userAgent;
    this.#http = httpFor(access, undefined);
    if (access.namespace) this.defaultNamespace = access.namespace;
  }

  async performRequest(options: RequestOptions): Promise<unknown> {
    if (options.expectTunnel) throw new TypeError("tunnels are not supported by this transport");
    const { identity } = this.#access;
    let response = await this.#send(options, await identity.current());
    if (response.status === 401) {
      const renewed = await identity.renew();
      if (renewed) {
        await response.body?.cancel();
        response = await this.#send(options, renewed);
      }
    }
    if (!response.ok) throw await failureOf(response);
    return await answerOf(response, options);
  }

  /** Closes idle and open connections. */
  [Symbol.dispose](): void {
    this.#http.close();
  }

  async #send(options: RequestOptions, identity: Identity): Promise<Response> {
    if (identity.certificate?.cert !== this.#certificate?.cert) {
      // Requests under way keep the connections that they began on.
      this.#certificate = identity.certificate;
      this.#http = httpFor(this.#access, identity.certificate);
    }
    const query = options.querystring?.toString();
    const url = `${this.#access.server}${options.path}${query ? `?${query}` : ""}`;
    const headers: Record<string, string> = {
      accept: options.accept ?? "application/json",
      "user-agent": this.#userAgent,
    };
    if (identity.token) headers.authorization = `Bearer ${identity.token}`;
    const body = bodyOf(options, headers);
    try {
      return await this.#http.send({
        ...{ method: options.method, url, headers, streaming: options.expectStream === true },
        ...(body !== undefined && { body }),
        ...(options.abortSignal && { signal: options.abortSignal }),
      });
    } catch (cause) {
      if (options.abortSignal?.aborted) throw options.abortSignal.reason;
      throw new UnreachableError(
        `${this.#access.server} does not answer (${reasonOf(cause)}); ` +
          "check the address and that the API server can be reached from here",
        { cause },
      );
    }
  }
}

/** What the runtime puts before its words: the URL and our own port, another one each time. */
const ADDRESSES = /^error sending request (from \S+ )?for (url \([^)]*\)|\S+( \([^)]*\))?): /;

/** Why a connection failed, in words that are the same each time, whatever was asked for. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause).replace(ADDRESSES, "");
}

function bodyOf(
  options: RequestOptions,
  headers: Record<string, string>,
): HttpRequest["body"] {
  const { bodyJson, bodyRaw, bodyStream, contentType } = options;
  if (contentType) headers["content-type"] = contentType;
  if (bodyJson !== undefined) {
    headers["content-type"] ??= "application/json";
    return JSON.stringify(bodyJson);
  }
  if (bodyRaw) return new Uint8Array(bodyRaw);
  return bodyStream;
}

/**
 * Responses of the streams that are in use. In this runtime an abort no longer ends a body whose
 * response has been collected: a read of it would wait for ever.
 */
const HELD = new WeakMap<ReadableStream, Response>();

async function answerOf(response: Response, options: RequestOptions): Promise<unknown> {
  if (options.expectStream) {
    const body = response.body ?? new ReadableStream({ start: (c) => c.close() });
    const stream = options.expectJson ? body.pipeThrough(new JsonLines()) : body;
    HELD.set(stream, response);
    return stream;
  }
  try {
    return options.expectJson
      ? JSON.parse(await response.text())
      : new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    if (options.abortSignal?.aborted) throw options.abortSignal.reason;
    throw new ProtocolError(`the answer to ${options.method} ${options.path} broke off`, { cause });
  }
}

/** The error that an unsuccessful response stands for. Never throws. */
async function failureOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const retryAfter = Number(response.headers.get("retry-after") ?? NaN);
  const status = parseStatus(text) ?? {
    code: response.status,
    message: text.trim().slice(0, 500) || `HTTP ${response.status} ${response.statusText}`.trim(),
  };
  return new ApiError(
    Number.isFinite(retryAfter) && retryAfter > 0
      ? { ...status, details: { retryAfterSeconds: retryAfter, ...status.details } }
      : status,
    response.status,
  );
}

function parseStatus(text: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
