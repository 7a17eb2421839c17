// When did an object first look like this? A watch of one kind, whose every event is stamped with
// the time at which it came in and held against what is being waited for. One connection and no
// polling: the measuring client must leave the machine to the measured one.

import type { Api } from "../kube/api.ts";
import { systemClock } from "../kube/clock.ts";
import { type Key, keyOf, type KubernetesObject, type Live } from "../kube/object.ts";
import type { Resource } from "../kube/resource.ts";
import { watch } from "../kube/watch.ts";

/** Which objects to look at. */
export interface SightingOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** Only `metadata` of each object is transferred. */
  readonly metadataOnly?: boolean;
}

interface Waiting<T extends KubernetesObject> {
  readonly test: (object: Live<T>) => boolean;
  readonly seen: (at: number) => void;
}

/** The objects of one kind, as they come into sight. */
export class Sightings<T extends KubernetesObject> implements AsyncDisposable {
  /** When each object was first seen, on the clock of `performance.now()`. */
  readonly first = new Map<Key, number>();
  readonly #waiting = new Map<Key, Set<Waiting<T>>>();
  readonly #objects = new Map<Key, Live<T>>();
  readonly #stop = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #loop: Promise<void> = Promise.resolve();

  /** Begins to watch; resolves when all objects that exist have been seen. */
  static async open<T extends KubernetesObject>(
    api: Api,
    resource: Resource<T>,
    options: SightingOptions = {},
  ): Promise<Sightings<T>> {
    const sightings = new Sightings<T>();
    const source = { api, resource, clock: systemClock, random: Math.random, ...options };
    sightings.#loop = sightings.#follow(watch(source, sightings.#stop.signal));
    await sightings.#synced.promise;
    return sightings;
  }

  /**
   * When the object first satisfied the test, counted from now on: an object that already does is
   * reported with the present time.
   *
   * @throws {Error} when that has not happened within `within` milliseconds
   */
  async when(key: Key, test: (object: Live<T>) => boolean, within: number): Promise<number> {
    const present = this.#objects.get(key);
    if (present && test(present)) return performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const waiting = { test, seen: resolve };
    const all = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, all.add(waiting));
    const timer = setTimeout(() => {
      reject(new Error(`${key} did not become what was expected within ${within / 1000} s`));
    }, within);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      all.delete(waiting);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #follow(events: ReturnType<typeof watch<T>>): Promise<void> {
    for await (const event of events) {
      const at = performance.now();
      if (event.type === "put") this.#see(event.object, at);
      else if (event.type === "delete") this.#objects.delete(keyOf(event.object));
      else {
        this.#objects.clear();
        for (const item of event.items) this.#see(item, at);
        this.#synced.resolve();
      }
    }
  }

  #see(object: Live<T>, at: number): void {
    const key = keyOf(object);
    this.#objects.set(key, object);
    if (!this.first.has(key)) this.first.set(key, at);
    for (const { test, seen } of this.#waiting.get(key) ?? []) {
      if (test(object)) seen(at);
    }
  }
}
