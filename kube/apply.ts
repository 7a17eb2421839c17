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
// An object that has our name but is not ours is never touched: the first apply carries a
// resourceVersion that no object can have, which the API server ignores when it creates and
// refuses when something is already there.

import type { Api, PropagationPolicy } from "./api.ts";
import { covers, same } from "./covers.ts";
import { digestOf } from "./digest.ts";
import { ApiError, type Classified } from "./errors.ts";
import {
  controllerOf,
  keyOf,
  type KubernetesObject,
  type Live,
  makeKey,
  type OwnerReference,
} from "./object.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import type { Applied, CreatedOnce, Tracked } from "./tracked.ts";

/** An object of the name we need exists and belongs to somebody else. */
export class NotOursError extends Error implements Classified {
  override readonly name = "NotOursError";
  readonly errorClass = "invalid";

  constructor(readonly kind: string, readonly objectName: string, owner: string) {
    super(
      `${kind} "${objectName}" exists and is not managed by this operator (${owner}); ` +
        `it is left as it is. Rename or delete it to go on`,
    );
  }
}

/** No object has this version; see the header. */
const NEVER_A_VERSION = "1";

/** Writes under one field manager. */
export class Writer {
  readonly #api: Api;
  readonly #fieldManager: string;
  readonly #digestAnnotation: string;
  /** Live objects that are known to be as we want them, by identity. */
  #right = new WeakMap<object, string>();
  #writes = 0;

  /** `digestAnnotation` is where the digest of what was applied is kept on each object. */
  constructor(api: Api, fieldManager: string, digestAnnotation: string) {
    this.#api = api;
    this.#fieldManager = fieldManager;
    this.#digestAnnotation = digestAnnotation;
  }

  /** How many writes were sent. */
  get writes(): number {
    return this.#writes;
  }

  /** The same writer with a count of its own. */
  session(): Writer {
    const session = new Writer(this.#api, this.#fieldManager, this.#digestAnnotation);
    session.#right = this.#right;
    return session;
  }

  /**
   * Makes an object be as desired. Its controller owner must be the one that `desired` names;
   * otherwise it is not ours and {@link NotOursError} is thrown. Returns the live object.
   */
  async apply<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: Applied<T, S>,
    desired: T,
  ): Promise<Live<S>> {
    const owner = controllerOf(desired);
    const digest = digestOf(desired);
    const live = cache.get(keyOf(desired));
    if (live) {
      if (this.#right.get(live) === digest) return live;
      mustBeOurs(live, owner, resource.kind);
      if (this.#digestOn(live) === digest && covers(live, desired)) {
        this.#right.set(live, digest);
        return live;
      }
    }
    const applied = live
      ? await this.#applyOver(resource, desired, digest, live.metadata.uid)
      : await this.#applyNew(resource, desired, digest, owner);
    const kept = cache.observe(applied);
    this.#right.set(kept, digest);
    return kept;
  }

  /** Creates an object unless one of its name exists. Its content is never changed later. */
  async createOnce<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: CreatedOnce<T, S>,
    name: { readonly namespace: string; readonly name: string },
    owner: OwnerReference,
    build: () => T,
  ): Promise<Live<S>> {
    const live = cache.get(makeKey(name.namespace, name.name));
    if (live) {
      mustBeOurs(live, owner, resource.kind);
      return live;
    }
    try {
      this.#writes++;
      return cache.observe(await this.#api.create(resource, build(), this.#fieldManager));
    } catch (error) {
      if (!alreadyExists(error)) throw error;
      return cache.observe(await this.#foundOurs(resource, name, owner, error));
    }
  }

  /** Writes the status of an object of ours when it differs. Returns whether it did. */
  async applyStatus<T extends KubernetesObject & { readonly status?: unknown }>(
    { resource, cache }: Tracked<T>,
    live: Live<T>,
    status: NonNullable<T["status"]>,
  ): Promise<boolean> {
    if (same(live.status, status)) return false;
    const { name, namespace, uid } = live.metadata;
    const patch: KubernetesObject & { readonly status: unknown } = {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      // With the UID a status can never reach a later object of the same name.
      metadata: { name, uid, ...(namespace && { namespace }) },
      status,
    };
    const options = { fieldManager: this.#fieldManager, subresource: "status" };
    this.#writes++;
    cache.observeStatus(await this.#api.apply(resource, patch as unknown as T, options), live);
    return true;
  }

  /** Deletes this very object, as it was last seen. Returns false if it was already gone. */
  async delete<T extends KubernetesObject, S extends KubernetesObject>(
    { resource, cache }: Tracked<T, S>,
    live: Live<S>,
    propagation: PropagationPolicy = "Background",
  ): Promise<boolean> {
    const { name, namespace, uid, resourceVersion } = live.metadata;
    const at = { name, ...(namespace && { namespace }) };
    this.#writes++;
    const deleted = await this.#api.delete(resource, at, { uid, resourceVersion }, propagation);
    cache.observeDeleted(keyOf(live), uid);
    return deleted;
  }

  async #applyOver<T extends KubernetesObject>(
    resource: Resource<T>,
    desired: T,
    digest: string,
    uid: string,
  ): Promise<Live<T>> {
    try {
      return await this.#send(resource, desired, digest, { uid });
    } catch (error) {
      throw isAnotherObject(error) ? new ApiError({ ...error.status, code: 409 }, 409) : error;
    }
  }

  async #applyNew<T extends KubernetesObject>(
    resource: Resource<T>,
    desired: T,
    digest: string,
    owner: OwnerReference | undefined,
  ): Promise<Live<T>> {
    try {
      return await this.#send(resource, desired, digest, { resourceVersion: NEVER_A_VERSION });
    } catch (error) {
      if (!alreadyExists(error)) throw error;
      const name = { namespace: desired.metadata?.namespace, name: desired.metadata?.name ?? "" };
      const found = await this.#foundOurs(resource, name, owner, error);
      return await this.#applyOver(resource, desired, digest, found.metadata.uid);
    }
  }

  #send<T extends KubernetesObject>(
    resource: Resource<T>,
    desired: T,
    digest: string,
    precondition: { readonly uid: string } | { readonly resourceVersion: string },
  ): Promise<Live<T>> {
    const annotations = { ...desired.metadata?.annotations, [this.#digestAnnotation]: digest };
    const metadata = { ...desired.metadata, annotations, ...precondition };
    const options = { fieldManager: this.#fieldManager };
    this.#writes++;
    return this.#api.apply(resource, { ...desired, metadata }, options);
  }

  /** The object that is in the way, if it is ours: written before we could remember it. */
  async #foundOurs<T extends KubernetesObject>(
    resource: Resource<T>,
    name: { readonly namespace?: string | undefined; readonly name: string },
    owner: OwnerReference | undefined,
    conflict: unknown,
  ): Promise<Live<T>> {
    const found = await this.#api.get(resource, name);
    if (!found) throw conflict;
    mustBeOurs(found, owner, resource.kind);
    return found;
  }

  #digestOn(live: KubernetesObject): string | undefined {
    return live.metadata?.annotations?.[this.#digestAnnotation];
  }
}

function mustBeOurs(
  live: Live<KubernetesObject>,
  owner: OwnerReference | undefined,
  kind: string,
): void {
  if (owner === undefined) return;
  const actual = controllerOf(live);
  if (actual?.uid === owner.uid) return;
  const who = actual ? `its controller is ${actual.kind} "${actual.name}"` : "it has no controller";
  throw new NotOursError(kind, live.metadata.name, who);
}

/** The UID that we named is not that of the object: it has been deleted and made again. */
function isAnotherObject(error: unknown): error is ApiError {
  return error instanceof ApiError &&
    (error.status.details?.causes?.some(({ field }) => field === "metadata.uid") ?? false);
}

function alreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.httpCode === 409;
}
