// The only way to write.
//
// What we want is written by server-side apply under one field manager, so that the fields of
// others survive and a hand edit of ours is put back. Most of the time nothing must be written,
// and then nothing is sent. When may an apply be skipped?
//
// - Our fields have not changed since we last applied them: their digest, which we leave on the
//   object as an annotation, is the same. This also tells which fields we no longer want: they
//   are not in what we want now, only in what we wanted then, so only the digest differs.
// - Nobody else has changed them: the live object covers what we want (covers.ts).
//
// Both can be seen on the object itself, so a restarted operator writes nothing either. An
// object that we have just applied, or have found right, is remembered by identity (objects in
// the cache are immutable), so an unchanged object costs one look-up.
//
// An object that has our name but is not ours is never touched: the first apply creates, and is
// refused when something is already there (write_requests.ts). An object of ours that has no
// digest may be the work of an older program; what that owns is made ours first (takeover.ts).

import type { Api, PropagationPolicy } from "./api.ts";
import { covers, same } from "./covers.ts";
import { digestOf } from "./digest.ts";
import { fingerprint } from "./fingerprint.ts";
import type { MergePatch } from "./merge_patch.ts";
import {
  controllerOf,
  keyOf,
  type KubernetesObject,
  type Live,
  makeKey,
  type OwnerReference,
} from "./object.ts";
import { alreadyExists, type HeirloomLabels, mustBeOurs } from "./ownership.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import { takenOver } from "./takeover.ts";
import type { Applied, CreatedOnce, Deletable, Patchable, Tracked } from "./tracked.ts";
import { placeOf, WriteRequests } from "./write_requests.ts";

/** As whom to write. */
export interface WriterOptions {
  readonly fieldManager: string;
  /** The annotation in which the digest of what was applied is kept on each object. */
  readonly digestAnnotation: string;
  /** Field managers of older programs, which wrote the same objects with updates. */
  readonly formerManagers?: readonly string[];
}

/** Writes under one field manager. */
export class Writer {
  readonly #api: Api;
  readonly #options: WriterOptions;
  readonly #send: WriteRequests;
  /** Live objects that are known to be as we want them, by identity, with what we want. */
  #right = new WeakMap<object, number>();

  constructor(api: Api, options: WriterOptions) {
    this.#api = api;
    this.#options = options;
    this.#send = new WriteRequests(api, options.fieldManager);
  }

  /** How many writes were sent. */
  get writes(): number {
    return this.#send.sent;
  }

  /** The same writer with a count of its own. */
  session(): Writer {
    const session = new Writer(this.#api, this.#options);
    session.#right = this.#right;
    return session;
  }

  /**
   * Makes an object be as desired. Its controller owner must be the one that `desired` names, or
   * for one that can have none it must have the labels of an `heirloom`; otherwise it is not ours
   * and {@link NotOursError} is thrown. Returns the live object.
   */
  async apply<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: Applied<T, S>,
    desired: T,
    heirloom?: HeirloomLabels,
  ): Promise<Live<S>> {
    const owner = controllerOf(desired);
    const wanted = fingerprint(desired);
    const live = cache.get(keyOf(desired));
    if (live && this.#right.get(live) === wanted) return live;
    const digest = digestOf(desired);
    if (live) {
      mustBeOurs(live, owner, resource.kind, heirloom);
      if (this.#digestOn(live) === digest && covers(live, desired)) {
        this.#right.set(live, wanted);
        return live;
      }
    }
    const signed = this.#signed(desired, digest);
    const applied = live
      ? await this.#applyOver(resource, signed, live, owner)
      : await this.#applyNew(resource, signed, owner, heirloom);
    const kept = cache.observe(applied);
    this.#right.set(kept, wanted);
    return kept;
  }

  /**
   * Creates an object unless one of its name exists. Its content is never changed later; only the
   * labels of one that was not watched are put right, so that it is from then on. One without
   * an owner is ours if it has the labels of an `heirloom`.
   */
  async createOnce<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: CreatedOnce<T, S>,
    name: { readonly namespace: string; readonly name: string },
    owner: OwnerReference,
    build: () => T,
    heirloom?: HeirloomLabels,
  ): Promise<Live<S>> {
    const live = cache.get(makeKey(name.namespace, name.name));
    if (live) {
      mustBeOurs(live, owner, resource.kind, heirloom);
      return live;
    }
    const desired = build();
    try {
      return cache.observe(await this.#send.create(resource, desired));
    } catch (error) {
      if (!alreadyExists(error)) throw error;
      const found = await this.#foundOurs(resource, name, owner, error, heirloom);
      const labels = desired.metadata?.labels ?? {};
      if (covers(found.metadata.labels ?? {}, labels)) return cache.observe(found);
      return cache.observe(await this.#send.patch(resource, found, { metadata: { labels } }));
    }
  }

  /**
   * Changes fields of this very object, as it was last seen, that {@link apply} does not keep.
   * Returns the live object.
   */
  async patch<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: Patchable<T, S>,
    live: Live<S>,
    patch: MergePatch<T> | MergePatch<KubernetesObject>,
    subresource?: string,
  ): Promise<Live<S>> {
    return cache.observe(await this.#send.patch(resource, live, patch, subresource));
  }

  /** Writes the status of an object of ours when it differs. Returns whether it did. */
  async applyStatus<T extends KubernetesObject & { readonly status?: unknown }>(
    { resource, cache }: Tracked<T>,
    live: Live<T>,
    status: NonNullable<T["status"]>,
  ): Promise<boolean> {
    if (same(live.status, status)) return false;
    cache.observeStatus(await this.#send.applyStatus(resource, live, status), live);
    return true;
  }

  /**
   * Deletes this very object, as it was last seen. Returns it while it is only being deleted, as
   * with `Orphan` and `Foreground` until the garbage collector has done its part; the watch tells
   * when that is over. Undefined if it is gone.
   */
  async delete<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: Deletable<T, S>,
    live: Live<S>,
    propagation: PropagationPolicy = "Background",
  ): Promise<Live<S> | undefined> {
    const left = await this.#send.delete(resource, live, propagation);
    if (left) return cache.observe(left);
    cache.observeDeleted(keyOf(live), live.metadata.uid);
    return undefined;
  }

  async #applyOver<T extends KubernetesObject>(
    resource: Resource<T>,
    signed: T,
    live: Live<KubernetesObject>,
    owner: OwnerReference | undefined,
  ): Promise<Live<T>> {
    if (this.#mayBeOlder(live)) {
      // Who owns which field is not in the cache.
      const whole = await this.#api.get(resource, placeOf(signed));
      if (whole) await this.#takeOver(resource, whole, owner);
    }
    return await this.#send.applyOver(resource, signed, live.metadata.uid);
  }

  async #applyNew<T extends KubernetesObject>(
    resource: Resource<T>,
    signed: T,
    owner: OwnerReference | undefined,
    heirloom: HeirloomLabels | undefined,
  ): Promise<Live<T>> {
    try {
      return await this.#send.applyNew(resource, signed);
    } catch (error) {
      if (!alreadyExists(error)) throw error;
      const found = await this.#foundOurs(resource, placeOf(signed), owner, error, heirloom);
      if (this.#mayBeOlder(found)) await this.#takeOver(resource, found, owner);
      return await this.#send.applyOver(resource, signed, found.metadata.uid);
    }
  }

  /** Makes ours what former managers own of an object of ours. */
  async #takeOver<T extends KubernetesObject>(
    resource: Resource<T>,
    live: Live<T>,
    owner: OwnerReference | undefined,
  ): Promise<void> {
    mustBeOurs(live, owner, resource.kind);
    const { fieldManager, formerManagers: former = [] } = this.#options;
    const apiVersion = apiVersionOf(resource);
    const entries = live.metadata.managedFields ?? [];
    const managedFields = takenOver(entries, { apiVersion, fieldManager, former });
    if (managedFields) await this.#send.patch(resource, live, { metadata: { managedFields } });
  }

  /** Whether an object was never applied by us, and there is who may have written it before. */
  #mayBeOlder(live: KubernetesObject): boolean {
    return this.#digestOn(live) === undefined && this.#options.formerManagers !== undefined;
  }

  /** The object that is in the way, if it is ours: written before we could remember it. */
  async #foundOurs<T extends KubernetesObject>(
    resource: Resource<T>,
    name: { readonly namespace?: string | undefined; readonly name: string },
    owner: OwnerReference | undefined,
    conflict: unknown,
    heirloom?: HeirloomLabels,
  ): Promise<Live<T>> {
    const found = await this.#api.get(resource, name);
    if (!found) throw conflict;
    mustBeOurs(found, owner, resource.kind, heirloom);
    return found;
  }

  #signed<T extends KubernetesObject>(desired: T, digest: string): T {
    const { digestAnnotation } = this.#options;
    const annotations = { ...desired.metadata?.annotations, [digestAnnotation]: digest };
    return { ...desired, metadata: { ...desired.metadata, annotations } };
  }

  #digestOn(live: KubernetesObject): string | undefined {
    return live.metadata?.annotations?.[this.#options.digestAnnotation];
  }
}
