// HTTP through Deno's own client, which needs no permission but that for the server's host.
//
// HTTP/1.1 only: a dead HTTP/2 connection would take every request to the server with it.

import { ServerUnreachableError, type UnreachableKind } from "./errors.ts";
import type { Http, HttpAnswer, HttpRequest, TlsFiles } from "./http.ts";

/** An {@link Http} for production. Throws when a certificate or key is no PEM. */
export class FetchHttp implements Http {
  readonly #client: Deno.HttpClient;

  constructor({ ca, cert, key }: TlsFiles = {}) {
    const options = {
      http1: true,
      http2: false,
      poolIdleTimeout: 30_000,
      poolMaxIdlePerHost: 4,
      ...(ca !== undefined && { caCerts: [ca] }),
    };
    this.#client = Deno.createHttpClient(
      cert !== undefined && key !== undefined ? { ...options, cert, key } : options,
    );
  }

  async send({ url, ...init }: HttpRequest): Promise<HttpAnswer> {
    try {
      const response = await fetch(url, { ...init, client: this.#client, redirect: "manual" });
      // An abort ends a body only as long as somebody holds its response: hence its later use.
      const text = await response.text();
      return { headers: response.headers, status: response.status, text };
    } catch (cause) {
      // What is not about the network (a permission, say) is a mistake of ours.
      if (!(cause instanceof TypeError)) throw cause;
      throw unreachable(new URL(url), cause);
    }
  }

  close(): void {
    this.#client.close();
  }
}

function unreachable({ host, port }: URL, cause: TypeError): ServerUnreachableError {
  const reason = reasonOf(cause);
  const kind = kindOf(reason);
  const message = kind === "port"
    ? `${host} is never asked: port ${port} belongs to another protocol and is closed to HTTP in this runtime; let the server take another, such as 8080`
    : `${host} does not answer (${reason})`;
  return new ServerUnreachableError(kind, message, { cause });
}

/** What the runtime puts before its words: the URL and our own port, another one each time. */
const ADDRESSES = /^error sending request (from \S+ )?for (url \([^)]*\)|\S+( \([^)]*\))?): /;

/** The words of the runtime, its innermost cause: the same fault reads the same each time. */
function reasonOf(error: Error): string {
  const { message } = error.cause instanceof Error ? error.cause : error;
  return message.replace(ADDRESSES, "").replace(/^Fetch failed: /, "");
}

/** The runtime tells the kinds apart by nothing but its words. */
function kindOf(reason: string): UnreachableKind {
  if (/^Requests to port \d+ are blocked/.test(reason)) return "port";
  if (/dns error|failed to lookup/i.test(reason)) return "dns";
  if (/certificate|tls|handshake|InvalidContentType|corrupt message/i.test(reason)) return "tls";
  if (/refused|unreachable|no route to host/i.test(reason)) return "refused";
  return /timed out/i.test(reason) ? "timeout" : "reset";
}
