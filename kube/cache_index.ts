// An index of a cache: which keys are found under a value.

import type { Key, KubernetesObject, Live } from "./object.ts";

/** Keys by the values that their objects have. */
export class Index<S extends KubernetesObject> {
  readonly #valuesOf: (object: Live<S>) => readonly string[];
  readonly #keys = new Map<string, Set<Key>>();

  constructor(valuesOf: (object: Live<S>) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  /** The keys under a value, in no particular order. */
  get(value: string): Iterable<Key> {
    return this.#keys.get(value) ?? [];
  }

  /** Takes note that an object was `old` and is `now`; absent: there was or is none. */
  replace(key: Key, old: Live<S> | undefined, now: Live<S> | undefined): void {
    for (const value of old ? this.#valuesOf(old) : []) {
      const keys = this.#keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(value);
    }
    for (const value of now ? this.#valuesOf(now) : []) {
      const keys = this.#keys.get(value);
      if (keys) keys.add(key);
      else this.#keys.set(value, new Set([key]));
    }
  }
}
