// An API server that agrees with everything: it lists the servers that it was given, takes every
// write as it is, and tells nobody of it. With it the whole operator runs on objects that a real
// one would not keep, such as a thousand answers to dry runs.

import type { DittoServer } from "../../api/dittoserver.ts";
import type { Live } from "../../kube/object.ts";
import type { RequestOptions, RestClient } from "../../kube/rest_client.ts";

/** An object as it is sent. */
interface Sent {
  readonly metadata?: { readonly name?: string };
  readonly status?: DittoServer["status"];
  /** Of a Secret: what the API server makes its data of. */
  readonly stringData?: Readonly<Record<string, string>>;
}

/** Takes everything and remembers what the operator says of each server. */
export class PretendServer implements RestClient {
  /** The last status of each server, by name. */
  readonly statuses = new Map<string, DittoServer["status"]>();
  readonly #servers: ReadonlyMap<string, Live<DittoServer>>;
  #version: number;

  constructor(servers: readonly Live<DittoServer>[]) {
    this.#servers = new Map(servers.map((server) => [server.metadata.name, server]));
    this.#version = servers.length + 1;
  }

  performRequest(request: RequestOptions): Promise<unknown> {
    if (request.expectStream) return Promise.resolve(this.#watch(request.path));
    if (request.method === "GET") return Promise.reject(notFound(request.path));
    return Promise.resolve(this.#written(request.bodyJson as Sent, request.path));
  }

  /** The object as it would be after the write. */
  #written(sent: Sent, path: string): unknown {
    const name = sent.metadata?.name ?? "";
    const version = { resourceVersion: String(++this.#version) };
    if (path.endsWith("/status")) {
      this.statuses.set(name, sent.status);
      const server = this.#servers.get(name);
      return { ...server, metadata: { ...server?.metadata, ...version }, status: sent.status };
    }
    const { stringData, ...object } = sent;
    const data = Object.fromEntries(
      Object.entries(stringData ?? {}).map(([key, value]) => [key, btoa(value)]),
    );
    const metadata = { uid: `uid-of-${path}`, ...sent.metadata, ...version };
    return { ...object, ...(stringData && { data }), metadata };
  }

  /** What there is, then silence. */
  #watch(path: string): ReadableStream<Uint8Array> {
    const servers = path.endsWith("/dittoservers") ? [...this.#servers.values()] : [];
    const end = {
      kind: "Nothing",
      metadata: {
        resourceVersion: String(this.#version),
        annotations: { "k8s.io/initial-events-end": "true" },
      },
    };
    const events = [
      ...servers.map((object) => ({ type: "ADDED", object })),
      { type: "BOOKMARK", object: end },
    ];
    return new ReadableStream<string>({
      start(lines) {
        for (const event of events) lines.enqueue(`${JSON.stringify(event)}\n`);
      },
    }).pipeThrough(new TextEncoderStream());
  }
}

function notFound(path: string) {
  const message = `nothing is at ${path}`;
  const status = { kind: "Status", code: 404, reason: "NotFound", message };
  return Object.assign(new Error(message), { httpCode: 404, status });
}
