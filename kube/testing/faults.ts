// The faults that an API server, a network and a process have in store.

import { type Clock, sleep } from "../clock.ts";
import { ConnectionError, type Status } from "../errors.ts";
import { relay } from "./byte_feed.ts";
import type { Call, Fault, SeenRequest } from "./fault_client.ts";
import { silence } from "./silence.ts";
import { errorEvent, rejection } from "./statuses.ts";

/** Matches the k-th write. */
export const write = (k: number) => (request: SeenRequest): boolean => request.write === k;

/** Matches the lists of a resource, by its plural; with `next`, those of further pages alone. */
export const listOf = (plural: string, { next = false } = {}) => (request: SeenRequest): boolean =>
  request.method === "GET" && !request.isWatch && request.path.endsWith(`/${plural}`) &&
  (!next || request.query.has("continue"));

/** Matches the watches of a resource, by its plural. */
export const watchOf = (plural: string) => (request: SeenRequest): boolean =>
  request.isWatch && request.path.endsWith(`/${plural}`);

/** The program dies just before the request is sent. */
export const crashBefore: Fault = ({ crash }) => Promise.reject(crash());

/** The program dies when the request has been performed, before it learns of it. */
export const crashAfter: Fault = async ({ forward, crash }) => {
  await forward();
  throw crash();
};

/** The request is performed, but its answer is lost with the connection. */
export const loseAnswer: Fault = async ({ forward, request }) => {
  await forward();
  throw new ConnectionError(`the answer to ${request.method} ${request.path} was lost`);
};

/** The API server cannot be reached. */
export const refuse: Fault = () => Promise.reject(new ConnectionError("connection refused"));

/** The request is refused with this Status. */
export const failWith = (status: Status): Fault => () => Promise.reject(rejection(status));

/** The request is performed, and then reported as failed, as a gateway's time-out does. */
export const failAfter = (status: Status): Fault => async ({ forward }) => {
  await forward();
  throw rejection(status);
};

/** The refusal comes as a resolved answer: the Status itself, or for a watch a stream of it. */
export const failResolved = (status: Status): Fault => ({ request }) =>
  Promise.resolve(request.isWatch ? linesOf(status) : status);

/** A watch that begins well and then says that it failed. */
export const failInStream = (status: Status): Fault => () =>
  Promise.resolve(linesOf(errorEvent(status)));

/** The request is sent after a while. */
export const delay = (clock: Clock, ms: number): Fault => async ({ forward, request }) => {
  const signal = request.options.abortSignal ?? new AbortController().signal;
  await sleep(clock, ms, signal);
  return await forward();
};

/** No answer, ever. `deaf`: not even to an abort. */
export const goSilent = ({ deaf = false } = {}): Fault => ({ request }) =>
  silence(deaf ? undefined : request.options.abortSignal);

/** How a stream ends that is cut: as if it were complete, or as a broken connection. */
export type CutEnd = "complete" | "reset";

/** Cuts a stream after so many bytes. */
export const cutAfter = (bytes: number, end: CutEnd = "complete"): Fault =>
  cut(end, () => {
    let left = bytes;
    return (chunk) => {
      const at = left;
      left -= chunk.length;
      return left <= 0 ? at : undefined;
    };
  });

/** Cuts a stream in the middle of its n-th line. */
export const cutInLine = (n: number, end: CutEnd = "complete"): Fault =>
  cut(end, () => {
    let line = 1;
    return (chunk) => {
      let start = 0;
      for (; line < n; line++) {
        start = chunk.indexOf(NEWLINE, start) + 1;
        if (start === 0) return undefined;
      }
      const rest = chunk.subarray(start);
      const length = rest.indexOf(NEWLINE);
      return rest.length === 0
        ? undefined
        : start + Math.ceil((length < 0 ? rest.length : length) / 2);
    };
  });

/** Cuts a stream within its first character that is longer than one byte. */
export const cutInCharacter = (end: CutEnd = "complete"): Fault =>
  cut(end, () => (chunk) => {
    const lead = chunk.findIndex((byte) => byte >= 0xc0);
    return lead < 0 ? undefined : lead + 1;
  });

const NEWLINE = 0x0a;

/** Cuts at the position in a chunk that a finder gives; undefined lets the chunk pass whole. */
function cut(end: CutEnd, finder: () => (chunk: Uint8Array) => number | undefined): Fault {
  return async ({ forward }: Call) => {
    const stream = await forward();
    if (!(stream instanceof ReadableStream)) throw new TypeError("only a stream can be cut");
    const find = finder();
    return relay<Uint8Array>(stream, {
      pass: (chunk) => {
        const at = find(chunk);
        if (at === undefined) return { chunk };
        const ending = end === "reset" ? new ConnectionError("connection reset") : end;
        return { chunk: chunk.subarray(0, at), end: ending };
      },
    });
  };
}

function linesOf(...values: readonly unknown[]): ReadableStream<Uint8Array> {
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
  return ReadableStream.from([new TextEncoder().encode(text)]);
}
