// Our own RestClient: Deno's fetch against one API server.
//
// Requests and streams use separate HTTP clients, so that watches never wait for a pooled
// connection, and both speak HTTP/1.1: a pooled HTTP/2 body can stall for ever in this runtime
// (denoland/deno#21749), and one dead HTTP/2 socket would take every watch with it.

import { AccessError, type ClusterAccess } from "./cluster_access.ts";
import {
  ApiError,
  ConnectionError,
  isStatus,
  messageOf,
  ProtocolError,
  type Status,
} from "./errors.ts";
import type { Identity } from "./identity.ts";
import { JsonLines } from "./json_lines.ts";
import type { RequestOptions, RestClient } from "./rest_client.ts";

/** A client of the cluster that `access` describes. `userAgent` as `program/version`. */
export class FetchTransport implements RestClient {
  readonly #access: ClusterAccess;
  readonly #userAgent: string;
  #clients: HttpClients;

  readonly defaultNamespace?: string;

  constructor(access: ClusterAccess, userAgent: string) {
    refuseUnsupported(access);
    this.#access = access;
    this.#userAgent = userAgent;
    this.#clients = new HttpClients(access, undefined);
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
    this.#clients.close();
  }

  async #send(options: RequestOptions, identity: Identity): Promise<Response> {
    if (identity.certificate?.cert !== this.#clients.certificate?.cert) {
      this.#clients = new HttpClients(this.#access, identity.certificate);
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
      return await fetch(url, {
        method: options.method,
        headers,
        client: options.expectStream ? this.#clients.streams : this.#clients.requests,
        redirect: "manual",
        ...(body !== undefined && { body }),
        ...(options.abortSignal && { signal: options.abortSignal }),
      });
    } catch (cause) {
      if (options.abortSignal?.aborted) throw options.abortSignal.reason;
      throw new ConnectionError(
        `${this.#access.server} does not answer (${reasonOf(cause)}); ` +
          "check the address and that the API server can be reached from here",
        { cause },
      );
    }
  }
}

/** Why a connection failed, without the URL: the same fault reads the same for every request. */
function reasonOf(cause: unknown): string {
  return messageOf(cause).replace(/(fetch failed: )?error sending request for url \([^)]*\): /, "");
}

/** The two HTTP clients of one identity. */
class HttpClients {
  readonly requests: Deno.HttpClient;
  readonly streams: Deno.HttpClient;

  constructor(access: ClusterAccess, readonly certificate: Identity["certificate"]) {
    const options = {
      http1: true,
      http2: false,
      ...(access.ca && { caCerts: [access.ca] }),
      ...(access.proxyUrl && { proxy: { url: access.proxyUrl } }),
    };
    const create = () =>
      Deno.createHttpClient(certificate ? { ...options, ...certificate } : options);
    this.requests = create();
    this.streams = create();
  }

  close(): void {
    this.requests.close();
    this.streams.close();
  }
}

function refuseUnsupported(access: ClusterAccess): void {
  if (access.tlsServerName) {
    throw new AccessError(
      `${access.source}: tls-server-name is not supported by this runtime; use a server URL whose host is in the certificate`,
    );
  }
  if (access.insecure && !access.server.startsWith("http:")) {
    const host = new URL(access.server).hostname;
    throw new AccessError(
      `${access.source}: insecure-skip-tls-verify is not supported; add the server's certificate authority to the kubeconfig (host ${host})`,
    );
  }
}

function bodyOf(
  options: RequestOptions,
  headers: Record<string, string>,
): BodyInit | undefined {
  const { bodyJson, bodyRaw, bodyStream, contentType } = options;
  if (contentType) headers["content-type"] = contentType;
  if (bodyJson !== undefined) {
    headers["content-type"] ??= "application/json";
    return JSON.stringify(bodyJson);
  }
  if (bodyRaw) return new Uint8Array(bodyRaw);
  return bodyStream;
}

async function answerOf(response: Response, options: RequestOptions): Promise<unknown> {
  if (options.expectStream) {
    const body = response.body ?? new ReadableStream({ start: (c) => c.close() });
    return options.expectJson ? body.pipeThrough(new JsonLines()) : body;
  }
  try {
    const bytes = new Uint8Array(await response.arrayBuffer());
    return options.expectJson ? JSON.parse(new TextDecoder().decode(bytes)) : bytes;
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
