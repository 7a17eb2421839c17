// Runs a reconcile function for every key that needs a look.
//
// Changes of the resource itself, of what it owns and of what it looks at (relations.ts) only
// put its key into the queue; the reconcile function reads the caches and decides from what is,
// not from what happened. A key is never worked on twice at a time, a failure delays its own key
// alone, and what a user has just edited overtakes what nobody waits for.

import type { Clock, Random } from "./clock.ts";
import { same } from "./covers.ts";
import { ApiError, classify, type ErrorClass, messageOf } from "./errors.ts";
import type { Logger } from "./log.ts";
import type { Key, KubernetesObject, Live } from "./object.ts";
import { type Lane, Queue, type QueueObserver } from "./queue.ts";
import { type Look, ownedBy, type Related } from "./relations.ts";
import { apiVersionOf } from "./resource.ts";
import { traced } from "./tracing.ts";
import type { AnyTracked, Tracked } from "./tracked.ts";

/** What a reconcile says about its key. An error says: try again, later each time. */
export type Outcome = Verdict & {
  /** How many writes it took. */
  readonly writes?: number;
};

export type Verdict =
  /** Nothing to do until something changes. */
  | { readonly result: "done" }
  /** The most urgent is done: look again when everything that waits now has had its turn. */
  | { readonly result: "yield" }
  /** Look again after this long, whatever happens until then. */
  | { readonly result: "wait"; readonly afterMs: number; readonly reason: string }
  /** It will not progress until somebody changes something; `reason` is in its status. */
  | { readonly result: "stalled"; readonly reason: string };

export const done: Outcome = { result: "done" };

/** What a controller is made of. */
export interface ControllerOptions<T extends KubernetesObject> {
  /** Lower-case name for logs and metrics, such as `dittoserver`. */
  readonly name: string;
  readonly primary: Tracked<T>;
  /**
   * What of a primary resource decides about what is done. Other changes of it, our own of its
   * status above all, bring no look. @default everything
   */
  readonly concerns?: (resource: Live<T>) => unknown;
  /** Kinds whose objects have the primary resource as their controller owner. */
  readonly owned: readonly AnyTracked[];
  /** Kinds that it looks at without owning them. @default none */
  readonly related?: readonly Related[];
  /** What else can say that a key needs a look, though no watch brings it. @default none */
  readonly triggers?: readonly Trigger[];
  readonly reconcile: (key: Key, log: Logger) => Promise<Outcome>;
  /** Keys worked on at the same time. @default {@link DEFAULT_WORKERS} */
  readonly workers?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly observer?: ControllerObserver | undefined;
  /**
   * Average time between two looks at an object that nothing happened to; `Infinity` where
   * somebody else has an eye on it. @default 10 h
   */
  readonly recheckMs?: number;
}

/** Something that has no watch: it says itself whose key to look at. */
export interface Trigger {
  /** From now on tells of each key that has to be looked at. */
  listen(look: Look): void;
}

/** What happens in a controller, for metrics. */
export interface ControllerObserver extends QueueObserver {
  /** A re-check found something to write: a watch must have missed it. */
  missed?(): void;
  /** One reconcile ended. `result` is that of controller-runtime's metric. */
  reconciled?(result: ReconcileResult, ms: number, failure?: ErrorClass): void;
}

export type ReconcileResult = "success" | "requeue" | "requeue_after" | "error";

/** What controller-runtime would call a verdict. */
const RESULTS: Readonly<Record<Verdict["result"], ReconcileResult>> = {
  done: "success",
  stalled: "success",
  yield: "requeue",
  wait: "requeue_after",
};

/**
 * Keys worked on at the same time, unless told. A worker waits for the API server most of the
 * time; six keep a small one busy, and more only make each request, an edit's too, wait longer.
 */
export const DEFAULT_WORKERS = 6;
/** Further workers that wait for users' edits alone, however long the backlog is. */
export const EDIT_WORKERS = 2;
const DEFAULT_RECHECK_MS = 10 * 3_600_000;
/** The delay from which on conflicts have come back too often to be left unsaid. */
const LASTING_MS = 8_000;

/** A controller, whatever its resource. */
export type AnyController = Pick<Controller<KubernetesObject>, "run" | "queue">;

/** When a key is looked at again though nothing happened to it. */
interface Recheck {
  due: number;
  timer: Disposable;
}

/** A controller of one resource. */
export class Controller<T extends KubernetesObject> {
  readonly #options: ControllerOptions<T>;
  readonly #log: Logger;
  readonly queue: Queue<Key>;
  /** The last net: each object is looked at again some day, though no watch asked for it. */
  readonly #rechecks = new Map<Key, Recheck>();
  readonly #rechecking = new Set<Key>();

  constructor(options: ControllerOptions<T>) {
    this.#options = options;
    this.#log = options.log.with({ controller: options.name });
    this.queue = new Queue(options.clock, {}, options.observer);
    this.#listen();
  }

  /** Works until `signal` aborts; then returns when the work in hand is done. */
  async run(signal: AbortSignal): Promise<void> {
    const length = this.#options.workers ?? DEFAULT_WORKERS;
    const general = Array.from({ length }, () => this.#work(signal));
    const reserved = Array.from({ length: EDIT_WORKERS }, () => this.#work(signal, "user"));
    await Promise.all([...general, ...reserved]);
    for (const { timer } of this.#rechecks.values()) timer[Symbol.dispose]();
    this.#rechecks.clear();
    // Whoever works next, perhaps this copy when it leads again, begins with them.
    this.queue.hurryAll();
  }

  #listen(): void {
    const { primary, owned, related = [], triggers = [], concerns } = this.#options;
    primary.cache.onChange(({ key, old, now, initial }) => {
      if (concerns && old && now && same(concerns(old), concerns(now))) return;
      const edited = !initial && old?.metadata.generation !== now?.metadata.generation;
      // New objects are the background: a thousand of them must not delay one edit.
      this.#look(key, edited && old !== undefined ? "user" : "background");
    });
    const look: Look = (key, lane) => this.#look(key, lane);
    for (const tracked of owned) ownedBy(primary.resource, tracked).listen(look);
    for (const { listen } of related) listen(look);
    for (const trigger of triggers) trigger.listen(look);
  }

  /** Something happened to a key. */
  #look(key: Key, lane: Lane): void {
    this.#rechecking.delete(key);
    this.queue.add(key, lane);
  }

  /** Plans the next look at a key that nothing may happen to. */
  #planRecheck(key: Key): void {
    const { clock, random, primary, recheckMs = DEFAULT_RECHECK_MS } = this.#options;
    const planned = this.#rechecks.get(key);
    if (!primary.cache.get(key) || recheckMs === Infinity) {
      planned?.timer[Symbol.dispose]();
      this.#rechecks.delete(key);
      return;
    }
    const afterMs = recheckMs * (0.5 + random());
    const due = clock.now() + afterMs;
    // A timer that is set runs on: it finds out that it came too early. Keys are looked at often.
    if (planned) planned.due = due;
    else this.#rechecks.set(key, { due, timer: this.#recheckTimer(key, afterMs) });
  }

  #recheckTimer(key: Key, afterMs: number): Disposable {
    return this.#options.clock.timer(afterMs, () => {
      const planned = this.#rechecks.get(key);
      const leftMs = (planned?.due ?? 0) - this.#options.clock.now();
      if (planned && leftMs > 0) {
        planned.timer = this.#recheckTimer(key, leftMs);
        return;
      }
      this.#rechecks.delete(key);
      this.#rechecking.add(key);
      this.queue.add(key, "background");
    });
  }

  async #work(signal: AbortSignal, only?: "user"): Promise<void> {
    for (let key; (key = await this.queue.take(signal, only)) !== undefined;) {
      try {
        await this.#visit(key);
      } finally {
        this.queue.done(key);
      }
    }
  }

  async #visit(key: Key): Promise<void> {
    const { clock, observer, reconcile, name } = this.#options;
    const slash = key.lastIndexOf("/");
    const log = this.#log.with({ namespace: key.slice(0, slash), name: key.slice(slash + 1) });
    const began = clock.now();
    const rechecking = this.#rechecking.delete(key);
    try {
      const outcome = await traced(`reconcile ${name}`, key, () => reconcile(key, log));
      this.queue.forget(key);
      this.#planRecheck(key);
      if (rechecking && outcome.writes) {
        observer?.missed?.();
        log.error("a re-check found work that no watch had told of", { writes: outcome.writes });
      }
      if (outcome.result === "wait") this.queue.addAfter(key, outcome.afterMs);
      if (outcome.result === "yield") this.queue.add(key, "background");
      observer?.reconciled?.(RESULTS[outcome.result], clock.now() - began);
    } catch (error) {
      const failure = classify(error);
      observer?.reconciled?.("error", clock.now() - began, failure);
      this.#retry(key, error, failure, log);
    }
  }

  #retry(key: Key, error: unknown, failure: ErrorClass, log: Logger): void {
    const retryAfterMs = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    const delayMs = this.queue.retry(key, retryAfterMs);
    const fields = { error: messageOf(error), errorClass: failure, retryAfterMs: delayMs };
    // A conflict says that we looked too early, which is nobody's mistake unless it comes back.
    if (failure === "conflict" && delayMs < LASTING_MS) {
      log.debug("what we knew was out of date", fields);
    } else log.error("reconcile failed", fields);
    if (failure === "bug" && error instanceof Error) {
      log.debug("stack of the failure", { stack: error.stack });
    }
  }
}

/** The spec of a resource, and whether it is going: what a status cannot change. */
export function specConcerns({ metadata }: Live<KubernetesObject>): unknown {
  const { uid, generation = 0, deletionTimestamp = "" } = metadata;
  return [uid, generation, deletionTimestamp];
}

/** The owner reference that makes `owner` the controller of an object. */
export function controllerReference<T extends KubernetesObject>(
  { resource }: Pick<Tracked<T>, "resource">,
  owner: { readonly metadata: { readonly name: string; readonly uid: string } },
) {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  } as const;
}
