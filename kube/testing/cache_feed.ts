// A cache of things, fed by hand, and everything that it told its listeners.

import { Cache, type CacheChange, type CacheOptions } from "../cache.ts";
import type { Live } from "../object.ts";
import type { WatchEvent } from "../watch.ts";
import type { Thing } from "./things.ts";

/** A cache and what goes in and comes out. */
export interface CacheFeed {
  readonly cache: Cache<Thing>;
  readonly changes: CacheChange<Thing>[];
  /** Lets the cache follow these events to their end. */
  readonly feed: (...events: readonly WatchEvent<Thing>[]) => Promise<void>;
}

export function cacheOf(options: CacheOptions<Thing, Thing> = {}): CacheFeed {
  const cache = new Cache<Thing>(options);
  const changes: CacheChange<Thing>[] = [];
  cache.onChange((change) => void changes.push(change));
  return {
    cache,
    changes,
    feed: (...events) =>
      cache.follow((async function* () {
        yield* events;
      })()),
  };
}

/** The whole state at a version; a last argument may say that history was set back. */
export function sync(
  version: number | string,
  ...items: readonly (Live<Thing> | { readonly rewound: boolean })[]
): WatchEvent<Thing> {
  return {
    type: "sync",
    resourceVersion: String(version),
    items: items.filter((item) => "metadata" in item),
    rewound: items.some((item) => "rewound" in item && item.rewound),
  };
}

export const put = (object: Live<Thing>): WatchEvent<Thing> => ({ type: "put", object });
export const del = (object: Live<Thing>): WatchEvent<Thing> => ({ type: "delete", object });

/** What a cache holds, as `namespace/name@version`, sorted. */
export function keysOf(cache: Cache<Thing>): string[] {
  return [...cache.values()].map(({ metadata }) =>
    `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`
  ).sort();
}

/** A change, as `key: old version → new version`. */
export function textOf({ key, old, now, initial }: CacheChange<Thing>): string {
  const version = (object?: Live<Thing>) => object?.metadata.resourceVersion ?? "none";
  return `${key}: ${version(old)} → ${version(now)}${initial ? " (initial)" : ""}`;
}
