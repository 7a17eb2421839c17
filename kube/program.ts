// Runs watches, election and controllers together, from the first connection to a clean end.

import type { Api } from "./api.ts";
import type { Clock, Random } from "./clock.ts";
import type { AnyController } from "./controller.ts";
import { ApiError, classify } from "./errors.ts";
import { explain } from "./explain.ts";
import { elect, type ElectionOptions } from "./lease.ts";
import type { Logger } from "./log.ts";
import { Recovery } from "./recovery.ts";
import { qualifiedName } from "./resource.ts";
import type { Metrics } from "./metrics.ts";
import type { ServedKinds } from "./served.ts";
import type { AnyTracked } from "./tracked.ts";
import { watch, type WatchObserver } from "./watch.ts";

/** One kind to be watched, and which of its objects. */
export interface Watched {
  readonly tracked: AnyTracked;
  readonly labelSelector?: string;
  readonly metadataOnly?: boolean;
  /** A kind that a cluster may not have: it is watched while it is served, and not waited for. */
  readonly whileServed?: ServedKinds;
}

/** Everything a program of controllers consists of. */
export interface ProgramOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly watched: readonly Watched[];
  readonly controllers: readonly AnyController[];
  /** Absent: this copy is the only one and always leads. */
  readonly election?: Pick<ElectionOptions, "namespace" | "name" | "identity" | "onChange">;
  readonly metrics?: Pick<Metrics, "watch">;
}

/** Watches and controllers under one roof. */
export class Program {
  readonly #options: ProgramOptions;
  /** Last explanation that was logged per kind, so that a long outage is one line. */
  readonly #told = new Map<string, string>();
  /** What must have been seen whole before work begins. */
  readonly #needed: readonly AnyTracked[];
  readonly #recovery: Recovery;

  constructor(options: ProgramOptions) {
    const { api, clock, random, controllers, watched } = options;
    this.#options = options;
    this.#needed = watched.filter(({ whileServed }) => !whileServed).map(({ tracked }) => tracked);
    this.#recovery = new Recovery(clock, random, () => api.isReady());
    this.#recovery.onRecovered(() => {
      for (const { queue } of controllers) queue.hurry();
    });
  }

  /** Whether every watch has seen its whole state once, but of kinds that may not exist. */
  get isSynced(): boolean {
    return this.#needed.every(({ cache }) => cache.isSynced);
  }

  /** Runs until `signal` aborts and everything has come to rest. */
  async run(signal: AbortSignal): Promise<void> {
    const { election, log, watched } = this.#options;
    const gates = new Set(watched.flatMap(({ whileServed }) => whileServed ?? []));
    const definitions = [...gates].map((gate) => ({
      tracked: gate.definitions,
      metadataOnly: true,
    }));
    const watches = [...watched, ...definitions].map((each) => this.#watch(each, signal));
    if (election) {
      await elect({ ...this.#options, ...election }, signal, (term) => {
        // Another copy may lead as soon as the lease has run out: nothing of ours may follow.
        term.addEventListener("abort", () => {
          if (!signal.aborted) this.#options.api.abortPending("the leader lease is lost");
        });
        return this.#lead(term);
      });
    } else {
      await this.#lead(signal);
    }
    await Promise.all(watches);
    log.info("stopped");
  }

  async #lead(signal: AbortSignal): Promise<void> {
    const { controllers, log } = this.#options;
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const synced = Promise.all(this.#needed.map(({ cache }) => cache.synced));
    await Promise.race([synced, aborted]);
    if (signal.aborted) return;
    log.info("all caches are in sync, starting workers");
    await Promise.all(controllers.map((controller) => controller.run(signal)));
  }

  async #watch(
    { tracked, whileServed, ...selection }: Watched,
    signal: AbortSignal,
  ): Promise<void> {
    if (!whileServed) return await this.#watchNow(tracked, selection, signal);
    const resource = qualifiedName(tracked.resource);
    await whileServed.whileServed(tracked, signal, async (served, notFound) => {
      this.#options.log.info("an optional kind is there, watching it", { resource });
      await this.#watchNow(tracked, selection, served, notFound);
      this.#options.log.info("an optional kind is watched no more", { resource });
      this.#recovered(resource);
    });
  }

  /** Watches until the signal aborts. `notFound` is told of a kind that is not there. */
  async #watchNow(
    { resource, cache }: AnyTracked,
    selection: Omit<Watched, "tracked" | "whileServed">,
    signal: AbortSignal,
    notFound?: () => void,
  ): Promise<void> {
    const { api, clock, random, namespace } = this.#options;
    const name = qualifiedName(resource);
    const measured = this.#options.metrics?.watch(name, signal);
    const observer: WatchObserver = {
      syncing: (again) => measured?.syncing?.(again),
      heard: () => {
        measured?.heard?.();
        this.#recovered(name);
      },
      failed: (error, delayMs) => {
        measured?.failed?.(error, delayMs);
        const failure = classify(error);
        if (notFound && failure === "notFound") notFound();
        // A kind that comes or goes is "(re)initializing" for a moment, which is no fault.
        const expected = failure === "notFound" || failure === "transient";
        if (notFound && expected && error instanceof ApiError) {
          this.#options.log.debug(explain(error, resource), { resource: name, delayMs });
        } else {
          this.#tell(name, explain(error, resource), delayMs);
        }
      },
    };
    const recovery = this.#recovery;
    const source = { api, resource, namespace, clock, random, observer, recovery, ...selection };
    await cache.follow(watch(source, signal));
  }

  #tell(name: string, explanation: string, delayMs: number): void {
    if (this.#told.get(name) === explanation) return;
    this.#told.set(name, explanation);
    const others = [...this.#told].some(([other, text]) => other !== name && text === explanation);
    const level = others ? "debug" : "error";
    this.#options.log[level](`${explanation}; trying again`, { resource: name, delayMs });
  }

  #recovered(name: string): void {
    if (!this.#told.delete(name) || this.#told.size > 0) return;
    this.#options.log.info("all watches work again");
  }
}
