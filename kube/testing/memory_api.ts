// A small API server in memory, for tests of what talks to one all the time.
//
// It knows objects, versions, lists in pages, watches with history, preconditions and the parts
// of server-side apply in memory_apply.ts. It has no schemas, no defaults and no garbage collector;
// what depends on those is for tests against a real API server, or is done by the test.

import type { Clock } from "../clock.ts";
import { digestOf } from "../digest.ts";
import { isNewer } from "../object.ts";
import type { RequestOptions, RestClient } from "../rest_client.ts";
import { ByteFeed } from "./byte_feed.ts";
import {
  type Address,
  addressOf,
  collectionOf,
  keyOf,
  type Selector,
  selector,
  type Stored,
} from "./memory_address.ts";
import { type Json, merged } from "./memory_apply.ts";
import { failure, rejection } from "./statuses.ts";

interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly collection: string;
  readonly object: Stored;
}

interface Watcher {
  readonly selects: Selector;
  readonly feed: ByteFeed;
}

/** A {@link RestClient} that is its own server. Several clients may share one. */
export class MemoryApi implements RestClient {
  readonly #clock: Clock;
  readonly #objects = new Map<string, Stored>();
  /** By object and field manager: what that manager applied last. */
  readonly #applied = new Map<string, Json>();
  readonly #history: Change[] = [];
  readonly #watchers = new Set<Watcher>();
  #version = 100;
  #oldest = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The object at a path, as it is now. */
  read(path: string): Stored | undefined {
    return this.#objects.get(keyOf(addressOf(path)));
  }

  /** Somebody else writes: fields that are in `content` replace those that are there. */
  put(path: string, content: Record<string, unknown>): Stored {
    const address = addressOf(path);
    return this.#store(address, { ...this.read(path), ...content });
  }

  /** Somebody else deletes. */
  remove(path: string): void {
    this.#remove(addressOf(path));
  }

  /** Forgets all history: who watches from an older version gets 410. */
  compact(): void {
    this.#oldest = this.#version;
    this.#history.length = 0;
  }

  async performRequest(options: RequestOptions): Promise<unknown> {
    options.abortSignal?.throwIfAborted();
    // An answer takes a turn, as over a network.
    await Promise.resolve();
    if (options.path === "/readyz") return new TextEncoder().encode("ok");
    const address = addressOf(options.path);
    const query = options.querystring ?? new URLSearchParams();
    if (options.expectStream) return this.#watch(address, query, options.abortSignal);
    return structuredClone(this.#perform(options, address, query));
  }

  #perform(options: RequestOptions, address: Address, query: URLSearchParams): unknown {
    const body = (options.bodyJson ?? {}) as Stored;
    switch (options.method) {
      case "GET":
        return address.name ? this.#found(address) : this.#list(address, query);
      case "POST": {
        const created = { ...address, name: body.metadata.name };
        if (this.#objects.has(keyOf(created))) throw refused(409, "AlreadyExists");
        return this.#store(created, body);
      }
      case "PATCH":
        return options.contentType === "application/apply-patch+yaml"
          ? this.#apply(address, body, query.get("fieldManager") ?? "")
          : this.#mergePatch(address, body);
      case "DELETE": {
        const { preconditions = {}, propagationPolicy = "" } = options.bodyJson as DeleteOptions;
        mustMatch(this.#found(address), preconditions);
        return this.#delete(address, HOLDS[propagationPolicy]) ??
          { kind: "Status", status: "Success" };
      }
      default:
        throw refused(405, "MethodNotAllowed");
    }
  }

  #found(address: Address): Stored {
    const object = this.#objects.get(keyOf(address));
    if (!object) throw refused(404, "NotFound");
    return object;
  }

  #list(address: Address, query: URLSearchParams): unknown {
    const selects = selector(address, query);
    const all = [...this.#objects].filter(([key, object]) => selects(collectionOf(key), object))
      .map(([, object]) => object);
    const start = Number(query.get("continue") ?? 0);
    const end = start + Number(query.get("limit") ?? all.length);
    const next = end < all.length ? { continue: String(end) } : {};
    return {
      kind: "List",
      metadata: { resourceVersion: String(this.#version), ...next },
      items: all.slice(start, end),
    };
  }

  #mergePatch(address: Address, patch: Stored): Stored {
    const live = this.#found(address);
    mustMatch(live, patch.metadata ?? {});
    return this.#store(address, mergePatched(live, patch) as Stored);
  }

  #apply(address: Address, body: Stored, manager: string): Stored {
    const key = keyOf(address);
    const live = this.#objects.get(key);
    const { uid, resourceVersion, ...metadata } = body.metadata;
    if (live) mustMatch(live, { uid, resourceVersion });
    else if (uid !== undefined) throw refused(409, "Conflict");
    else if (address.subresource) throw refused(404, "NotFound");
    const { status, ...main } = body;
    const desired = address.subresource ? { [address.subresource]: status } : { ...main, metadata };
    const field = `${key} ${manager} ${address.subresource ?? ""}`;
    const next = merged(live, this.#applied.get(field), desired as Json) as unknown as Stored;
    this.#applied.set(field, desired as Json);
    if (live && digestOf(live) === digestOf(next)) return live;
    return this.#store(address, next);
  }

  /** Ends an object, or marks it if something holds it; then it is returned. */
  #delete(address: Address, hold: string | undefined): Stored | undefined {
    const { metadata, ...rest } = this.#found(address);
    const finalizers = [...metadata.finalizers ?? [], ...(hold ? [hold] : [])];
    if (finalizers.length === 0) {
      this.#remove(address);
      return undefined;
    }
    const deletionTimestamp = new Date(this.#clock.now()).toISOString();
    return this.#store(address, {
      ...rest,
      metadata: { ...metadata, finalizers, deletionTimestamp },
    });
  }

  #store(address: Address, content: Record<string, unknown>): Stored {
    const key = keyOf(address);
    const old = this.#objects.get(key);
    const version = ++this.#version;
    const given = content.metadata as Record<string, unknown> | undefined;
    const generation = Number(old?.metadata.generation ?? 0);
    const same = old !== undefined && digestOf(old.spec) === digestOf(content.spec);
    const object: Stored = {
      ...content,
      metadata: {
        ...given,
        name: address.name ?? "",
        ...(address.namespace && { namespace: address.namespace }),
        uid: old?.metadata.uid ?? `uid-${version}`,
        generation: same ? generation : generation + 1,
        resourceVersion: String(version),
      },
    };
    this.#objects.set(key, object);
    if (object.metadata.deletionTimestamp && !object.metadata.finalizers?.length) {
      this.#remove(address);
      return object;
    }
    this.#tell({ type: old ? "MODIFIED" : "ADDED", collection: address.collection, object });
    return object;
  }

  #remove(address: Address): void {
    const key = keyOf(address);
    const object = this.#found(address);
    this.#objects.delete(key);
    for (const field of this.#applied.keys()) {
      if (field.startsWith(`${key} `)) this.#applied.delete(field);
    }
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    this.#tell({
      type: "DELETED",
      collection: address.collection,
      object: { ...object, metadata },
    });
  }

  #tell(change: Change): void {
    this.#history.push(change);
    const { type, collection, object } = change;
    for (const { selects, feed } of this.#watchers) {
      if (selects(collection, object)) feed.lines({ type, object });
    }
  }

  #watch(
    address: Address,
    query: URLSearchParams,
    signal: AbortSignal | undefined,
  ): ReadableStream<Uint8Array> {
    const watcher = { selects: selector(address, query), feed: new ByteFeed() };
    const { selects, feed } = watcher;
    const from = query.get("resourceVersion");
    if (query.get("sendInitialEvents") === "true") {
      for (const [key, object] of this.#objects) {
        if (selects(collectionOf(key), object)) feed.lines({ type: "ADDED", object });
      }
      const annotations = { "k8s.io/initial-events-end": "true" };
      const metadata = { resourceVersion: String(this.#version), annotations };
      feed.lines({ type: "BOOKMARK", object: { metadata } });
    } else {
      if (Number(from ?? 0) < this.#oldest) throw rejection(failure(410));
      for (const { type, collection, object } of this.#history) {
        const isLater = isNewer(object.metadata.resourceVersion, from ?? "0");
        if (isLater && selects(collection, object)) feed.lines({ type, object });
      }
    }
    this.#watchers.add(watcher);
    const leave = () => {
      this.#watchers.delete(watcher);
      timer[Symbol.dispose]();
    };
    const seconds = Number(query.get("timeoutSeconds") ?? 300);
    const timer = this.#clock.timer(seconds * 1000, () => {
      leave();
      feed.end();
    });
    signal?.addEventListener("abort", () => {
      leave();
      feed.fail(signal.reason);
    }, { once: true });
    return feed.stream;
  }
}

interface DeleteOptions {
  readonly preconditions?: Partial<Stored["metadata"]>;
  readonly propagationPolicy?: string;
}

/** The finalizers with which a deletion waits for the garbage collector. */
const HOLDS: Readonly<Record<string, string>> = {
  Orphan: "orphan",
  Foreground: "foregroundDeletion",
};

function mustMatch(live: Stored, { uid, resourceVersion }: Partial<Stored["metadata"]>): void {
  const { metadata } = live;
  if (uid !== undefined && uid !== metadata.uid) throw refused(409, "Conflict");
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw refused(409, "Conflict");
  }
}

const refused = (code: number, reason: string) => rejection(failure(code, { reason }));

/** RFC 7386. */
function mergePatched(live: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof live === "object" && live !== null && !Array.isArray(live);
  const result: Record<string, unknown> = isObject ? { ...live } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = mergePatched(result[field], value);
  }
  return result;
}
