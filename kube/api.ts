// Typed access to objects: each call is one request.
//
// There is no call that replaces a whole object. Fields that this program does not know would
// be lost by one, and two writers would undo each other; what we write goes through server-side
// apply (see apply.ts), through create for what must not exist yet, and through patches.

import { unlessAborted } from "./abort.ts";
import type { Clock } from "./clock.ts";
import {
  ApiError,
  classify,
  ConnectionError,
  fromRejection,
  ProtocolError,
  unlessFailure,
} from "./errors.ts";
import type { MergePatch } from "./merge_patch.ts";
import type { KubernetesObject, Live } from "./object.ts";
import { Pending } from "./pending.ts";
import { type Location, pathOf, type Resource, type ResourceName } from "./resource.ts";
import type { RequestOptions, RestClient } from "./rest_client.ts";
import { acceptOf, type ListOptions, listQuery, type WatchOptions } from "./selection.ts";

/** How long a request may take, in milliseconds. The API server's own limit is 60 s. */
const REQUEST_TIMEOUT_MS = 65_000;

const ENDING = "the program ends";

/** One page of a list. */
export interface Page<T extends KubernetesObject> {
  readonly items: Live<T>[];
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last. */
  readonly continue?: string;
}

/** What must still be true of an object for it to be patched or deleted. */
export interface Preconditions {
  readonly uid: string;
  readonly resourceVersion?: string;
}

/** `Orphan` keeps dependents, `Background` lets them follow, `Foreground` waits for them. */
export type PropagationPolicy = "Orphan" | "Background" | "Foreground";

/** Options of a server-side apply. */
export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields over from other managers. @default true */
  readonly force?: boolean;
  readonly subresource?: string;
}

/** Is told of each answer: its HTTP status code, or 0 if there was none, and how long it took. */
export type RequestObserver = (method: string, code: number, ms: number) => void;

/** The API server, seen through a {@link RestClient}. Every failure is one of errors.ts. */
export class Api {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #answered: RequestObserver | undefined;
  readonly #pending: Pending;
  #closed = false;

  constructor(client: RestClient, clock: Clock, answered?: RequestObserver) {
    this.#client = client;
    this.#clock = clock;
    this.#answered = answered;
    this.#pending = new Pending(clock, REQUEST_TIMEOUT_MS);
  }

  /** Gives up every request that has no answer yet. Watches are ended by their own signals. */
  abortPending(why: string): void {
    this.#pending.giveUp(new ConnectionError(`given up: ${why}`));
  }

  /** The same, and refuses every later request. */
  close(): void {
    this.#closed = true;
    this.abortPending(ENDING);
  }

  /** Whether the API server says that it is ready. Never rejects. */
  async isReady(): Promise<boolean> {
    try {
      await this.#bounded({ method: "GET", path: "/readyz" });
      return true;
    } catch (error) {
      if (classify(error) === "bug") throw error;
      return false;
    }
  }

  /** The object, or undefined when it (or its namespace) does not exist. */
  async get<T extends KubernetesObject>(
    resource: Resource<T>,
    at: Location,
  ): Promise<Live<T> | undefined> {
    try {
      return await this.#object<T>({ method: "GET", path: pathOf(resource, at) });
    } catch (error) {
      if (error instanceof ApiError && error.httpCode === 404) return undefined;
      throw error;
    }
  }

  /** One page of a collection. `signal` gives the request up. */
  async list<T extends KubernetesObject>(
    resource: Resource<T>,
    options: ListOptions,
    signal?: AbortSignal,
  ): Promise<Page<T>> {
    const answer = await this.#json({
      method: "GET",
      path: pathOf(resource, { namespace: options.namespace }),
      querystring: listQuery(options),
      accept: acceptOf(options, "PartialObjectMetadataList"),
      ...(signal && { abortSignal: signal }),
    }) as { items?: Live<T>[] | null; metadata?: { resourceVersion?: string; continue?: string } };
    const { resourceVersion, continue: next } = answer.metadata ?? {};
    if (!resourceVersion) {
      throw new ProtocolError(`the list of ${resource.plural} has no resourceVersion`);
    }
    return { items: answer.items ?? [], resourceVersion, ...(next && { continue: next }) };
  }

  /** Creates an object that must not exist yet; a conflict error if it does. */
  create<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    fieldManager: string,
  ): Promise<Live<T>> {
    return this.#object<T>({
      method: "POST",
      path: pathOf(resource, { namespace: object.metadata?.namespace }),
      querystring: new URLSearchParams({ fieldManager }),
      bodyJson: object,
    });
  }

  /** Server-side apply: the object has the fields in `object`, and keeps those of others. */
  apply<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    options: ApplyOptions,
  ): Promise<Live<T>> {
    const query = new URLSearchParams({ fieldManager: options.fieldManager });
    if (options.force !== false) query.set("force", "true");
    return this.#object<T>({
      method: "PATCH",
      path: pathOf(resource, {
        namespace: object.metadata?.namespace,
        name: object.metadata?.name ?? "",
        ...(options.subresource && { subresource: options.subresource }),
      }),
      querystring: query,
      contentType: "application/apply-patch+yaml",
      bodyJson: object,
    });
  }

  /** JSON merge patch of an object, if the preconditions are true of it. */
  mergePatch<T extends KubernetesObject>(
    resource: Resource<T>,
    at: Location & { readonly name: string },
    patch: MergePatch<T> | MergePatch<KubernetesObject>,
    fieldManager: string,
    preconditions?: Preconditions,
  ): Promise<Live<T>> {
    return this.#object<T>({
      method: "PATCH",
      path: pathOf(resource, at),
      querystring: new URLSearchParams({ fieldManager }),
      contentType: "application/merge-patch+json",
      bodyJson: preconditions
        ? { ...patch, metadata: { ...patch.metadata, ...preconditions } }
        : patch,
    });
  }

  /**
   * Deletes the object that has this UID; one of the same name with another UID is a conflict
   * error and stays. Returns the object while something holds it, such as a finalizer or a grace
   * period: it then has a `deletionTimestamp`. Undefined when it is gone.
   */
  async delete<T extends KubernetesObject>(
    resource: Resource<T>,
    at: Location & { readonly name: string },
    preconditions: Preconditions,
    propagationPolicy: PropagationPolicy = "Background",
  ): Promise<Live<T> | undefined> {
    try {
      const answer = await this.#json({
        method: "DELETE",
        path: pathOf(resource, at),
        bodyJson: { kind: "DeleteOptions", apiVersion: "v1", preconditions, propagationPolicy },
      }) as Live<T> | null;
      // For what is gone the answer is a Status, or for some kinds the object as it last was.
      return answer?.metadata?.deletionTimestamp ? answer : undefined;
    } catch (error) {
      if (error instanceof ApiError && error.httpCode === 404) return undefined;
      throw error;
    }
  }

  /**
   * Opens a watch: a stream of bytes, one JSON event a line. The stream has no deadline of its
   * own; `signal` ends it.
   */
  async watch(
    resource: ResourceName,
    options: WatchOptions,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const query = listQuery(options);
    query.set("watch", "true");
    query.set("allowWatchBookmarks", "true");
    query.set("timeoutSeconds", String(options.timeoutSeconds));
    if (options.sendInitialEvents) query.set("sendInitialEvents", "true");
    const answer = await this.#streaming({
      method: "GET",
      path: pathOf(resource, { namespace: options.namespace }),
      querystring: query,
      accept: acceptOf(options, "PartialObjectMetadata"),
      expectStream: true,
      abortSignal: signal,
    });
    if (!(answer instanceof ReadableStream)) {
      unlessFailure(answer);
      throw new ProtocolError(`the watch of ${resource.plural} is not a stream`);
    }
    return answer;
  }

  #json(options: RequestOptions): Promise<unknown> {
    return this.#bounded({ ...options, expectJson: true });
  }

  /** Performs a request that ends with its deadline or with this client, whichever is first. */
  #bounded(options: RequestOptions): Promise<unknown> {
    if (this.#closed) return Promise.reject(new ConnectionError(`given up: ${ENDING}`));
    const { method, path, abortSignal } = options;
    const answer = this.#pending.during(
      `${method} ${path}`,
      abortSignal,
      (signal) => this.#client.performRequest({ ...options, abortSignal: signal }),
    );
    return this.#observed(method, answer);
  }

  async #object<T extends KubernetesObject>(options: RequestOptions): Promise<Live<T>> {
    const answer = await this.#json(options) as Partial<Live<T>> | null;
    if (!answer?.metadata?.resourceVersion) {
      throw new ProtocolError(`the answer to ${options.method} ${options.path} is not an object`);
    }
    return answer as Live<T>;
  }

  /** Opens a stream, which ends with the signal of who asked and with nothing else. */
  #streaming(options: RequestOptions): Promise<unknown> {
    const signal = options.abortSignal;
    const answer = unlessAborted(
      Promise.try(() => this.#client.performRequest(options)),
      signal,
      letGo,
    )
      .catch((error) => Promise.reject(signal?.aborted ? signal.reason : fromRejection(error)));
    return this.#observed(options.method, answer);
  }

  /** Tells the observer of an answer, and throws a failure that comes as one. */
  async #observed(method: string, answer: Promise<unknown>): Promise<unknown> {
    const began = this.#clock.now();
    const answered = (code: number) => this.#answered?.(method, code, this.#clock.now() - began);
    try {
      const given = unlessFailure(await answer);
      // The seam hides which kind of success it was.
      answered(200);
      return given;
    } catch (failure) {
      answered(failure instanceof ApiError ? failure.httpCode : 0);
      throw failure;
    }
  }
}

/** An answer that comes when nobody waits for it any more must not keep its connection. */
function letGo(answer: unknown): void {
  // A stream that failed rejects its own cancellation; nobody misses it.
  if (answer instanceof ReadableStream) answer.cancel().catch(() => {});
}
