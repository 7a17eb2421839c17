// Kinds of others, which a cluster may have or not have, today or from tomorrow on.
//
// Whether such a kind is served is seen from its CustomResourceDefinition: definitions are watched
// by metadata alone, and the kind is watched while its definition exists. So a kind that is
// installed later needs no restart, one that is removed leaves nothing behind in its cache, and
// what does not exist is not asked for over and over. A definition is there a moment before its
// kind is: until the whole state of the kind has been seen, it does not count as served. If it is
// never found, because another version of it is served, it is left alone until its definition
// changes, but for a rare look.

import { Cache } from "./cache.ts";
import type { Clock } from "./clock.ts";
import { identityOnly } from "./kept.ts";
import type { Key, KubernetesObject } from "./object.ts";
import type { Related } from "./relations.ts";
import { qualifiedName, resource, type ResourceName } from "./resource.ts";
import type { AnyTracked, Tracked } from "./tracked.ts";

/** How often a kind may not be found, after its definition is there, before it is left alone. */
const PATIENCE = 6;
/** Time until a kind that was left alone is looked for again, in milliseconds. */
const REST_MS = 1_800_000;

/** Watches one kind until the signal aborts, and tells each time that it was not found. */
export type WatchKind = (signal: AbortSignal, notFound: () => void) => Promise<void>;

/** Knows which kinds of others are served. */
export class ServedKinds {
  /** The definitions by name, which is that of `kubectl`: `servicemonitors.monitoring.coreos.com`. */
  readonly definitions: Tracked<KubernetesObject> = {
    resource: resource({
      group: "apiextensions.k8s.io",
      version: "v1",
      kind: "CustomResourceDefinition",
      plural: "customresourcedefinitions",
      namespaced: false,
    }),
    cache: new Cache({ keep: identityOnly }),
    use: "watch",
  };
  readonly #clock: Clock;
  readonly #served = new Set<string>();
  readonly #listeners: ((name: string) => void)[] = [];
  /** Who waits for a change of which definition. */
  readonly #waiting = new Set<{ readonly name: string; readonly wake: () => void }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.definitions.cache.onChange(({ key }) => {
      for (const { name, wake } of this.#waiting) if (name === key) wake();
    });
  }

  /** Whether objects of a kind can be written, and the cache has all that there are. */
  isServed(kind: ResourceName): boolean {
    return this.#served.has(qualifiedName(kind));
  }

  /** Looks at all these keys whenever a kind begins or ceases to be served. */
  related(kind: ResourceName, keys: () => Iterable<Key>): Related {
    return {
      tracked: this.definitions,
      listen: (look) =>
        this.#listeners.push((name) => {
          if (name !== qualifiedName(kind)) return;
          for (const key of keys()) look(key, "background");
        }),
    };
  }

  /** Watches a kind while it is served, again and again until the signal aborts. */
  async whileServed(
    { resource, cache }: Pick<AnyTracked, "resource" | "cache">,
    signal: AbortSignal,
    watch: WatchKind,
  ): Promise<void> {
    const name = qualifiedName(resource);
    while (!signal.aborted) {
      const definition = this.#definitionOf(name);
      if (!definition) {
        await this.#change(name, signal);
        continue;
      }
      const end = new AbortController();
      const ending = AbortSignal.any([signal, end.signal]);
      const gone = this.#gone(name, definition.uid, ending).then(() => end.abort());
      void cache.synced.then(() => ending.aborted || this.#tell(name, true));
      let misses = 0;
      await watch(ending, () => {
        // What was there before is missing only while a server starts.
        if (!cache.isSynced && ++misses === PATIENCE) end.abort();
      });
      await gone;
      if (signal.aborted) return;
      cache.clear();
      this.#tell(name, false);
      if (misses < PATIENCE) continue;
      const unchanged = this.#definitionOf(name)?.resourceVersion === definition.resourceVersion;
      if (unchanged) await this.#change(name, signal, REST_MS);
    }
  }

  /** Resolves when a definition is no longer the one with this UID, or on abort. */
  async #gone(name: string, uid: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#definitionOf(name)?.uid === uid) {
      await this.#change(name, signal);
    }
  }

  /** Resolves at the next change of a definition, or on abort, or after a while. */
  async #change(name: string, signal: AbortSignal, withinMs?: number): Promise<void> {
    const { promise, resolve: wake } = Promise.withResolvers<void>();
    const waiting = { name, wake };
    this.#waiting.add(waiting);
    const abort = () => wake();
    signal.addEventListener("abort", abort);
    using _rest = withinMs === undefined ? undefined : this.#clock.timer(withinMs, wake);
    if (!signal.aborted) await promise;
    signal.removeEventListener("abort", abort);
    this.#waiting.delete(waiting);
  }

  #definitionOf(name: string) {
    return this.definitions.cache.get(name)?.metadata;
  }

  #tell(name: string, served: boolean): void {
    if (served === this.#served.has(name)) return;
    if (served) this.#served.add(name);
    else this.#served.delete(name);
    for (const listener of this.#listeners) listener(name);
  }
}
