// What every endpoint has in common: the token, the time limit, JSON, and what an error is.

import type { z } from "zod";
import {
  type Problem,
  ServerError,
  ServerUnreachableError,
  UnexpectedAnswerError,
} from "./errors.ts";
import type { Http, HttpAnswer, HttpRequest } from "./http.ts";
import { withoutSecrets } from "./secrets.ts";
import { serverName } from "./wire.ts";

/** Time, passed in so that tests run in virtual time. */
export interface Clock {
  now(): number;
  timer(ms: number, callback: () => void): Disposable;
}

/** What a caller may say about one call. */
export interface CallOptions {
  /** Gives the call up, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long to wait for the answer, in place of the endpoint's own limit. */
  readonly timeoutMs?: number;
}

/** How a client reaches its server and shows who it is. */
export interface RequestsOptions {
  readonly http: Http;
  /** Scheme, host and port, without a path. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** The access token of now. Without it only the open endpoints work. */
  readonly token?: () => Promise<string>;
  /** Is told a token that the server did not accept; then `token` is asked once more. */
  readonly onUnauthorized?: (refused: string) => Promise<void>;
}

/** One call of an endpoint. `path` is below `/api/v1`, unless it is `/health…`. */
export interface Call extends CallOptions {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: unknown;
  /** The endpoint needs no token, and must not be given one. */
  readonly open?: boolean;
}

const USUAL_MS = 10_000;
/** A dead S3 or a store that is slow to open holds these for 30 s at the server. */
const SLOW_MS = 40_000;
const SLOW = /^\/(shares|store|system|blockstore)(\/|$)/;

/** Sends the calls of one client. */
export class Requests {
  constructor(private readonly options: RequestsOptions) {}

  /** The parsed answer. */
  async ask<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S>> {
    return parse(schema, call, await this.send(call));
  }

  /** The parsed answer with its headers. */
  async askWithHeaders<S extends z.ZodType>(
    schema: S,
    call: Call,
  ): Promise<{ readonly headers: Headers; readonly value: z.output<S> }> {
    const answer = await this.send(call);
    return { headers: answer.headers, value: parse(schema, call, answer) };
  }

  /** The parsed answer; undefined when what is asked for does not exist. */
  async find<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S> | undefined> {
    const answer = await unlessMissing(this.send(call));
    return answer && parse(schema, call, answer);
  }

  /** Only that it is done. */
  async tell(call: Call): Promise<void> {
    await this.send(call);
  }

  /** Deletes; false when it was not there. */
  async remove(path: string, options: CallOptions): Promise<boolean> {
    const answer = await unlessMissing(this.send({ ...options, method: "DELETE", path }));
    return answer !== undefined;
  }

  /** The successful answer as it came. A refused token is replaced once. */
  async send(call: Call): Promise<HttpAnswer> {
    const { token, onUnauthorized } = this.options;
    const held = call.open ? undefined : await token?.();
    let answer = await this.#once(call, held);
    if (answer.status === 401 && held !== undefined && onUnauthorized && !isProblem(answer)) {
      await onUnauthorized(held);
      answer = await this.#once(call, await token?.());
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new ServerError(endpointOf(call), withoutSecretsOf(call, problemOf(answer)));
  }

  #once(call: Call, token: string | undefined): Promise<HttpAnswer> {
    const limit = call.timeoutMs ?? (SLOW.test(call.path) ? SLOW_MS : USUAL_MS);
    return this.#within(limit, call, (signal) =>
      this.options.http.send({
        headers: {
          accept: "application/json",
          ...(call.body !== undefined && { "content-type": "application/json" }),
          // Who answers a login decides about all that follows. A Service that leads nowhere yet may
          // lead to somebody else, and a connection that is kept would go on doing so.
          ...(token === undefined ? { connection: "close" } : { authorization: `Bearer ${token}` }),
        },
        method: call.method,
        signal,
        url: `${this.options.baseUrl}${pathOf(call)}`,
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      }));
  }

  /** Ends with the limit or the caller's signal, even if what sends does not listen to them. */
  #within(
    limit: number,
    call: Call,
    send: (signal: AbortSignal) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> {
    const { signal } = call;
    return new Promise((resolve, reject) => {
      const inner = new AbortController();
      const end = () => {
        timer[Symbol.dispose]();
        signal?.removeEventListener("abort", onAbort);
      };
      const giveUp = (reason: unknown) => {
        end();
        reject(reason);
        inner.abort(reason);
      };
      const onAbort = () => giveUp(signal?.reason);
      const timer = this.options.clock.timer(limit, () => {
        const { host } = new URL(this.options.baseUrl);
        const what = `${endpointOf(call)}: nothing in ${limit / 1000} s`;
        giveUp(new ServerUnreachableError("timeout", `${host} does not answer (${what})`));
      });
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      send(inner.signal).then(resolve, reject).finally(end);
    });
  }
}

async function unlessMissing(sent: Promise<HttpAnswer>): Promise<HttpAnswer | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof ServerError && error.errorClass === "notFound") return undefined;
    throw error;
  }
}

function parse<S extends z.ZodType>(schema: S, call: Call, answer: HttpAnswer): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(answer.text);
  } catch {
    throw new UnexpectedAnswerError(endpointOf(call), "", "it is not JSON");
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = (issue?.path ?? []).map((part) => serverName(String(part))).join(".");
  throw new UnexpectedAnswerError(endpointOf(call), field, issue?.message ?? "");
}

function problemOf(answer: HttpAnswer): Problem {
  const { status, text } = answer;
  if (isProblem(answer)) {
    const json = jsonObject(text);
    const fields = json?.errors;
    return {
      detail: String(json?.detail ?? ""),
      fromHandler: true,
      status,
      title: String(json?.title ?? ""),
      ...(isObject(fields) && {
        fields: Object.fromEntries(
          Object.entries(fields).map(([name, fault]) => [name, String(fault)]),
        ),
      }),
    };
  }
  return { detail: text.trim().slice(0, 500), fromHandler: false, status, title: "" };
}

/** Written by a handler. The layer that looks at tokens answers in plain text. */
function isProblem({ headers, text }: HttpAnswer): boolean {
  return (headers.get("content-type") ?? "").includes("problem+json") &&
    jsonObject(text) !== undefined;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutSecretsOf({ body }: Call, problem: Problem): Problem {
  return { ...problem, detail: withoutSecrets(problem.detail, body) };
}

function pathOf({ path }: Call): string {
  return path.startsWith("/health") ? path : `/api/v1${path}`;
}

/** Without the query, which is never needed to know what failed. */
function endpointOf({ method, path }: Call): string {
  return `${method} ${path.replace(/\?.*/, "")}`;
}
