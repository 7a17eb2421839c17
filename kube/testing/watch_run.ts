// One watch of things in virtual time against a script, and everything that it did.

import { Api } from "../api.ts";
import type { Random } from "../clock.ts";
import type { Live } from "../object.ts";
import { watch, type WatchSource } from "../watch.ts";
import { ByteFeed } from "./byte_feed.ts";
import { type Answer, ScriptedClient } from "./scripted_client.ts";
import { failure, rejection } from "./statuses.ts";
import { type Thing, things } from "./things.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** A failure that the loop reported. */
export interface Failure {
  readonly error: unknown;
  /** How long it then waited. */
  readonly delayMs: number;
  /** When, in milliseconds since the start. */
  readonly at: number;
}

/** A running watch. */
export class WatchRun {
  readonly clock = new VirtualClock(0);
  readonly client: ScriptedClient;
  /** What came out, one short text each: `sync 7: a@3 b@5`, `put a@8`, `delete a@9`. */
  readonly seen: string[] = [];
  readonly failures: Failure[] = [];
  /** For each time that the whole state was fetched: whether it had been before. */
  readonly syncs: boolean[] = [];
  /** When each request was made, in milliseconds since the start. */
  readonly times: number[] = [];
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(
    answers: readonly Answer[],
    options: Partial<WatchSource<Thing>> & { readonly random?: Random } = {},
  ) {
    this.client = new ScriptedClient(...answers);
    const timed = {
      performRequest: (request: Parameters<ScriptedClient["performRequest"]>[0]) => {
        this.times.push(this.clock.now());
        return this.client.performRequest(request);
      },
    };
    this.#done = this.#run({
      api: new Api(timed, this.clock),
      resource: things,
      clock: this.clock,
      random: () => 0.5,
      observer: {
        failed: (error, delayMs) =>
          void this.failures.push({ error, delayMs, at: this.clock.now() }),
        syncing: (again) => void this.syncs.push(again),
      },
      ...options,
    });
  }

  /** The requests so far, as `list limit=500` or `watch resourceVersion=7`; see {@link query}. */
  get requests(): string[] {
    return this.client.requests.map(({ querystring }) => {
      const query = new URLSearchParams(querystring);
      const verb = query.has("watch") ? "watch" : "list";
      for (const usual of ["watch", "allowWatchBookmarks", "timeoutSeconds"]) query.delete(usual);
      return `${verb} ${query}`.trim();
    });
  }

  /** One parameter of each request so far. */
  query(name: string): (string | null)[] {
    return this.client.requests.map(({ querystring }) => querystring?.get(name) ?? null);
  }

  /** Ends the watch, which must need no time, and checks that it left no timer behind. */
  async stop(): Promise<void> {
    const before = this.clock.now();
    this.#abort.abort();
    await this.clock.runUntil(this.#done);
    if (this.clock.now() !== before) throw new Error("the watch took its time to end");
    if (this.clock.pending > 0) throw new Error(`the watch left ${this.clock.pending} timers`);
  }

  async #run(source: WatchSource<Thing>): Promise<void> {
    for await (const event of watch(source, this.#abort.signal)) {
      this.seen.push(
        event.type === "sync"
          ? [`sync ${event.resourceVersion}:`, ...event.items.map(nameOf), rewound(event)].join(" ")
            .trim()
          : `${event.type} ${nameOf(event.object)}`,
      );
    }
  }
}

const rewound = (event: { readonly rewound: boolean }) => (event.rewound ? "(rewound)" : "");
const nameOf = ({ metadata }: Live<Thing>) => `${metadata.name}@${metadata.resourceVersion}`;

/** Answers with a whole stream: these events, and then the regular end. */
export const stream = (...events: readonly unknown[]): Answer => () =>
  new ByteFeed().lines(...events).end().stream;

/** Answers with a stream that gives these events and stays open. */
export const open = (...events: readonly unknown[]): Answer => () =>
  new ByteFeed().lines(...events).stream;

/** Refuses with this HTTP code. */
export const fails = (code: number): Answer => () => Promise.reject(rejection(failure(code)));

/** What an API server says that has no WatchList. */
export const noWatchList: Answer = fails(422);
