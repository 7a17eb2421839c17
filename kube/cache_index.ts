// An index of a cache: which keys are found under a value.

import type { Key, KubernetesObject, Live } from "./object.ts";

const NONE: readonly string[] = [];

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
    const before = old ? this.#valuesOf(old) : NONE;
    const after = now ? this.#valuesOf(now) : NONE;
    if (old && now && isEqual(before, after)) return;
    for (const value of before) {
      const keys = this.#keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(value);
    }
    for (const value of after) {
      const keys = this.#keys.get(value);
      if (keys) keys.add(key);
      else this.#keys.set(value, new Set([key]));
    }
  }
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
