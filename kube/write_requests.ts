// The requests that write, each about one very object, counted.
//
// No write reaches another object than the one that it was decided for: what is new must not
// exist yet, and what exists is named by its UID, and by its version where a field is replaced
// or the whole object ends. Whether to write at all is decided elsewhere (apply.ts).

import type { Api, PropagationPolicy } from "./api.ts";
import { ApiError } from "./errors.ts";
import type { MergePatch } from "./merge_patch.ts";
import type { KubernetesObject, Live } from "./object.ts";
import { isAnotherObject } from "./ownership.ts";
import { apiVersionOf, type Resource } from "./resource.ts";

/** No object has this version. It is ignored by a create and refused where something is. */
const NEVER_A_VERSION = "1";

/** Sends writes under one field manager. */
export class WriteRequests {
  readonly #api: Api;
  readonly #fieldManager: string;
  #sent = 0;

  constructor(api: Api, fieldManager: string) {
    this.#api = api;
    this.#fieldManager = fieldManager;
  }

  /** How many were sent. */
  get sent(): number {
    return this.#sent;
  }

  create<T extends KubernetesObject>(resource: Resource<T>, object: T): Promise<Live<T>> {
    this.#sent++;
    return this.#api.create(resource, object, this.#fieldManager);
  }

  /** Applies an object that must not exist yet. */
  applyNew<T extends KubernetesObject>(resource: Resource<T>, object: T): Promise<Live<T>> {
    return this.#apply(resource, object, { resourceVersion: NEVER_A_VERSION });
  }

  /** Applies to the object with this UID. */
  async applyOver<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    uid: string,
  ): Promise<Live<T>> {
    try {
      return await this.#apply(resource, object, { uid });
    } catch (error) {
      throw isAnotherObject(error) ? new ApiError({ ...error.status, code: 409 }, 409) : error;
    }
  }

  /** Applies the status of this very object. */
  applyStatus<T extends KubernetesObject & { readonly status?: unknown }>(
    resource: Resource<T>,
    { metadata: { name, namespace, uid } }: Live<T>,
    status: NonNullable<T["status"]>,
  ): Promise<Live<T>> {
    const object: KubernetesObject & { readonly status: unknown } = {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: { name, uid, ...(namespace && { namespace }) },
      status,
    };
    const options = { fieldManager: this.#fieldManager, subresource: "status" };
    this.#sent++;
    return this.#api.apply(resource, object as unknown as T, options);
  }

  /** Patches this very object as it was seen. */
  patch<T extends KubernetesObject>(
    resource: Resource<T>,
    seen: Live<KubernetesObject>,
    patch: MergePatch<T> | MergePatch<KubernetesObject>,
    subresource?: string,
  ): Promise<Live<T>> {
    const { uid, resourceVersion } = seen.metadata;
    const seenAs = { uid, resourceVersion };
    this.#sent++;
    const at = { ...placeOf(seen), ...(subresource && { subresource }) };
    return this.#api.mergePatch(resource, at, patch, this.#fieldManager, seenAs);
  }

  /** Deletes this very object as it was seen. Returns what is left of it, if anything. */
  delete<T extends KubernetesObject>(
    resource: Resource<T>,
    seen: Live<KubernetesObject>,
    propagation: PropagationPolicy,
  ): Promise<Live<T> | undefined> {
    const { uid, resourceVersion } = seen.metadata;
    this.#sent++;
    return this.#api.delete(resource, placeOf(seen), { uid, resourceVersion }, propagation);
  }

  #apply<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    precondition: { readonly uid: string } | { readonly resourceVersion: string },
  ): Promise<Live<T>> {
    const metadata = { ...object.metadata, ...precondition };
    this.#sent++;
    return this.#api.apply(resource, { ...object, metadata }, { fieldManager: this.#fieldManager });
  }
}

/** Where an object is in the API. */
export function placeOf({ metadata }: KubernetesObject) {
  return { name: metadata?.name ?? "", namespace: metadata?.namespace };
}
