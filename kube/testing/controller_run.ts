// One controller in virtual time, the caches that feed it, and everything that it did.

import { Controller, type ControllerOptions, done, type Outcome } from "../controller.ts";
import { jsonLogger } from "../log.ts";
import type { Key } from "../object.ts";
import { type CacheFeed, cacheOf } from "./cache_feed.ts";
import { type Thing, things } from "./things.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** A controller of things that own things, and what it did. */
export class ControllerRun {
  readonly clock = new VirtualClock(0);
  readonly primary: CacheFeed = cacheOf();
  readonly owned: CacheFeed = cacheOf();
  readonly visits: Key[] = [];
  readonly log: { level: string; msg: string }[] = [];
  readonly told: string[] = [];
  /** What the next visits say; `done` when there is nothing left. */
  readonly outcomes: (() => Outcome | Promise<Outcome>)[] = [];
  readonly controller: Controller<Thing>;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: Partial<ControllerOptions<Thing>> = {}) {
    this.controller = new Controller<Thing>({
      name: "thing",
      primary: { resource: things, cache: this.primary.cache, use: "watch" },
      owned: [{ resource: things, cache: this.owned.cache, use: "watch" }],
      reconcile: (key) => this.#visit(key),
      workers: 1,
      clock: this.clock,
      random: () => 0.5,
      log: jsonLogger((line) => this.log.push(JSON.parse(line)), "debug"),
      observer: {
        missed: () => this.told.push("missed"),
        reconciled: (result, _ms, error) => this.told.push(error ? `${result} ${error}` : result),
      },
      ...options,
    });
    this.#running = this.controller.run(this.#abort.signal);
  }

  /** Tells the controller to end; resolves when it has. */
  end(): Promise<void> {
    this.#abort.abort();
    return this.#running;
  }

  /** The same, when nothing is in its way. */
  async stop(): Promise<void> {
    await this.clock.runUntil(this.end());
  }

  async #visit(key: Key): Promise<Outcome> {
    this.visits.push(key.replace("default/", ""));
    await Promise.resolve();
    return await (this.outcomes.shift()?.() ?? done);
  }
}
