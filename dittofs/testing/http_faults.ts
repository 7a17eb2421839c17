// The faults that a server, a network and a process have in store.

import { ServerUnreachableError } from "../errors.ts";
import type { HttpAnswer } from "../http.ts";
import type { HttpFault, SeenCall } from "./fault_http.ts";

/** Matches the k-th call. */
export const nthCall = (k: number) => (call: SeenCall): boolean => call.index === k;

/** Matches the k-th call that writes. */
export const nthWrite = (k: number) => (call: SeenCall): boolean => call.write === k;

/** Matches the calls to a server, by the name of its Service or the beginning of it. */
export const toHost = (prefix: string) => ({ url }: SeenCall): boolean =>
  url.hostname === prefix || url.hostname.startsWith(`${prefix}.`);

/** Matches calls by method and path, as in `on("PUT", /\/adapters\/nfs$/)`. */
export const on = (method: SeenCall["method"], path: RegExp) => (call: SeenCall): boolean =>
  call.method === method && path.test(call.url.pathname);

/** The program dies just before the call is sent. */
export const crashBefore: HttpFault = ({ crash }) => Promise.reject(crash());

/** The program dies when the call has been performed, before it learns of it. */
export const crashAfter: HttpFault = async ({ forward, crash }) => {
  await forward();
  throw crash();
};

/** The call is performed, but its answer is lost with the connection. */
export const loseAnswer: HttpFault = async ({ forward, call }) => {
  await forward();
  const what = `the answer to ${call.method} ${call.url.pathname} was lost`;
  throw new ServerUnreachableError("reset", what);
};

/** Nobody listens. */
export const refuse: HttpFault = ({ call }) =>
  Promise.reject(new ServerUnreachableError("refused", `${call.url.host} refuses connections`));

/** The server answers so, without doing anything. */
export const answerWith = (status: number, text = ""): HttpFault => () =>
  Promise.resolve(answer(status, text));

/** The call is performed, and then reported as failed, as a gateway's time-out does. */
export const failAfter = (status: number, text = ""): HttpFault => async ({ forward }) => {
  await forward();
  return answer(status, text);
};

/** No answer, ever, until the caller gives up. */
export const goSilent: HttpFault = ({ call }) => silence(call.request.signal);

/** What a {@link delay} needs of a clock. */
export interface Timers {
  timer(ms: number, callback: () => void): Disposable;
}

/** The call is sent after a while. */
export const delay = (clock: Timers, ms: number): HttpFault => async ({ call, forward }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = clock.timer(ms, resolve);
  await Promise.race([promise, silence(call.request.signal)]);
  return await forward();
};

function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}

function answer(status: number, text: string): HttpAnswer {
  const type = text.startsWith("{") ? "application/problem+json" : "text/plain; charset=utf-8";
  return { status, headers: new Headers({ "content-type": type }), text };
}
