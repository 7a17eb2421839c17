// Facts about objects that a resource names: read when asked for, not kept.
//
// A resource may name any Secret of its namespace, and a cluster is full of Secrets that nobody
// names. So they are watched by their metadata alone, of which only the identity is kept; and an
// object is read when its fact is asked for and it is not the one that was read last. What stays
// in memory is the fact, such as digests, and never the content that it was derived from.
//
// The metadata may be ahead of or behind what is read. Newer content is welcome: its own event
// will ask for another look. Older content would be taken for the new one, so it is a conflict,
// and the queue tries again.

import type { Api } from "./api.ts";
import type { Classified } from "./errors.ts";
import { isNewer, type Key, type KubernetesObject, type Live, splitKey } from "./object.ts";
import type { Tracked } from "./tracked.ts";

/**
 * A kind that is watched by metadata, and read when a fact is asked for. Its cache needs no more
 * than `identityOnly`.
 */
export interface Referenced<T extends KubernetesObject> extends Tracked<T, KubernetesObject> {
  readonly use: "read";
}

/** What was read was older than what the watch has told of. */
export class OutdatedReadError extends Error implements Classified {
  override readonly name = "OutdatedReadError";
  readonly errorClass = "conflict";
}

/** The identity of what was read, and what was derived from it. */
interface Known<V> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly fact: V;
}

/** Gives a fact about each object of one kind that is asked for. */
export class References<T extends KubernetesObject, V> {
  readonly #api: Api;
  readonly #tracked: Referenced<T>;
  readonly #derive: (object: Live<T>) => V;
  readonly #known = new Map<Key, Known<V>>();
  readonly #reading = new Map<Key, Promise<V | undefined>>();

  /** `derive` must not hold on to the object. */
  constructor(api: Api, tracked: Referenced<T>, derive: (object: Live<T>) => V) {
    this.#api = api;
    this.#tracked = tracked;
    this.#derive = derive;
    tracked.cache.onChange(({ key, now }) => now ?? this.#known.delete(key));
  }

  /**
   * The fact about the object of a key as it is now, or undefined if there is no such object.
   *
   * @throws {OutdatedReadError} when the API server's answer is behind its own watch
   */
  async get(key: Key): Promise<V | undefined> {
    const seen = this.#tracked.cache.get(key)?.metadata;
    if (!seen) return undefined;
    const known = this.#known.get(key);
    if (known?.uid === seen.uid && known.resourceVersion === seen.resourceVersion) {
      return known.fact;
    }
    return await this.#read(key);
  }

  /** Reads the object; who asks while it is being read gets the same answer. */
  #read(key: Key): Promise<V | undefined> {
    const pending = this.#reading.get(key);
    if (pending) return pending;
    const reading = this.#readNow(key).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #readNow(key: Key): Promise<V | undefined> {
    const { resource, cache } = this.#tracked;
    const before = cache.get(key)?.metadata;
    const object = await this.#api.get(resource, splitKey(key));
    const seen = cache.get(key)?.metadata;
    if (!seen) return undefined;
    // That there is none is as old as the object that was there when we asked.
    const outdated = object
      ? isNewer(seen.resourceVersion, object.metadata.resourceVersion)
      : seen.uid !== before?.uid;
    if (outdated) {
      throw new OutdatedReadError(`${resource.kind} "${key}" changed while it was read`);
    }
    if (!object) return undefined;
    const { uid, resourceVersion } = object.metadata;
    const fact = this.#derive(object);
    this.#known.set(key, { uid, resourceVersion, fact });
    return fact;
  }
}
