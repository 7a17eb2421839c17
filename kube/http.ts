// How bytes get to an API server and back: Deno's HTTP client, or Node's where a kubeconfig asks
// for what Deno's cannot do.
//
// Requests and streams use separate connections, so that watches never wait for a pooled one,
// and all speak HTTP/1.1: a pooled HTTP/2 body can stall for ever in this runtime
// (denoland/deno#21749), and one dead HTTP/2 socket would take every watch with it.

import type { ClusterAccess } from "./cluster_access.ts";
import type { Http, HttpRequest } from "./http_request.ts";
import type { Identity } from "./identity.ts";
import { NodeHttp } from "./node_http.ts";

/** The way to send requests that an access description needs. */
export function httpFor(access: ClusterAccess, certificate: Identity["certificate"]): Http {
  return access.insecure || access.tlsServerName
    ? new NodeHttp(access, certificate)
    : new DenoHttp(access, certificate);
}

class DenoHttp implements Http {
  readonly #requests: Deno.HttpClient;
  readonly #streams: Deno.HttpClient;

  constructor(access: ClusterAccess, certificate: Identity["certificate"]) {
    const options = {
      http1: true,
      http2: false,
      // Connections of a busy hour are not kept through the quiet ones: each costs 0.4 MB.
      poolMaxIdlePerHost: 8,
      poolIdleTimeout: 30_000,
      ...(access.ca && { caCerts: [access.ca] }),
      ...(access.proxyUrl && { proxy: { url: access.proxyUrl } }),
    };
    const create = () =>
      Deno.createHttpClient(certificate ? { ...options, ...certificate } : options);
    this.#requests = create();
    this.#streams = create();
  }

  send({ url, streaming, body, signal, ...init }: HttpRequest): Promise<Response> {
    return fetch(url, {
      ...init,
      client: streaming ? this.#streams : this.#requests,
      redirect: "manual",
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  }

  close(): void {
    this.#requests.close();
    this.#streams.close();
  }
}
