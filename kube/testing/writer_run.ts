// A writer at an API server in memory, and the one thing that it writes.

import { Api } from "../api.ts";
import { Writer, type WriterOptions } from "../apply.ts";
import { Cache } from "../cache.ts";
import type { OwnerReference } from "../object.ts";
import type { Applied, CreatedOnce } from "../tracked.ts";
import { watch } from "../watch.ts";
import { FaultClient } from "./fault_client.ts";
import { MemoryApi } from "./memory_api.ts";
import { type Thing, things } from "./things.ts";
import { VirtualClock } from "./virtual_clock.ts";

export const PATH = "/apis/test.example/v1/namespaces/default/things/a";
export const DIGEST = "test.example/applied";
export const NAME = { namespace: "default", name: "a" };

export const owner = (uid: string): OwnerReference => ({
  ...{ apiVersion: "test.example/v1", kind: "Owner", name: "o", uid, controller: true },
});
export const OURS = owner("our-owner");

export const wanted = (spec: Thing["spec"], metadata = {}): Thing => ({
  apiVersion: "test.example/v1",
  kind: "Thing",
  metadata: { ...NAME, ownerReferences: [OURS], ...metadata },
  ...(spec && { spec }),
});

/** A server, the writer, and a cache that follows the server when it is told. */
export function writing(options: Partial<WriterOptions> = {}) {
  const clock = new VirtualClock();
  const server = new MemoryApi(clock);
  const client = new FaultClient(server);
  const api = new Api(client, clock);
  const cache = new Cache<Thing>();
  const all = { fieldManager: "operator", digestAnnotation: DIGEST, ...options };
  return {
    server,
    client,
    clock,
    writer: new Writer(api, all),
    /** The writer after a restart of the program. */
    restarted: () => new Writer(api, all),
    applied: { resource: things, cache, use: "apply" } satisfies Applied<Thing>,
    /** Somebody else's things, which we may patch and delete. */
    theirs: { resource: things, cache, use: "patch", deletes: true } as const,
    once: { resource: things, cache, use: "create" } satisfies CreatedOnce<Thing>,
    /** Lets the cache see everything that there is. */
    async catchUp() {
      const abort = new AbortController();
      const source = { api: new Api(server, clock), resource: things, clock, random: () => 0.5 };
      const following = cache.follow(watch(source, abort.signal));
      await clock.settle();
      abort.abort();
      await following;
    },
  };
}

export const specOf = (server: MemoryApi) => server.read(PATH)?.spec;
