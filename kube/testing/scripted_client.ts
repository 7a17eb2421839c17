// An API server that is a list of answers: what it is asked is recorded, and the n-th request
// gets the n-th answer, whatever it asks for. For tests that count every request.

import type { RequestOptions, RestClient } from "../rest_client.ts";
import { silence } from "./silence.ts";

/** Answers one request, or fails it. */
export type Answer = (options: RequestOptions) => unknown;

/** A {@link RestClient} that plays a script. When it is over, requests stay unanswered. */
export class ScriptedClient implements RestClient {
  /** All requests so far, in order. */
  readonly requests: RequestOptions[] = [];
  readonly #answers: Answer[];

  constructor(...answers: readonly Answer[]) {
    this.#answers = [...answers];
  }

  /** Adds answers for requests that are still to come. */
  script(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
  }

  async performRequest(options: RequestOptions): Promise<unknown> {
    this.requests.push(options);
    const answer = this.#answers.shift();
    return await (answer ? answer(options) : silence(options.abortSignal));
  }
}
