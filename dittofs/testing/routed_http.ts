// A server that is a table: what each method and path is answered with. For what asks for many
// things side by side, where a list of answers would have to know the order.

import type { Http, HttpAnswer, HttpRequest } from "../http.ts";
import { type Answer, json, problem } from "./scripted_http.ts";

/** By `METHOD /path` below `/api/v1`: a value that is answered as JSON, or how to answer. */
export type Routes = Record<string, unknown>;

/**
 * An {@link Http} that looks its answers up. What is looked at or deleted and is not in the table
 * does not exist; whatever else is not in it is done, and answered with nothing.
 */
export class RoutedHttp implements Http {
  /** Each request so far, as `METHOD /path BODY`. */
  readonly asked: string[] = [];

  constructor(readonly routes: Routes = {}) {}

  /** Those that change something. */
  get writes(): string[] {
    return this.asked.filter((call) => !call.startsWith("GET "));
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { method, url, body } = request;
    const path = decodeURIComponent(new URL(url).pathname.replace(/^\/api\/v1/, ""));
    this.asked.push([method, path, ...(body === undefined ? [] : [body])].join(" "));
    const found = this.routes[`${method} ${path}`];
    if (isAnswer(found)) return await found(request);
    if (found !== undefined) return await json(found)(request);
    const absent = method === "GET" || method === "DELETE";
    return await (absent ? problem(404, "not found") : json({}, 204))(request);
  }

  close(): void {}
}

function isAnswer(route: unknown): route is Answer {
  return typeof route === "function";
}
