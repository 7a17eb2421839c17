// Watches one kind and never goes deaf.
//
// Every TypeScript client before this one stops listening some day: a stream that is dead but
// not closed, a 410 that ends the loop, a list that fails once. So this loop has one exit, the
// abort signal, and every other way out of a connection leads back to a new one:
//
//   sync ──► stream ──► (normal end)         reconnect at once from the last version
//    ▲          │────► (failure, silence)    wait, then reconnect from the last version
//    └──────────┴────► (410 Gone)            sync again, not older than the last version
//
// Silence is bounded: the server is asked to end each stream after 150–200 s, and a timer of
// our own, outside the read of the stream, ends it 5 s later if the server did not. 200 s stays
// below the 240 s after which some load balancers drop idle flows without a word.
//
// What comes out is level, not edge: `sync` is the whole state and replaces what was known;
// consumers must not conclude anything from the order or number of events.

import type { Api } from "./api.ts";
import { Backoff } from "./backoff.ts";
import { chunksOf } from "./chunks.ts";
import { type Clock, type Random, sleep } from "./clock.ts";
import { Deadline } from "./deadline.ts";
import {
  ApiError,
  classify,
  ConnectionError,
  fromRejection,
  messageOf,
  ProtocolError,
  UnreachableError,
} from "./errors.ts";
import { LineSplitter } from "./json_lines.ts";
import { isNewer, type KubernetesObject, type Live } from "./object.ts";
import type { ListOptions, WatchOptions } from "./selection.ts";
import type { Recovery } from "./recovery.ts";
import { qualifiedName, type Resource } from "./resource.ts";
import { checked, isInitialEnd, isVersionTooLarge, type RawEvent } from "./watch_event.ts";

/** A change of what is known. */
export type WatchEvent<T extends KubernetesObject> =
  /**
   * The whole state at `resourceVersion`. What is not in it does not exist. `rewound` after the
   * server's history was set back, as by a restored backup: then newer versions never were.
   */
  | {
    readonly type: "sync";
    readonly items: Live<T>[];
    readonly resourceVersion: string;
    readonly rewound: boolean;
  }
  /** The object exists and looks like this. */
  | { readonly type: "put"; readonly object: Live<T> }
  /** The object, as it last was, is gone. */
  | { readonly type: "delete"; readonly object: Live<T> };

/** What happens to the loop itself, for logs and metrics. */
export interface WatchObserver {
  /** A connection failed; the loop waits `delayMs` and goes on. */
  failed?(error: unknown, delayMs: number): void;
  /** The whole state is about to be fetched; `again` after the first time. */
  syncing?(again: boolean): void;
  /** The server sent something: an event, a bookmark, an answer. */
  heard?(): void;
}

/** What to watch and with what. */
export interface WatchSource<T extends KubernetesObject> {
  readonly api: Api;
  readonly resource: Resource<T>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly metadataOnly?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer?: WatchObserver;
  /** Ends the wait for a server that could not be reached when it can be again. */
  readonly recovery?: Pick<Recovery, "wait">;
}

/** Objects per page of a list. */
const PAGE_SIZE = 500;
/** Bounds of the time after which the server ends a stream, in seconds. */
const STREAM_SECONDS = { min: 150, max: 200 };
/** How much longer than the server we wait for the end of a stream. */
const GRACE_MS = 5_000;
/** A version that is refused sooner than this after it was given is a fault of the server. */
const AGED_MS = 3_000;
/** A stream that ends sooner than this without any event counts as a failure. */
const SHORTEST_STREAM_MS = 1_000;

/** Watches until `signal` aborts. Never throws. */
export async function* watch<T extends KubernetesObject>(
  source: WatchSource<T>,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const loop = new WatchLoop(source, signal);
  const backoff = new Backoff(source.clock, source.random);
  let outage = false;
  while (!signal.aborted) {
    try {
      yield* loop.listen();
    } catch (error) {
      if (signal.aborted) return;
      const retryAfter = error instanceof ApiError ? error.retryAfterSeconds : undefined;
      const delayMs = loop.learnFrom(error) === "go on" ? 0 : backoff.next(retryAfter);
      source.observer?.failed?.(error, delayMs);
      // What a server says while it starts, such as 403 before it has read its own roles, is
      // still part of the outage.
      outage ||= error instanceof UnreachableError;
      if (source.recovery && outage) {
        if (await source.recovery.wait(delayMs, signal)) {
          backoff.reset();
          outage = false;
        }
      } else {
        await sleep(source.clock, delayMs, signal);
      }
    }
  }
}

class WatchLoop<T extends KubernetesObject> {
  readonly #source: WatchSource<T>;
  readonly #signal: AbortSignal;
  /** The last version heard of. A later view of the world is never older than this. */
  #version: string | undefined;
  #synced = false;
  /** When the version was last confirmed. */
  #versionAt = 0;
  /** How to fetch the whole state: as a stream where the server can do that, else as a list. */
  #fetch: "stream" | "list once" | "list" = "stream";
  /** The present connection was answered. */
  #answered = false;
  /** The server no longer has `#version`: a list may be of any version that it has. */
  #versionLost = false;

  constructor(source: WatchSource<T>, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  /** One connection, after fetching the whole state if need be. Ends when the stream ends. */
  listen(): AsyncGenerator<WatchEvent<T>> {
    if (this.#synced) return this.#stream();
    this.#source.observer?.syncing?.(this.#version !== undefined);
    return this.#fetch === "stream" ? this.#initialStream() : this.#listedStream();
  }

  /** Decides from a failure where the next connection begins. */
  learnFrom(error: unknown): "go on" | "wait" {
    const kind = classify(error);
    if (kind === "gone" || isVersionTooLarge(error)) {
      // A list at the last version can be refused too; only then is any version accepted.
      if (!this.#synced) this.#versionLost = true;
      // An aged version is no fault of the server, unless it has just given it to us.
      const aged = this.#synced && this.#source.clock.now() - this.#versionAt >= AGED_MS;
      this.#synced = false;
      if (aged) return "go on";
    } else if (!this.#synced && this.#fetch === "stream") {
      // A server may also take the request and never tell where the initial events end.
      if (kind === "invalid") this.#fetch = "list";
      else if (this.#answered) this.#fetch = "list once";
    }
    return "wait";
  }

  async *#initialStream(): AsyncGenerator<WatchEvent<T>> {
    let items: Live<T>[] | undefined = [];
    const events = this.#raw({
      sendInitialEvents: true,
      resourceVersionMatch: "NotOlderThan",
      ...(this.#version && !this.#versionLost && { resourceVersion: this.#version }),
    });
    for await (const event of events) {
      if (items === undefined) {
        const told = toldBy(event);
        if (told) yield told;
        this.#heard(event);
      } else if (event.type === "ADDED") {
        items.push(event.object);
      } else if (isInitialEnd(event)) {
        yield this.#whole(items, event.object.metadata.resourceVersion);
        items = undefined;
      } else if (event.type !== "BOOKMARK") {
        throw new ProtocolError(`a ${event.type} event before the end of the initial events`);
      }
    }
    if (items !== undefined) {
      throw new ConnectionError("the stream ended before its initial events");
    }
  }

  async #list(): Promise<WatchEvent<T>> {
    const { api, resource, observer } = this.#source;
    const items: Live<T>[] = [];
    const notOlder: ListOptions = this.#version && !this.#versionLost
      ? { resourceVersion: this.#version, resourceVersionMatch: "NotOlderThan" }
      : {};
    let next: string | undefined;
    let resourceVersion: string;
    do {
      const page = await api.list(resource, {
        ...this.#selection(),
        limit: PAGE_SIZE,
        ...(next === undefined ? notOlder : { continue: next }),
      }, this.#signal).catch((error) => {
        if (next === undefined || classify(error) !== "gone") throw error;
        // The pages have expired, not the version that we asked for: begin again with that.
        throw new ProtocolError(`the list of ${resource.plural} expired`, { cause: error });
      });
      observer?.heard?.();
      for (const item of page.items) items.push(item);
      next = page.continue;
      resourceVersion = page.resourceVersion;
    } while (next !== undefined);
    return this.#whole(items, resourceVersion);
  }

  #whole(items: Live<T>[], resourceVersion: string): WatchEvent<T> {
    const rewound = this.#version !== undefined && isNewer(this.#version, resourceVersion);
    this.#version = resourceVersion;
    this.#synced = true;
    this.#versionAt = this.#source.clock.now();
    this.#versionLost = false;
    if (this.#fetch === "list once") this.#fetch = "stream";
    return { type: "sync", items, resourceVersion, rewound };
  }

  async *#listedStream(): AsyncGenerator<WatchEvent<T>> {
    yield await this.#list();
    yield* this.#stream();
  }

  async *#stream(): AsyncGenerator<WatchEvent<T>> {
    for await (const event of this.#raw({ resourceVersion: this.#version ?? "" })) {
      const told = toldBy(event);
      if (told) yield told;
      this.#heard(event);
    }
  }

  /** Takes note of how far the stream has come, once the event has been taken. */
  #heard({ object }: RawEvent<T>): void {
    const version = object.metadata.resourceVersion;
    if (this.#version === undefined || isNewer(version, this.#version)) this.#version = version;
    this.#versionAt = this.#source.clock.now();
  }

  /** The events of one connection, in order, each line parsed before the next is read. */
  async *#raw(from: Partial<WatchOptions>): AsyncGenerator<RawEvent<T>> {
    const { api, resource, clock, random, observer } = this.#source;
    const { min, max } = STREAM_SECONDS;
    const timeoutSeconds = Math.floor(min + random() * (max - min + 1));
    const began = clock.now();
    let events = 0;

    this.#answered = false;
    using deadline = new Deadline(
      clock,
      timeoutSeconds * 1000 + GRACE_MS,
      this.#signal,
      `the watch of ${qualifiedName(resource)} went silent`,
    );
    const options = { ...this.#selection(), ...from, timeoutSeconds };
    const bytes = await api.watch(resource, options, deadline.signal);
    this.#answered = true;
    observer?.heard?.();
    const chunks = chunksOf(bytes);
    deadline.cancels(chunks);
    const lines = new LineSplitter();
    try {
      while (true) {
        const chunk = await chunks.next();
        deadline.throwIfOver();
        if (!chunk) break;
        observer?.heard?.();
        deadline.rearm();
        for (const line of lines.push(chunk)) {
          const event = checked<T>(line);
          if (event.type !== "BOOKMARK") events++;
          yield event;
        }
      }
      lines.end();
    } catch (cause) {
      deadline.throwIfOver();
      const error = fromRejection(cause);
      if (classify(error) !== "bug") throw error;
      // Each client has its own words for a stream that breaks.
      const what = `the watch of ${qualifiedName(resource)} broke off`;
      throw new ConnectionError(`${what}: ${messageOf(cause)}`, { cause });
    } finally {
      // A stream that failed rejects its own cancellation; that failure is already on its way.
      chunks.cancel().catch(() => {});
    }
    if (events === 0 && clock.now() - began < SHORTEST_STREAM_MS) {
      throw new ConnectionError(`the watch of ${qualifiedName(resource)} ended at once`);
    }
  }

  #selection(): ListOptions {
    const { namespace, labelSelector, fieldSelector, metadataOnly } = this.#source;
    return { namespace, labelSelector, fieldSelector, metadataOnly: metadataOnly ?? false };
  }
}

/** What an event of the server means; nothing for one that only says how far the stream is. */
function toldBy<T extends KubernetesObject>(event: RawEvent<T>): WatchEvent<T> | undefined {
  switch (event.type) {
    case "ADDED":
    case "MODIFIED":
      return { type: "put", object: event.object };
    case "DELETED":
      return { type: "delete", object: event.object };
    case "BOOKMARK":
      return undefined;
    default:
      throw new ProtocolError(`an event of unknown type ${String(event.type)}`);
  }
}
