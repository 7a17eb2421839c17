// What we know of one kind: a copy that a watch keeps true.
//
// Read your own writes. A reconcile that reads a cache which has not yet seen its own last
// write acts on the past: it creates twice, or undoes itself. So every answer to a write is put
// into the cache at once (`observe`), and what the watch brings later is compared by version:
// the same version is no news, an older one is ignored. Two things follow: the cache is never
// behind our own writes, and a write of ours does not wake us up a second time.
//
// An answer can also arrive late, after the watch has told that the object is gone. So deletions
// are remembered for a while: an object is not taken for new at a version that it was deleted at.
//
// Objects are frozen, and what is not read is not kept (kept.ts).

import { Index } from "./cache_index.ts";
import { same } from "./covers.ts";
import { frozen, type Keep } from "./kept.ts";
import { isNewer, type Key, keyOf, type KubernetesObject, type Live } from "./object.ts";
import type { WatchEvent } from "./watch.ts";

/** A change of the cache that a watch brought. */
export interface CacheChange<S extends KubernetesObject> {
  readonly key: Key;
  /** Before; absent if the object is new to us, or is another object under the same name. */
  readonly old?: Live<S>;
  /** Now; absent if it is gone. */
  readonly now?: Live<S>;
  /** Part of the first whole state: nobody has just done this. */
  readonly initial: boolean;
}

/** Options of a cache. */
export interface CacheOptions<T extends KubernetesObject, S extends KubernetesObject> {
  /** What to keep of an object. @default everything but `managedFields` */
  readonly keep?: Keep<T, S>;
  /** Indexes: the values under which an object is found. */
  readonly indexes?: Readonly<Record<string, (object: Live<S>) => readonly string[]>>;
}

/** Deletions that are remembered; the race that they decide is over in less than a second. */
const REMEMBERED_DELETIONS = 1_000;

/** A store of objects of one kind, by key and by index. */
export class Cache<T extends KubernetesObject, S extends KubernetesObject = T> {
  readonly #keep: Keep<T, S>;
  readonly #objects = new Map<Key, Live<S>>();
  readonly #indexes = new Map<string, Index<S>>();
  /** UIDs of what we deleted, until the watch has seen it too. */
  readonly #deleted = new Set<string>();
  /** By UID, the version at which the watch last told of a deletion. */
  readonly #gone = new Map<string, string>();
  readonly #listeners: ((change: CacheChange<S>) => void)[] = [];
  #firstSync = Promise.withResolvers<void>();
  #synced = false;

  constructor(options: CacheOptions<T, S> = {}) {
    this.#keep = options.keep ?? ((object) => object as KubernetesObject as Live<S>);
    for (const [name, valuesOf] of Object.entries(options.indexes ?? {})) {
      this.#indexes.set(name, new Index(valuesOf));
    }
  }

  /** Resolves when the whole state has been seen once since the beginning or {@link clear}. */
  get synced(): Promise<void> {
    return this.#firstSync.promise;
  }

  get isSynced(): boolean {
    return this.#synced;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: Key): Live<S> | undefined {
    return this.#objects.get(key);
  }

  keys(): Iterable<Key> {
    return this.#objects.keys();
  }

  values(): Iterable<Live<S>> {
    return this.#objects.values();
  }

  /** The objects that an index has under a value, in no particular order. */
  byIndex(name: string, value: string): Live<S>[] {
    const index = this.#indexes.get(name);
    if (!index) throw new TypeError(`the cache has no index "${name}"`);
    const found: Live<S>[] = [];
    for (const key of index.get(value)) {
      const object = this.#objects.get(key);
      if (object) found.push(object);
    }
    return found;
  }

  /** Calls back for each change that a watch brings; not for writes of our own. */
  onChange(listener: (change: CacheChange<S>) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes in the answer to a write of ours. Returns the object as it is kept. */
  observe(object: Live<T>): Live<S> {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    const isPast = this.#isPast(object, old);
    if (isPast && old?.metadata.uid === object.metadata.uid) return old;
    const kept = frozen(object, this.#keep, old);
    if (isPast) return kept;
    this.#store(key, kept);
    return kept;
  }

  /**
   * Takes in the answer to a write of status that was decided from `seen`. What else differs is
   * somebody's edit that arrived before our write: its own event will be older than what is now
   * known, so it is told here or never.
   */
  observeStatus(object: Live<T>, seen: Live<S>): void {
    const now = this.observe(object);
    const { uid, generation, deletionTimestamp, labels, annotations } = now.metadata;
    const before = seen.metadata;
    const edited = uid === before.uid &&
      (generation !== before.generation || deletionTimestamp !== before.deletionTimestamp ||
        !same(labels, before.labels) || !same(annotations, before.annotations));
    if (edited) this.#notify({ key: keyOf(now), old: seen, now, initial: false });
  }

  /** Takes note that we deleted the object with this UID. */
  observeDeleted(key: Key, uid: string): void {
    if (this.#objects.get(key)?.metadata.uid !== uid) return;
    this.#deleted.add(uid);
    this.#remove(key);
  }

  /** Takes note that the kind does not exist any more: nothing of it does, nothing is known. */
  clear(): void {
    this.#forgetVersions();
    if (this.#synced) this.#firstSync = Promise.withResolvers();
    this.#synced = false;
    for (const [key, old] of this.#objects) {
      this.#remove(key);
      this.#notify({ key, old, initial: false });
    }
  }

  /** Follows a watch until it ends, which only its abort signal makes it do. */
  async follow(events: AsyncIterable<WatchEvent<T>>): Promise<void> {
    for await (const event of events) {
      switch (event.type) {
        case "sync":
          if (event.rewound) this.#forgetVersions();
          this.#replace(event.items, event.resourceVersion, event.rewound);
          break;
        case "put":
          this.#put(event.object, false);
          break;
        case "delete":
          this.#delete(event.object);
          break;
      }
    }
  }

  #replace(items: readonly Live<T>[], version: string, rewound: boolean): void {
    const initial = !this.#synced;
    const present = new Set<Key>();
    const alive = new Set<string>();
    for (const item of items) {
      present.add(keyOf(item));
      alive.add(item.metadata.uid);
      this.#put(item, initial, rewound);
    }
    for (const [key, object] of this.#objects) {
      // An object that we wrote after the list was taken is not in it, but it exists.
      const later = !rewound && isNewer(object.metadata.resourceVersion, version);
      if (!present.has(key) && !later) this.#lose(key, object, version, initial);
    }
    // What is in the list although we deleted it was listed before that: the end is still to come.
    for (const uid of this.#deleted) if (!alive.has(uid)) this.#deleted.delete(uid);
    this.#synced = true;
    this.#firstSync.resolve();
  }

  #put(seen: Live<T>, initial: boolean, rewound = false): void {
    const key = keyOf(seen);
    const { uid } = seen.metadata;
    if (this.#deleted.has(uid)) return;
    const old = this.#objects.get(key);
    // Every other event is the echo of a write of ours: it costs no more than this.
    if (!rewound && this.#isPast(seen, old)) return;
    const object = frozen(seen, this.#keep, old);
    this.#store(key, object);
    if (old && old.metadata.uid === uid) {
      this.#notify({ key, old, now: object, initial });
      return;
    }
    // The same name with another UID is another object: one has gone, one has come.
    if (old) this.#notify({ key, old, initial });
    this.#notify({ key, now: object, initial });
  }

  #delete(object: Live<T>): void {
    const key = keyOf(object);
    const { uid, resourceVersion } = object.metadata;
    this.#deleted.delete(uid);
    this.#remember(uid, resourceVersion);
    const old = this.#objects.get(key);
    if (old?.metadata.uid === uid) this.#lose(key, old, resourceVersion, false);
  }

  #lose(key: Key, old: Live<S>, version: string, initial: boolean): void {
    this.#remember(old.metadata.uid, version);
    this.#remove(key);
    this.#notify({ key, old, initial });
  }

  #remember(uid: string, version: string): void {
    this.#gone.delete(uid);
    this.#gone.set(uid, version);
    if (this.#gone.size <= REMEMBERED_DELETIONS) return;
    for (const oldest of this.#gone.keys()) {
      this.#gone.delete(oldest);
      return;
    }
  }

  /** Whether an object is no news: as old as what we have, or as its own deletion. */
  #isPast({ metadata }: Live<T> | Live<S>, old: Live<S> | undefined): boolean {
    const { uid, resourceVersion } = metadata;
    const gone = this.#gone.get(uid);
    if (gone !== undefined && !isNewer(resourceVersion, gone)) return true;
    return old !== undefined && !isNewer(resourceVersion, old.metadata.resourceVersion);
  }

  /** The versions that we know are of a history that never was. */
  #forgetVersions(): void {
    this.#gone.clear();
    this.#deleted.clear();
  }

  #store(key: Key, object: Live<S>): void {
    const old = this.#objects.get(key);
    for (const index of this.#indexes.values()) index.replace(key, old, object);
    this.#objects.set(key, object);
  }

  #remove(key: Key): void {
    const old = this.#objects.get(key);
    for (const index of this.#indexes.values()) index.replace(key, old, undefined);
    this.#objects.delete(key);
  }

  #notify(change: CacheChange<S>): void {
    for (const listener of this.#listeners) listener(change);
  }
}
