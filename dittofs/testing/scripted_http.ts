// A server that is a list of answers: the n-th request gets the n-th, whatever it asks for.

import type { Http, HttpAnswer, HttpRequest } from "../http.ts";

/** Answers one request, or fails it. */
export type Answer = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

/** An {@link Http} that plays a script. When it is over, requests stay unanswered. */
export class ScriptedHttp implements Http {
  /** All requests so far, in order. */
  readonly requests: HttpRequest[] = [];
  closed = false;
  readonly #answers: Answer[];

  constructor(...answers: readonly Answer[]) {
    this.#answers = [...answers];
  }

  /** Adds answers for requests that are still to come. */
  script(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    this.requests.push(request);
    const answer = this.#answers.shift();
    return await (answer ? answer(request) : new Promise<HttpAnswer>(() => {}));
  }

  close(): void {
    this.closed = true;
  }
}

/** An answer of a handler. */
export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const all = { "content-type": "application/json", ...headers };
  return () => ({ headers: new Headers(all), status, text: JSON.stringify(value) });
}

/** A failure as a handler puts it. */
export function problem(status: number, detail: string, more: object = {}): Answer {
  const body = { detail, status, title: `Title ${status}`, type: "about:blank", ...more };
  return json(body, status, { "content-type": "application/problem+json" });
}

/** An answer of the layers around the handlers: text, or nothing at all. */
export function text(status: number, content = ""): Answer {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return () => ({ headers: new Headers(headers), status, text: content });
}
