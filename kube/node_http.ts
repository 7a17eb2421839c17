// HTTP with what Deno's own client cannot do: another name in the server's certificate
// (`tls-server-name`) or no check of it at all (`insecure-skip-tls-verify`). Meant for a person's
// kubeconfig; inside a cluster neither occurs, so Node's modules are loaded only when it does: they
// take 2 MiB.

import type { IncomingMessage } from "node:http";
import type { Agent } from "node:https";
import type { Readable } from "node:stream";
import { AccessError, type ClusterAccess } from "./cluster_access.ts";
import type { Http, HttpRequest } from "./http_request.ts";
import type { Identity } from "./identity.ts";

/** Sends requests through node:https. */
export class NodeHttp implements Http {
  readonly #node: ReturnType<typeof loadNode>;

  constructor(access: ClusterAccess, certificate: Identity["certificate"]) {
    if (access.proxyUrl) {
      throw new AccessError(
        `${access.source}: proxy-url does not go together with tls-server-name or insecure-skip-tls-verify; use a server URL whose host is in the certificate`,
      );
    }
    this.#node = loadNode({
      keepAlive: true,
      rejectUnauthorized: !access.insecure,
      ...(access.ca && { ca: access.ca }),
      ...(access.tlsServerName && { servername: access.tlsServerName }),
      ...certificate,
    });
  }

  async send({ url, method, headers, body, signal }: HttpRequest): Promise<Response> {
    const { request, agent, Buffer, Readable } = await this.#node;
    return await new Promise((resolve, reject) => {
      const sent = request(url, { agent, method, headers, ...(signal && { signal }) });
      sent.on("error", reject);
      sent.on("response", (message) => resolve(responseOf(message, Readable)));
      if (body instanceof ReadableStream) Readable.fromWeb(body).pipe(sent);
      else sent.end(body instanceof Uint8Array ? Buffer.from(body) : body);
    });
  }

  close(): void {
    this.#node.then(({ agent }) => agent.destroy());
  }
}

async function loadNode(options: ConstructorParameters<typeof Agent>[0]) {
  const { Agent, request } = await import("node:https");
  const { Readable } = await import("node:stream");
  const { Buffer } = await import("node:buffer");
  return { agent: new Agent(options), request, Readable, Buffer };
}

function responseOf(message: IncomingMessage, node: typeof Readable): Response {
  const status = message.statusCode ?? 0;
  const bodyless = status === 204 || status === 304;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const body = bodyless ? null : node.toWeb(message) as ReadableStream<Uint8Array>;
  return new Response(body, { status, headers });
}
